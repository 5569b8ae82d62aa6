using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Crash;

/// <summary>The built service as a process of its own, to be killed; it goes away with this one, also when that is killed.</summary>
internal sealed class ApiProcess(string database) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string folder = Directory.CreateTempSubdirectory("contactcenter-crash-").FullName;
    private readonly int httpPort = FreePort();
    private readonly int grpcPort = FreePort();
    private Process? guard;

    public Uri Rest => new($"http://127.0.0.1:{httpPort}");

    public Uri Grpc => new($"http://127.0.0.1:{grpcPort}");

    /// <summary>What the service wrote.</summary>
    public string Log => Path.Combine(folder, "api.log");

    public string Recordings => Path.Combine(folder, "recordings");

    public int ProcessId { get; private set; }

    /// <summary>Starts it (again), and waits until it is ready.</summary>
    public async Task StartAsync()
    {
        guard?.Dispose();
        // The guard's input closes when this process ends, however it does.
        string[] command =
        [
            "-c", "\"$@\" >>\"$0\" 2>&1 & echo $!; cat >/dev/null; kill -9 $! 2>/dev/null", Log,
            "dotnet", Path.Combine(AppContext.BaseDirectory, "ContactCenter.Api.dll"),
            $"--CONTACTCENTER_DB={database}", $"--CONTACTCENTER_DATA={folder}", $"--CONTACTCENTER_HTTP_PORT={httpPort}", $"--CONTACTCENTER_GRPC_PORT={grpcPort}",
            $"--CONTACTCENTER_ADMIN_PASSWORD={TestApi.AdminPassword}", "--Logging:LogLevel:Default=Warning",
        ];
        var start = new ProcessStartInfo("/bin/sh", command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        guard = Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
        ProcessId = int.Parse((await guard.StandardOutput.ReadLineAsync().WaitAsync(Patience))!, CultureInfo.InvariantCulture);
        using var client = new HttpClient { BaseAddress = Rest };
        await Eventually.TrueAsync(() => IsReadyAsync(client), TimeSpan.FromSeconds(60), "ready");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        using var api = Process.GetProcessById(ProcessId);
        api.Kill();
        await api.WaitForExitAsync().WaitAsync(Patience);
        guard!.StandardInput.Close();
    }

    public async ValueTask DisposeAsync()
    {
        if (guard is { } last)
        {
            last.StandardInput.Close();
            await last.WaitForExitAsync().WaitAsync(Patience);
            last.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
