using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Benchmarks;

/// <summary>The same append against a log of 0 and of 2,000,000 events: history must not make work slower.</summary>
internal sealed class LargeLogBench : IBenchGroup
{
    private const int Writers = 32;
    private const int Events = 2_000_000;

    public string Name => "log2m";

    public async Task RunAsync(BenchContext context)
    {
        await using var empty = await LogNode.StartAsync(await context.CreateDatabaseAsync());
        await using var large = await LogNode.StartAsync(await context.CreateDatabaseAsync());
        await FillAsync(large.DataSource, Events);
        var (fresh, aged) = (new List<double>(), new List<double>());
        // In turns, so that what else the machine does meets both.
        for (var turn = 0; turn < 3; turn++)
        {
            fresh.Add((await StoreBench.AppendOneAsync(context, empty, Writers)).PerSecond);
            aged.Add((await StoreBench.AppendOneAsync(context, large, Writers)).PerSecond);
        }
        context.Record("append_at_0_per_s", Median(fresh));
        context.Record("append_at_2m_per_s", Median(aged));
        context.Record("append_2m_over_0", Median(fresh) / Median(aged));
    }

    /// <summary>50,000 streams of 40 events, interleaved as live sessions are, below the positions of new appends.</summary>
    internal static async Task FillAsync(NpgsqlDataSource dataSource, int events)
    {
        await using var fill = dataSource.CreateCommand(
            """
            create temporary table filling as
              select n as position, 'sample-' || md5((n % ($1 / 40))::text)::uuid as stream, 1 + n / ($1 / 40) as version, md5('id' || n)::uuid as id
              from generate_series(1, $1 - 1) n;
            insert into events
              select position, stream, version, id, 'sample.noted.v1', json_build_object('text', repeat('word ', 30), 'number', version),
                '{"commandId":"0192f3a0-0000-7000-8000-000000000000","command":"Sample","actor":{"kind":"system","id":"bench"},"source":null}', now()
              from filling;
            insert into event_ids select id, position from filling;
            insert into streams select stream, max(version), min(position), max(position) from filling group by stream;
            analyze events, event_ids, streams
            """.Replace("$1", $"{events}", StringComparison.Ordinal));
        fill.CommandTimeout = 0;
        await fill.ExecuteNonQueryAsync();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
