using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>What was said is in no file, no row, no dump and no log line here, whatever form it could have (REC-5, REC-10).</summary>
public sealed class LeakTests : IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private readonly LogLines lines = new();
    private PostgresCluster cluster = null!;
    private NpgsqlDataSource database = null!;
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        cluster = await PostgresCluster.StartAsync();
        database = NpgsqlDataSource.Create(cluster.ConnectionString());
        node = await AppNode.StartAsync(
            cluster.ConnectionString(), folder.Storage, change: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)));
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
        await cluster.DisposeAsync();
        folder.Dispose();
        lines.Dispose();
    }

    [Fact]
    public async Task Until_the_CRM_has_it_nothing_of_a_call_can_be_found_on_disk_in_the_database_in_a_dump_or_in_the_logs()
    {
        var call = await RecordedCall.StopAsync(node, folder, 40_000, 16_000);
        // And one that nobody ever completed.
        await using (var open = await folder.Storage.CreateAsync(Guid.CreateVersion7(), RecordingObjects.Segment(1), default))
            await open.WriteAsync(call.Segments[0], default);
        (await node.SendAsync(new RecoverRecording(call.RecordingId))).Error.ShouldBeNull();
        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingReady>().ShouldHaveSingleItem();

        var needles = new[] { 0, 5_000, 20_000, 39_000 }.Select(at => call.Segments[0][at..(at + 24)]).Append(call.Segments[1][8_000..8_024]).ToList();
        (await FindAsync(needles)).ShouldBeEmpty();
        // The search would find it, in each place.
        await TellAsync(call.Segments[0]);
        (await FindAsync(needles)).ShouldBe(["disk", "database", "dump", "logs"]);
    }

    /// <summary>Where any of these bytes are.</summary>
    private async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<byte[]> needles)
    {
        var written = needles.SelectMany(Forms).ToList();
        var files = folder.Files().Select(File.ReadAllBytes).ToList();
        var rows = await RowsAsync();
        var dump = await cluster.RunClientAsync("pg_dump", "postgres");
        (files.Count, rows.Count, dump.Length).ShouldSatisfyAllConditions(
            found => found.Item1.ShouldBePositive(), found => found.Item2.ShouldBePositive(), found => found.Item3.ShouldBePositive());
        List<string> places = [];
        if (files.Exists(file => needles.Any(needle => file.AsSpan().IndexOf(needle) >= 0)))
            places.Add("disk");
        if (rows.Exists(row => written.Exists(row.Contains)))
            places.Add("database");
        if (written.Exists(dump.Contains))
            places.Add("dump");
        if (lines.All.Any(line => written.Exists(line.Contains)))
            places.Add("logs");
        return places;
    }

    /// <summary>Puts what was said where it may not be.</summary>
    private async Task TellAsync(byte[] said)
    {
        await File.WriteAllBytesAsync(Path.Combine(folder.Root, "told"), said);
        await using (var table = database.CreateCommand("create table told (bytes bytea)"))
            await table.ExecuteNonQueryAsync();
        await using var tell = database.CreateCommand("insert into told values ($1)");
        tell.Parameters.Add(new() { Value = said });
        await tell.ExecuteNonQueryAsync();
        lines.LogTrace("Told: {Told}", Convert.ToBase64String(said));
    }

    private static IEnumerable<string> Forms(byte[] bytes)
    {
        yield return Convert.ToHexStringLower(bytes);
        // Base64 of a whole may begin at any of three places in it.
        foreach (var skip in Enumerable.Range(0, 3))
            yield return Convert.ToBase64String(bytes.AsSpan(skip, 21));
    }

    /// <summary>Every row of every table as text; bytes are hexadecimal in it.</summary>
    private async Task<List<string>> RowsAsync()
    {
        List<string> tables = [], rows = [];
        await using (var list = database.CreateCommand(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        await using (var found = await list.ExecuteReaderAsync())
        {
            while (await found.ReadAsync())
                tables.Add(found.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var read = database.CreateCommand($"select r::text from {table} r");
            await using var found = await read.ExecuteReaderAsync();
            while (await found.ReadAsync())
                rows.Add(found.GetString(0));
        }

        return rows;
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> written = new();

        public IEnumerable<string> All => written;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            written.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
