using System.Diagnostics;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>How late the read model is behind a commit, idle and under load, and how fast it is rebuilt.</summary>
internal sealed class ProjectionBench : IBenchGroup
{
    private const int EventsPerSession = 10;

    public string Name => "projections";

    public async Task RunAsync(BenchContext context)
    {
        await using var node = await ProjectionNode.StartAsync(await context.CreateDatabaseAsync());
        var sessions = new SessionsProjection();
        var rows = node.Run(sessions);
        await node.CatchUpAsync(rows);
        // The first round is discarded: it measures the just-in-time compiler.
        await LagAsync(context, node, rows, 500_000, perSecond: 40);
        context.Record("read_model_lag_idle_p99_ms", await LagAsync(context, node, rows, 0, perSecond: 40));
        context.Record("read_model_lag_p99_ms", await LagAsync(context, node, rows, 1_000_000, perSecond: 2_000));
        await RebuildAsync(context, node, sessions, rows);
    }

    // From the moment a commit is acknowledged to the moment its row can be read. Three times as long as others: a
    // percentile of a hundred values would be their largest.
    private static async Task<double> LagAsync(BenchContext context, ProjectionNode node, IReadModel<MonitoredSession> rows, int first, int perSecond)
    {
        var lags = new List<double>();
        var started = Stopwatch.GetTimestamp();
        var appended = 0;
        var pending = new List<Task>();
        while (Stopwatch.GetElapsedTime(started) < context.Duration * 3)
        {
            var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * perSecond) - appended;
            for (; due > 0; due--, appended++)
            {
                var number = first + appended;
                var append = node.AppendAsync(SessionStories.Stream(number), 0, SessionStories.Events(SessionStories.Waiting(number)));
                // One in so many is looked for: the looking must not be the load.
                pending.Add(appended % Math.Max(1, perSecond / 40) == 0 ? MeasureAsync(append, rows, number, lags) : append);
            }

            await Task.Delay(1);
        }

        await Task.WhenAll(pending);
        lags.Sort();
        return Load.Percentile([.. lags], 0.99);
    }

    private static async Task MeasureAsync(Task append, IReadModel<MonitoredSession> rows, int number, List<double> lags)
    {
        await append;
        var committed = Stopwatch.GetTimestamp();
        while (await rows.FindAsync(SessionStories.SessionId(number).ToString(), CancellationToken.None) is null)
            await Task.Delay(1);
        lock (lags)
            lags.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
    }

    private static async Task RebuildAsync(BenchContext context, ProjectionNode node, SessionsProjection sessions, IReadModel<MonitoredSession> rows)
    {
        var count = context.Quick ? 20_000 : 100_000;
        const int Together = 200;
        await Parallel.ForAsync(0, count / Together, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (chunk, _) =>
        {
            // Two hundred sessions at a time in step, as they are in life, not one after the other.
            var stories = Enumerable.Range(2_000_000 + (chunk * Together), Together).Select(n => (Number: n, Facts: SessionStories.Whole(n))).ToList();
            for (var version = 0; version < EventsPerSession; version++)
            {
                var writes = stories.Select(s => Sample.Write(SessionStories.Stream(s.Number), version, SessionStories.Events([s.Facts[version]])));
                await node.Log.Store.AppendOrFailAsync(Sample.Append([.. writes]));
            }
        });
        await node.CatchUpAsync(rows);
        await using var total = node.Log.DataSource.CreateCommand("select count(*) from events");
        var events = (long)(await total.ExecuteScalarAsync())!;
        // As a service that has just started, then as one that has run for a while: twice, the better of the two.
        context.Record("rebuild_cold_events_per_s", events / (await RebuildOnceAsync(context, node, sessions, generation: 2)).Seconds);
        Rebuilt[] warm = [await RebuildOnceAsync(context, node, sessions, generation: 3), await RebuildOnceAsync(context, node, sessions, generation: 4)];
        var best = warm.MinBy(r => r.Seconds)!;
        context.Record("rebuild_events_per_s", events / best.Seconds);
        context.Record("rebuild_cpu_us", best.Service.TotalMicroseconds / events);
        context.Record("rebuild_database_cpu_us", best.Database.TotalMicroseconds / events);
    }

    private static async Task<Rebuilt> RebuildOnceAsync(BenchContext context, ProjectionNode node, SessionsProjection sessions, int generation)
    {
        var (used, started) = (await ProcessorTime.NowAsync(context.Cluster), Stopwatch.GetTimestamp());
        await new ProjectionControl(node.Log.DataSource, [sessions], TimeProvider.System).RebuildAsync(sessions.Name, CancellationToken.None);
        await using var live = node.Log.DataSource.CreateCommand($"select 1 from projection_checkpoints where generation = {generation} and live");
        while (await live.ExecuteScalarAsync() is null)
            await Task.Delay(5);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var now = await ProcessorTime.NowAsync(context.Cluster);
        return new Rebuilt(took, now.Service - used.Service, now.Database - used.Database);
    }

    private sealed record Rebuilt(double Seconds, TimeSpan Service, TimeSpan Database);
}
