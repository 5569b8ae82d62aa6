using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ContactCenter.Rpc.Tests;

/// <summary>Runs grpc-js/suite.mjs once against a server; each of its cases is one row.</summary>
public sealed class GrpcJsTests(GrpcJsTests.Suite suite) : IClassFixture<GrpcJsTests.Suite>
{
    private static readonly string[] Names =
    [
        "unary", "client streaming", "server streaming", "duplex streaming", "status with details and trailers", "status after messages",
        "an exception stays on the server", "unknown service", "deadline of a unary call", "deadline of a stream reaches the server",
        "cancel reaches the server", "metadata with texts and bytes", "three megabytes both ways", "an oversize message is refused", "gzip both ways",
        "an unknown compression is unimplemented", "a slow reader holds back its own stream only", "thirty-two callers at once",
        "keep-alive pings are answered", "health check", "health watch", "reflection v1", "reflection v1alpha",
    ];

    public static TheoryData<string> Cases => new(Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_JavaScript_client_succeeds_in(string name)
    {
        suite.Results.ShouldContainKey(name, suite.Output);
        suite.Results[name].ShouldBeNull();
    }

    [Fact]
    public void Every_case_of_the_suite_is_listed_here() =>
        suite.Results.Keys.ShouldBe(Names, ignoreOrder: true, suite.Output);

    public sealed class Suite : IAsyncLifetime
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

        /// <summary>The error of each case that ran; null where it passed.</summary>
        public Dictionary<string, string?> Results { get; } = new(StringComparer.Ordinal);

        public string Output { get; private set; } = "";

        public async Task InitializeAsync()
        {
            var folder = Path.Combine(RepositoryRoot(), "tests", "Rpc.Tests", "grpc-js");
            if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
                await RunAsync(folder, "npm", "ci", "--no-fund", "--no-audit");
            await using var server = await RpcServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
            var health = server.App.Services.GetRequiredService<IHealthStatus>();
            server.Log.OnAsked("serve changing", () => health.Set("changing", ServingStatus.Serving));
            Output = await RunAsync(folder, "node", "suite.mjs", $"{new Uri(server.Address).Port}");
            foreach (var line in Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')))
            {
                using var result = JsonDocument.Parse(line);
                Results[result.RootElement.GetProperty("name").GetString()!] = result.RootElement.GetProperty("error").GetString();
            }
        }

        public Task DisposeAsync() => Task.CompletedTask;

        private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Start(start);
            using var patience = new CancellationTokenSource(Patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{program} {arguments[0]} did not end within {Patience}.", e);
            }
            return process.ExitCode == 0
                ? await output
                : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {await errors}{await output}");
        }

        private static Process Start(ProcessStartInfo start)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e)
            {
                throw new InvalidOperationException($"These tests need Node.js 18 or later with npm: {start.FileName} cannot be started. ./test installs it.", e);
            }
        }

        private static string RepositoryRoot()
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ContactCenter.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }
    }
}
