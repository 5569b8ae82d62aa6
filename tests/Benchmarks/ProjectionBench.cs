using System.Diagnostics;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>How fast a read model is rebuilt.</summary>
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
        await RebuildAsync(context, node, sessions, rows);
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
