using System.Collections.Concurrent;
using System.Diagnostics;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Benchmarks;

/// <summary>From the answer of an append to a live subscriber: on its own node and on another, idle and busy.</summary>
internal sealed class LiveTailBench : IBenchGroup
{
    private const int BusyPerSecond = 2_000;

    public string Name => "tail";

    public async Task RunAsync(BenchContext context)
    {
        var connectionString = await context.CreateDatabaseAsync();
        await using var here = await LogNode.StartAsync(connectionString);
        await using var there = await LogNode.StartAsync(connectionString);
        using var stop = new CancellationTokenSource();
        var (own, other) = (Arrivals.Start(here, stop.Token), Arrivals.Start(there, stop.Token));
        // The first round is discarded: it measures the just-in-time compiler.
        await AppendSteadilyAsync(here, BusyPerSecond, context.Duration);
        await RecordAsync(context, here, "idle", perSecond: 100, own, other);
        await RecordAsync(context, here, "busy", BusyPerSecond, own, other);
        context.Record("live_lag_p99_ms", Math.Max(context["live_lag_idle_p99_ms"], context["live_lag_busy_p99_ms"]));
        await stop.CancelAsync();
    }

    private static async Task RecordAsync(BenchContext context, LogNode node, string load, int perSecond, Arrivals own, Arrivals other)
    {
        var acknowledged = await AppendSteadilyAsync(node, perSecond, context.Duration);
        await Eventually.TrueAsync(() => acknowledged.Keys.All(id => own.At.ContainsKey(id) && other.At.ContainsKey(id)));
        foreach (var (name, arrivals) in new[] { ("live_lag", own), ("live_lag_other_node", other) })
        {
            var lags = acknowledged.Select(a => Math.Max(0, Stopwatch.GetElapsedTime(a.Value, arrivals.At[a.Key]).TotalMilliseconds)).Order().ToArray();
            context.Record($"{name}_{load}_p50_ms", Load.Percentile(lags, 0.50));
            context.Record($"{name}_{load}_p99_ms", Load.Percentile(lags, 0.99));
        }
    }

    private static async Task<ConcurrentDictionary<Guid, long>> AppendSteadilyAsync(LogNode node, int perSecond, TimeSpan duration)
    {
        var acknowledged = new ConcurrentDictionary<Guid, long>();
        var running = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < perSecond * duration.TotalSeconds;)
        {
            for (var due = Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond; sent < due; sent++)
                running.Add(Task.Run(AppendAsync));
            await Task.Delay(1);
        }
        await Task.WhenAll(running);
        return acknowledged;

        async Task AppendAsync()
        {
            var note = Sample.Note();
            await node.Store.AppendOrFailAsync(Sample.Append(Sample.NewStream(), 0, note));
            acknowledged[note.Id] = Stopwatch.GetTimestamp();
        }
    }

    private sealed class Arrivals
    {
        public ConcurrentDictionary<Guid, long> At { get; } = new();

        public static Arrivals Start(LogNode node, CancellationToken cancellationToken)
        {
            var arrivals = new Arrivals();
            var tail = new LogTail(node.Store, node.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance);
            _ = Task.Run(() => tail.RunAsync(cancellationToken), cancellationToken);
            _ = Task.Run(() => arrivals.ReadAsync(tail, cancellationToken), cancellationToken);
            return arrivals;
        }

        private async Task ReadAsync(LogTail tail, CancellationToken cancellationToken)
        {
            await foreach (var @event in tail.SubscribeAsync(LogPosition.Start, filter: null, cancellationToken))
                At[@event.Id] = Stopwatch.GetTimestamp();
        }
    }
}
