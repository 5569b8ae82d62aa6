using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ContactCenter.Testing;

/// <summary>
/// A throw-away PostgreSQL cluster from the binaries on this machine: loopback only, a random port, fsync on,
/// data in a temporary directory. It goes away with this process, also when that is killed.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly string directory;
    private readonly int port;
    private Process? guard;

    private PostgresCluster(string binaries, string directory, int port)
    {
        Binaries = binaries;
        this.directory = directory;
        this.port = port;
    }

    /// <summary>Where <c>postgres</c>, <c>pg_dump</c> and <c>pgbench</c> are.</summary>
    public string Binaries { get; }

    /// <summary>Creates and starts a cluster of its own.</summary>
    /// <param name="settings">Server settings beyond the defaults, <c>name=value</c>.</param>
    public static async Task<PostgresCluster> StartAsync(params string[] settings)
    {
        var binaries = FindBinaries();
        var data = Path.Combine(Path.GetTempPath(), "contactcenter-pg-" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));
        var cluster = new PostgresCluster(binaries, data, FreePort());
        await cluster.InitializeAsync(settings);
        return cluster;
    }

    /// <summary>The connection string of one database in this cluster.</summary>
    public string ConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = "postgres",
        Database = database,
        IncludeErrorDetail = true,
        Timeout = 5,
    }.ConnectionString;

    /// <summary>Starts the server (again) and waits until it accepts connections; what is left of a killed one may hold its memory for a moment.</summary>
    public async Task StartServerAsync()
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(200))
        {
            try
            {
                await RunAsync(Path.Combine(Binaries, "pg_ctl"), "-D", directory, "-w", "-t", "60", "-l", Path.Combine(directory, "server.log"), "start");
                return;
            }
            catch (InvalidOperationException) when (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1))
            {
            }
        }
    }

    /// <summary>kill -9 of the server: as if the machine had lost its power, except for the disk's cache.</summary>
    public async Task KillServerAsync()
    {
        using var postmaster = Process.GetProcessById(await PostmasterAsync());
        postmaster.Kill();
        await postmaster.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>kill -9 of one connection's process; the server then restarts all of them.</summary>
    public static void KillBackend(int processId)
    {
        using var backend = Process.GetProcessById(processId);
        backend.Kill();
    }

    /// <summary>Runs a PostgreSQL client program against one database and gives its output.</summary>
    public Task<string> RunClientAsync(string program, string database, params string[] arguments) => RunAsync(
        Path.Combine(Binaries, program),
        ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", .. arguments, database]);

    /// <summary>Processor time that the server has used so far, with that of connections that are closed; from Linux's <c>/proc</c>.</summary>
    public async Task<TimeSpan> ProcessorTimeAsync()
    {
        const int TicksPerSecond = 100;
        var postmaster = await PostmasterAsync();
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            if (StatusOf(folder) is not { } fields)
                continue;
            // Of the server itself also the time of children that have ended.
            if (fields[0] == postmaster)
                ticks += fields[1] + fields[2] + fields[3] + fields[4];
            else if (fields[5] == postmaster)
                ticks += fields[1] + fields[2];
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (guard is not { } running)
            return;
        guard = null;
        running.StandardInput.Close();
        await running.WaitForExitAsync().WaitAsync(Patience);
        running.Dispose();
    }

    private async Task InitializeAsync(string[] settings)
    {
        await RunAsync(Path.Combine(Binaries, "initdb"), "-D", directory, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync");
        // The guard outlives a killed test run by a moment: its input closes, it stops the server and clears up.
        guard = Start("/bin/sh", "-c", "cat >/dev/null; \"$0\" -D \"$1\" -m immediate stop >/dev/null 2>&1; rm -rf \"$1\"", Path.Combine(Binaries, "pg_ctl"), directory);
        string[] defaults =
        [
            $"port={port}", "listen_addresses='127.0.0.1'", "unix_socket_directories=''", "max_connections=400",
            "shared_buffers=512MB", "max_wal_size=4GB", "jit=off", "log_min_messages=fatal", "timezone='UTC'",
        ];
        var file = Path.Combine(directory, "postgresql.auto.conf");
        await RunAsync("/bin/sh", ["-c", "printf '%s\\n' \"$@\" >> \"$0\"", file, .. defaults, .. settings]);
        await StartServerAsync();
    }

    private async Task<int> PostmasterAsync()
    {
        var pid = await RunAsync("/bin/sh", "-c", "head -1 \"$0\"", Path.Combine(directory, "postmaster.pid"));
        return int.Parse(pid, CultureInfo.InvariantCulture);
    }

    // Process id, user and system time, those of ended children, parent; null if the process has gone.
    private static long[]? StatusOf(string folder)
    {
        try
        {
            var status = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            int[] wanted = [11, 12, 13, 14, 1];
            return [long.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture), .. wanted.Select(i => long.Parse(fields[i], CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{Path.GetFileName(program)} failed ({process.ExitCode}): {await error}{output}");
    }

    private static Process Start(string program, params string[] arguments)
    {
        // PostgreSQL refuses to run as root.
        string[] command = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", program, .. arguments] : [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static string FindBinaries()
    {
        const string Debian = "/usr/lib/postgresql";
        var newest = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian)
                .Where(d => File.Exists(Path.Combine(d, "bin", "initdb")))
                .MaxBy(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
            : null;
        return newest is null
            ? throw new InvalidOperationException(
                "No PostgreSQL found for the tests: apt-get install postgresql, or set CONTACTCENTER_TEST_DB to a server's connection string.")
            : Path.Combine(newest, "bin");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
