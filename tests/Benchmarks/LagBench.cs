using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>
/// From the answer of a command to a live subscriber, on its own node and on another, and to the row in the read model;
/// idle and busy. In the whole service, where every projection, live board and outbox takes its part of the same two cores.
/// </summary>
internal sealed class LagBench : IBenchGroup
{
    private const int Chats = 500;
    private const int IdlePerSecond = 40;
    private const int BusyPerSecond = 2_000;

    public string Name => "tail";

    public async Task RunAsync(BenchContext context)
    {
        var database = await context.CreateDatabaseAsync();
        await using var center = await CommandCenter.StartAsync(database);
        await using var elsewhere = await CommandCenter.WithoutWorkersAsync(database);
        var chats = await center.FillAsync(Chats, waiting: 0);
        await center.TicketsAsync(chats);
        using var stop = new CancellationTokenSource();
        var own = Arrivals.Start(center, stop.Token);
        await Load.WarmAsync(context.WarmLimit, slice => CommandAsync(center, chats, BusyPerSecond, slice, []));
        foreach (var (load, perSecond) in new[] { ("idle", IdlePerSecond), ("busy", BusyPerSecond) })
            Record(context, $"read_model_lag_{load}", await RecordAsync(context, center, chats, load, perSecond, "live_lag", own));
        foreach (var name in new[] { "live_lag", "read_model_lag" })
            context.Record($"{name}_p99_ms", Math.Max(context[$"{name}_idle_p99_ms"], context[$"{name}_busy_p99_ms"]));

        // Only now: a second node in this process is twice the memory that the collector goes through.
        _ = Task.Run(() => elsewhere.Get<LogTail>().RunAsync(stop.Token));
        var other = Arrivals.Start(elsewhere, stop.Token);
        foreach (var (load, perSecond) in new[] { ("idle", IdlePerSecond), ("busy", BusyPerSecond) })
            await RecordAsync(context, center, chats, load, perSecond, "live_lag_other_node", other);
        await stop.CancelAsync();
    }

    /// <summary>Records how late events arrived, and gives how late rows were.</summary>
    private static async Task<IReadOnlyCollection<double>> RecordAsync(
        BenchContext context, CommandCenter center, IReadOnlyList<ConnectedChat> chats, string load, int perSecond, string name, Arrivals arrivals)
    {
        // What is kept of each command is little: the collector's pauses are part of every lag, and are to be the service's.
        var acknowledged = new ConcurrentDictionary<long, long>();
        using var stop = new CancellationTokenSource();
        var timer = Task.Run(() => LatenessAsync(stop.Token));
        // Three times as long as others: a percentile of a hundred values would be their largest.
        var (reached, rows) = await CommandAsync(center, chats, perSecond, context.Duration * 3, acknowledged);
        await Eventually.TrueAsync(() => acknowledged.Keys.All(arrivals.At.ContainsKey));
        await stop.CancelAsync();
        context.Record($"{name}_{load}_commands_per_s", reached);
        context.Record($"{name}_{load}_timer_p99_ms", Load.Percentile([.. (await timer).Order()], 0.99));
        Record(context, $"{name}_{load}", acknowledged.Select(a => Math.Max(0, Stopwatch.GetElapsedTime(a.Value, arrivals.At[a.Key]).TotalMilliseconds)));
        return rows;
    }

    /// <summary>How late a timer of a millisecond is meanwhile: what a machine without time to spare adds to every lag.</summary>
    private static async Task<IReadOnlyList<double>> LatenessAsync(CancellationToken cancellationToken)
    {
        List<double> late = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(1, CancellationToken.None);
            late.Add(Math.Max(0, Stopwatch.GetElapsedTime(started).TotalMilliseconds - 1));
        }

        return late;
    }

    private static void Record(BenchContext context, string name, IEnumerable<double> lags)
    {
        var sorted = lags.Order().ToArray();
        context.Record($"{name}_p50_ms", Load.Percentile(sorted, 0.50));
        context.Record($"{name}_p99_ms", Load.Percentile(sorted, 0.99));
    }

    /// <summary>Sends messages at a steady pace, whatever the answers take; gives how many a second were answered, and how late rows were.</summary>
    private static async Task<(double PerSecond, IReadOnlyCollection<double> RowLags)> CommandAsync(
        CommandCenter center, IReadOnlyList<ConnectedChat> chats, int perSecond, TimeSpan duration, ConcurrentDictionary<long, long> acknowledged)
    {
        var lags = new ConcurrentBag<double>();
        var (commands, running) = (0, new HashSet<Task>());
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < perSecond * duration.TotalSeconds;)
        {
            for (var due = Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond; sent < due; sent++)
            {
                // One in so many is looked for: the looking must not be the load.
                var (chat, isLookedFor) = (chats[sent % chats.Count], sent % (perSecond / IdlePerSecond) == 0);
                running.Add(Task.Run(() => SendAsync(chat, isLookedFor)));
            }

            await Task.Delay(1);
            commands += running.RemoveWhere(command => command.IsCompletedSuccessfully);
        }

        await Task.WhenAll(running);
        return ((commands + running.Count) / Stopwatch.GetElapsedTime(started).TotalSeconds, lags);

        async Task SendAsync(ConnectedChat chat, bool isLookedFor)
        {
            var receipt = await center.SendMessageAsync(chat);
            var answered = Stopwatch.GetTimestamp();
            acknowledged[long.Parse(receipt.Position, CultureInfo.InvariantCulture)] = answered;
            if (isLookedFor)
                lags.Add(await RowAsync(center.Get<IReadModel<MonitoredSession>>(), receipt, answered));
        }
    }

    private static async Task<double> RowAsync(IReadModel<MonitoredSession> rows, Receipt receipt, long answered)
    {
        while (await rows.FindAsync(receipt.Id.ToString(), CancellationToken.None) is not { } row || row.Version < receipt.Version)
            await Task.Delay(1);
        return Stopwatch.GetElapsedTime(answered).TotalMilliseconds;
    }

    private sealed class Arrivals
    {
        public ConcurrentDictionary<long, long> At { get; } = new();

        public static Arrivals Start(CommandCenter center, CancellationToken cancellationToken)
        {
            var arrivals = new Arrivals();
            _ = Task.Run(() => arrivals.ReadAsync(center.Get<ILiveFeed>(), cancellationToken), cancellationToken);
            return arrivals;
        }

        private async Task ReadAsync(ILiveFeed feed, CancellationToken cancellationToken)
        {
            await foreach (var happened in feed.SubscribeAsync(await feed.NowAsync(cancellationToken), filter: null, cancellationToken))
                At[happened.Position.Value] = Stopwatch.GetTimestamp();
        }
    }
}
