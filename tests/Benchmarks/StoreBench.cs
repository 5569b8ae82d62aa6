using System.Globalization;
using System.Text.RegularExpressions;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>
/// The log's appends beside the limit: what PostgreSQL itself does with one single-row insert per transaction,
/// driven by pgbench over prepared statements.
/// </summary>
internal sealed partial class StoreBench : IBenchGroup
{
    private const int Turns = 3;

    private static readonly int[] Writers = [1, 8, 32, 256];

    public string Name => "store";

    public async Task RunAsync(BenchContext context)
    {
        var connectionString = await context.CreateDatabaseAsync();
        await using var node = await LogNode.StartAsync(connectionString);
        await PgBench.CreateTableAsync(context, connectionString);
        await Load.WarmAsync(1, context.WarmLimit, _ => Appender(node));
        foreach (var writers in Writers)
        {
            // In turns, the best of each: what else the machine does would otherwise meet only one of them.
            var turns = new List<(double Insert, Reached Append)>();
            for (var turn = 0; turn < Turns; turn++)
                turns.Add((await PgBench.InsertAsync(context, connectionString, writers), await AppendOneAsync(context, node, writers)));
            context.Record($"insert_w{writers}_per_s", turns.Max(t => t.Insert));
            Record(context, $"append1_w{writers}", turns.MaxBy(t => t.Append.PerSecond).Append);
            context.Record($"append1_w{writers}_of_insert", context[$"append1_w{writers}_per_s"] / context[$"insert_w{writers}_per_s"]);
            Record(context, $"start3_w{writers}", await StartThreeAsync(context, node, writers));
        }
        await CostAsync(context, node, connectionString);
        Record(context, "append1_cold_w32", await ColdAppendAsync(context, node, 32));
    }

    /// <summary>Appends one event to a stream whose state, and so its version, is in the node's memory.</summary>
    public static Task<Reached> AppendOneAsync(BenchContext context, LogNode node, int writers) =>
        Load.RunAsync(writers, context.Duration, _ => Appender(node));

    /// <summary>What one lone append and one plain insert cost, without what the machine waits for.</summary>
    private static async Task CostAsync(BenchContext context, LogNode node, string connectionString)
    {
        var used = await ProcessorTime.NowAsync(context.Cluster);
        var inserted = await PgBench.InsertAsync(context, connectionString, clients: 1) * context.Duration.TotalSeconds;
        context.Record("insert_w1_database_cpu_us", (await ProcessorTime.SinceAsync(used, context.Cluster, (long)inserted)).Database);
        (used, var count) = (await ProcessorTime.NowAsync(context.Cluster), 0L);
        await Load.RunAsync(1, context.Duration, _ =>
        {
            var append = Appender(node);
            return () =>
            {
                count++;
                return append();
            };
        });
        var (service, database) = await ProcessorTime.SinceAsync(used, context.Cluster, count);
        context.Record("append1_w1_cpu_us", service);
        context.Record("append1_w1_database_cpu_us", database);
    }

    private static Func<Task> Appender(LogNode node)
    {
        var stream = Sample.NewStream();
        var version = 0L;
        return async () =>
        {
            await node.Store.AppendOrFailAsync(Sample.Append(stream, version, Sample.Note(Payload)));
            // A session has about 40 events.
            (stream, version) = version < 40 ? (stream, version + 1) : (Sample.NewStream(), 0);
        };
    }

    private const string Payload =
        "about two hundred bytes with its names and quotes, as an event of a session has them: who, when, which queue, which agent, and why it happened, and one more word or two";

    private static Task<Reached> StartThreeAsync(BenchContext context, LogNode node, int writers) => Load.RunAsync(writers, context.Duration, _ =>
        () => node.Store.AppendOrFailAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note(Payload), Sample.Note(Payload), Sample.Note(Payload))));

    private static Task<Reached> ColdAppendAsync(BenchContext context, LogNode node, int writers) => Load.RunAsync(writers, context.Duration, _ =>
    {
        var stream = Sample.NewStream();
        return async () =>
        {
            var events = await node.Store.ReadStreamAsync(stream, 0, 1000, CancellationToken.None);
            await node.Store.AppendOrFailAsync(Sample.Append(stream, events.Count, Sample.Note(Payload)));
            stream = events.Count < 40 ? stream : Sample.NewStream();
        };
    });

    private static void Record(BenchContext context, string name, Reached reached)
    {
        context.Record($"{name}_per_s", reached.PerSecond);
        context.Record($"{name}_p50_ms", reached.P50);
        context.Record($"{name}_p99_ms", reached.P99);
    }
}

/// <summary>Appends that a benchmark expects to succeed.</summary>
internal static class AppendExtensions
{
    public static async Task AppendOrFailAsync(this IEventStore store, Append append)
    {
        if (await store.AppendAsync(append, CancellationToken.None) is not Appended { Repeated: false } and var result)
            throw new InvalidOperationException($"The append was not written: {result}");
    }
}

/// <summary>PostgreSQL's own benchmark, inserting one row per transaction.</summary>
internal static partial class PgBench
{
    private const string Script =
        """
        insert into bench_insert (payload) values ('{"text":"about two hundred bytes with its names and quotes, as an event of a session has them: who, when, which queue, which agent, and why it happened, and one more word or two","number":1}');
        """;

    public static Task CreateTableAsync(BenchContext context, string connectionString) => context.Cluster.RunClientAsync(
        "psql", Database(connectionString), "-c", "create table bench_insert (id bigserial primary key, payload text not null)");

    /// <returns>Transactions per second.</returns>
    public static async Task<double> InsertAsync(BenchContext context, string connectionString, int clients)
    {
        var script = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await File.WriteAllTextAsync(script, Script);
            var report = await context.Cluster.RunClientAsync(
                "pgbench", Database(connectionString), "-n", "-M", "prepared", "-f", script,
                "-c", $"{clients}", "-j", $"{Math.Min(clients, 2)}", "-T", $"{(int)context.Duration.TotalSeconds}");
            return double.Parse(Tps().Match(report).Groups["tps"].Value, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string Database(string connectionString) => new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tps();
}
