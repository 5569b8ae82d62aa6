using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>What was said is in no file, no row and no log line here, whatever form it could have (REC-5, REC-10).</summary>
public sealed class LeakTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private readonly LogLines lines = new();
    private AppNode node = null!;

    public async Task InitializeAsync() => node = await AppNode.StartAsync(
        database.ConnectionString, folder.Storage, change: services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(lines)));

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
        lines.Dispose();
    }

    [Fact]
    public async Task Until_the_CRM_has_it_nothing_of_a_call_can_be_found_on_disk_in_the_database_or_in_the_logs()
    {
        var call = await RecordedCall.StopAsync(node, folder, 40_000, 16_000);
        // And one that nobody ever completed.
        await using (var open = await folder.Storage.CreateAsync(Guid.CreateVersion7(), RecordingObjects.Segment(1), default))
            await open.WriteAsync(call.Segments[0], default);
        (await node.SendAsync(new RecoverRecording(call.RecordingId))).Error.ShouldBeNull();

        (await node.EventsAsync(Aggregates.Recording, call.RecordingId)).OfType<RecordingReady>().ShouldHaveSingleItem();
        var needles = new[] { 0, 5_000, 20_000, 39_000 }.Select(at => call.Segments[0].AsMemory(at, 24))
            .Append(call.Segments[1].AsMemory(8_000, 24)).ToList();
        foreach (var needle in needles)
        {
            folder.Files().Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(needle.Span) >= 0).ShouldBeEmpty();
            var written = Forms(needle).ToList();
            (await RowsAsync()).Where(row => written.Exists(row.Contains)).ShouldBeEmpty();
            lines.All.Where(line => written.Exists(line.Contains)).ShouldBeEmpty();
        }

        // The search would find it.
        await using (var table = database.DataSource.CreateCommand("create table told (bytes bytea)"))
            await table.ExecuteNonQueryAsync();
        await using var tell = database.DataSource.CreateCommand("insert into told values ($1)");
        tell.Parameters.Add(new() { Value = call.Segments[0] });
        await tell.ExecuteNonQueryAsync();
        (await RowsAsync()).ShouldContain(row => Forms(needles[1]).Any(form => row.Contains(form, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Forms(ReadOnlyMemory<byte> bytes)
    {
        yield return Convert.ToHexStringLower(bytes.Span);
        // Base64 of a whole may begin at any of three places in it.
        foreach (var skip in Enumerable.Range(0, 3))
            yield return Convert.ToBase64String(bytes.Span.Slice(skip, 21));
    }

    /// <summary>Every row of every table as text; bytes are hexadecimal in it.</summary>
    private async Task<List<string>> RowsAsync()
    {
        List<string> tables = [], rows = [];
        await using (var list = database.DataSource.CreateCommand(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        await using (var found = await list.ExecuteReaderAsync())
        {
            while (await found.ReadAsync())
                tables.Add(found.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var read = database.DataSource.CreateCommand($"select r::text from {table} r");
            await using var found = await read.ExecuteReaderAsync();
            while (await found.ReadAsync())
                rows.Add(found.GetString(0));
        }

        rows.ShouldNotBeEmpty();
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
