using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace ContactCenter.Benchmarks;

/// <summary>
/// 2,000 live chats, 200 dashboards open over HTTP, 1,000 changes a second: how long a change takes from the moment in
/// which it is asked for, through the pipeline, the log and the board, to every page that shows it. Service, database and
/// clients share the machine.
/// </summary>
internal sealed class DashboardBench : IBenchGroup
{
    private const int Connected = 1_000;
    private const int Waiting = 1_000;
    private const int PerSecond = 1_000;
    private const int Changers = 64;

    // A floor of supervisors: most watch one page of all, some one queue, a few the agents and the queues.
    private static readonly (string Path, int Count)[] Pages =
    [
        ("/v1/monitoring/chats/connected", 60), ("/v1/monitoring/chats/queued", 60), ("/v1/monitoring/calls/connected", 20), ("/v1/monitoring/calls/queued", 20),
        ("/v1/monitoring/agents", 20), ("/v1/monitoring/queues", 20),
    ];

    public string Name => "dashboards";

    public async Task RunAsync(BenchContext context)
    {
        await using var center = await CommandCenter.StartAsync(await context.CreateDatabaseAsync());
        var chats = await center.FillAsync(Connected, Waiting);
        await center.TicketsAsync(chats);
        var versions = new ConcurrentDictionary<Guid, long>(await center.VersionsAsync(chats));
        var asked = new ConcurrentDictionary<(Guid, long), long>();

        var before = Heap();
        List<Dashboard> dashboards = [];
        foreach (var (path, count) in Pages)
        {
            for (var i = 0; i < count; i++)
                dashboards.Add(await Dashboard.OpenAsync(center.Rest, path, center.AdminToken, asked));
        }

        await Task.WhenAll(dashboards.Select(d => d.Ready.WaitAsync(TimeSpan.FromSeconds(60))));
        context.Record("dashboard_kb", (Heap() - before) / 1024.0 / dashboards.Count);

        await ChangeAsync(center, chats, versions, asked, context.Quick ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(15));
        foreach (var dashboard in dashboards)
            dashboard.Forget();
        var seconds = context.Duration * 2;
        var made = await ChangeAsync(center, chats, versions, asked, seconds);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var all = dashboards.SelectMany(d => d.Take()).Order().ToArray();
        context.Record("dashboards200_changes_per_s", made / seconds.TotalSeconds);
        context.Record("dashboards200_updates_per_s", all.Length / seconds.TotalSeconds);
        context.Record("dashboards200_p50_ms", Load.Percentile(all, 0.50));
        context.Record("dashboards200_p99_ms", Load.Percentile(all, 0.99));
        foreach (var dashboard in dashboards)
            await dashboard.DisposeAsync();
        await RightsAsync(context, center, chats);
    }

    /// <summary>What a live view of one session asks before each message: may the reader still see it, and do what to it.</summary>
    private static async Task RightsAsync(BenchContext context, CommandCenter center, IReadOnlyList<ConnectedChat> chats)
    {
        const int asked = 5_000;
        for (var round = 0; round < 2; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < asked; i++)
                await center.ActionsAsync(chats[i % chats.Count].SessionId);
            if (round == 1)
                context.Record("live_view_right_us", Stopwatch.GetElapsedTime(started).TotalMicroseconds / asked);
        }
    }

    /// <summary>So many changes a second, spread over all chats; one that is late is made up for.</summary>
    private static async Task<int> ChangeAsync(
        CommandCenter center, IReadOnlyList<ConnectedChat> chats, ConcurrentDictionary<Guid, long> versions, ConcurrentDictionary<(Guid, long), long> asked, TimeSpan duration)
    {
        var (next, made) = (-1, 0);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Changers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                var number = Interlocked.Increment(ref next);
                var due = TimeSpan.FromSeconds((double)number / PerSecond);
                if (due > duration)
                    return;
                var wait = due - Stopwatch.GetElapsedTime(started);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait);
                var id = chats[number % chats.Count].SessionId;
                var version = versions[id] + 1;
                asked[(id, version)] = Stopwatch.GetTimestamp();
                versions[id] = await center.FlagAsync(id, version % 2 == 0);
                Interlocked.Increment(ref made);
            }
        })));
        return made;
    }

    private static long Heap()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>An open page: reads what comes as it comes, and looks up when each change was asked for.</summary>
    private sealed class Dashboard : IAsyncDisposable
    {
        private readonly Socket socket;
        private readonly Task reading;
        private readonly ConcurrentDictionary<(Guid, long), long> asked;
        private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private List<double> measured = [];

        private Dashboard(Socket socket, ConcurrentDictionary<(Guid, long), long> asked)
        {
            (this.socket, this.asked) = (socket, asked);
            reading = Task.Run(ReadAsync);
        }

        public Task Ready => ready.Task;

        public static async Task<Dashboard> OpenAsync(Uri rest, string path, string token, ConcurrentDictionary<(Guid, long), long> asked)
        {
            var opened = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await opened.ConnectAsync(rest.Host, rest.Port);
            await opened.SendAsync(Encoding.ASCII.GetBytes(
                $"GET {path} HTTP/1.1\r\nHost: {rest.Authority}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n"));
            return new Dashboard(opened, asked);
        }

        public void Forget()
        {
            lock (socket)
                measured = [];
        }

        public IReadOnlyList<double> Take()
        {
            lock (socket)
                return [.. measured];
        }

        public async ValueTask DisposeAsync()
        {
            socket.Dispose();
            await reading;
        }

        private async Task ReadAsync()
        {
            var buffer = new byte[16 * 1024];
            var line = new List<byte>(2 * 1024);
            try
            {
                for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
                {
                    var now = Stopwatch.GetTimestamp();
                    for (var rest = buffer.AsSpan(0, read); !rest.IsEmpty;)
                    {
                        var end = rest.IndexOf((byte)'\n');
                        // The snapshot is one long line: only its beginning matters.
                        if (line.Count < 2 * 1024)
                            line.AddRange(rest[..Math.Min(end < 0 ? rest.Length : end, (2 * 1024) - line.Count)]);
                        if (end < 0)
                            break;
                        Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(line), now);
                        line.Clear();
                        rest = rest[(end + 1)..];
                    }
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        private void Take(ReadOnlySpan<byte> line, long now)
        {
            if (line.StartsWith("data: {\"items\""u8))
                ready.TrySetResult();
            if (!line.StartsWith("data: {\"key\":\""u8) || !Utf8Parser.TryParse(line["data: {\"key\":\"".Length..], out Guid key, out _))
                return;
            var at = line.IndexOf("\"version\":"u8);
            if (at < 0 || !Utf8Parser.TryParse(line[(at + "\"version\":".Length)..], out long version, out _) || !asked.TryGetValue((key, version), out var since))
                return;
            lock (socket)
                measured.Add(Stopwatch.GetElapsedTime(since, now).TotalMilliseconds);
        }
    }
}
