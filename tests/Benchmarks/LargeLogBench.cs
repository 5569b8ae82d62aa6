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

    /// <summary>
    /// 50,000 streams of 40 events, interleaved as live sessions are, below the positions of new appends. Rows as the
    /// log's writer leaves them; the indexes are made after the load, so that it takes seconds.
    /// </summary>
    internal static async Task FillAsync(NpgsqlDataSource dataSource, int events)
    {
        await RunAsync(dataSource, "alter table events drop constraint events_pkey; drop index events_stream; alter table event_ids drop constraint event_ids_pkey");
        var half = events / 2;
        await Task.WhenAll(RunAsync(dataSource, Insert(1, half)), RunAsync(dataSource, Insert(half + 1, events)));
        await Task.WhenAll(
            RunAsync(dataSource, "alter table events add primary key (position); create index events_stream on events (stream, version); analyze events"),
            RunAsync(
                dataSource,
                $"""
                insert into event_ids select {Id("n")}, n from generate_series(1, {events}) n;
                alter table event_ids add primary key (id);
                insert into streams select {Stream("n")}, {events / Streams(events)}, n, {events - Streams(events)} + n from generate_series(1, {Streams(events)}) n;
                analyze event_ids, streams
                """));

        string Insert(int first, int last) =>
            $$"""
            insert into events
              select n, {{Stream($"1 + (n - 1) % {Streams(events)}")}}, 1 + (n - 1) / {{Streams(events)}}, {{Id("n")}}, 'sample.noted.v1',
                ('{"text":"{{string.Concat(Enumerable.Repeat("word ", 30))}}","number":' || n || '}')::json,
                '{"commandId":"0192f3a0-0000-7000-8000-000000000000","command":"Sample","actor":{"kind":"system","id":"bench"},"source":null}', now()
              from generate_series({{first}}, {{last}}) n
            """;
    }

    private static int Streams(int events) => events / 40;

    // Ids of version 7, in the order of time.
    private static string Id(string number) => $"('0192f3a0-0000-7000-8000-' || lpad(to_hex({number}), 12, '0'))::uuid";

    private static string Stream(string number) => $"'sample-0192f3a0-0000-7000-9000-' || lpad(to_hex({number}), 12, '0')";

    private static async Task RunAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
