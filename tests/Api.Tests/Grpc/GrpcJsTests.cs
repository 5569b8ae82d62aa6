using System.Diagnostics;
using System.Text.Json;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>Runs grpc-js/suite.mjs once against the service; each of its cases is one row.</summary>
[Collection(ApiTests.Name)]
public sealed class GrpcJsTests(TestApi api)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static Task<Dictionary<string, string?>>? results;

    private static readonly string[] Names =
    [
        "a chat from offer to wrap-up", "a call with whisper, hold and recording", "resume after a cut", "the newer connection wins",
        "a refused command is an ack, a bad beginning ends the stream", "watch sessions and events", "nothing without a token but health",
        "reflection names the services", "a deadline ends a stream",
    ];

    public static TheoryData<string> Cases => new(Names);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_JavaScript_client_succeeds_in(string name)
    {
        var all = await (results ??= RunAsync());
        all.Keys.ShouldBe(Names, ignoreOrder: true);
        all[name].ShouldBeNull();
    }

    private async Task<Dictionary<string, string?>> RunAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "Api.Tests", "grpc-js");
        if (!File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json")))
            await RunAsync(folder, "npm", "ci", "--no-fund", "--no-audit");
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        var output = await RunAsync(
            folder, "node", "suite.mjs", $"{api.Grpc.Port}", $"{api.Rest}", AdapterClient.TokenOf(agent), AdapterClient.TokenOf(api.Admin), $"{queue}");
        Dictionary<string, string?> found = new(StringComparer.Ordinal);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')))
        {
            using var result = JsonDocument.Parse(line);
            found[result.RootElement.GetProperty("name").GetString()!] = result.RootElement.GetProperty("error").GetString();
        }

        return found;
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
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

        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}: {await errors}");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ContactCenter.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
