using System.Globalization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.EventStore;

/// <summary>What only the real database can get wrong.</summary>
public sealed class PostgresLogTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly CancellationTokenSource stop = new(TimeSpan.FromMinutes(3));
    private LogNode node = null!;

    public async Task InitializeAsync() => node = await LogNode.StartAsync(database.ConnectionString);

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task A_reader_waits_for_a_lower_transaction_that_commits_last()
    {
        await using var connection = await node.DataSource.OpenConnectionAsync();
        await using var slow = await connection.BeginTransactionAsync();
        await node.Store.SettleAsync();
        var start = await node.Store.ReadEndAsync(default);
        var low = await RawAppend.WriteAsync(connection, Sample.NewStream());
        var high = (Appended)await node.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default);
        high.Position.ShouldBeGreaterThan(low);

        (await node.Store.ReadLogAsync(start, 10, default)).Events.ShouldBeEmpty();
        (await new LogMaintenance(node.DataSource).HealthAsync(default)).OldestWriter.ShouldNotBeNull();
        await slow.CommitAsync();

        await node.Store.SettleAsync();
        (await node.Store.ReadLogAsync(start, 2, default)).Events.Select(e => e.Position).ShouldBe([low, high.Position]);
    }

    [Fact]
    public async Task A_tail_misses_nothing_and_doubles_nothing_while_64_writers_hold_and_roll_back()
    {
        var duration = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("CONTACTCENTER_RACE_SECONDS") ?? "8", CultureInfo.InvariantCulture));
        await using var other = PostgresDataSource.Create(database.ConnectionString);
        await using var second = await LogNode.StartAsync(database.ConnectionString);
        var tail = new LogTail(node.Store, node.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance, new LogTailOptions { Capacity = 512 });
        _ = Task.Run(() => tail.RunAsync(stop.Token));
        var subscriber = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);
        var end = TimeProvider.System.GetUtcNow() + duration;
        // What the store itself never does: transactions that stay open beside its own, and roll back.
        var holding = Enumerable.Range(0, 24).Select(holder => Task.Run(async () =>
        {
            var (random, committed) = (new Random(1000 + holder), 0);
            while (TimeProvider.System.GetUtcNow() < end)
                committed += await RawAppend.HoldAndEndAsync(other, random) ? 1 : 0;
            return committed;
        })).ToList();

        var written = await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(() => WriteAsync(writer % 2 == 0 ? node : second, new Random(writer), end))));
        var held = await Task.WhenAll(holding);
        int[] committed = [.. written, .. held];

        written.ShouldAllBe(w => w > 0);
        held.Sum().ShouldBeGreaterThan(0);
        committed.Sum().ShouldBeGreaterThan(500);
        await subscriber.ShouldHaveReadAllAsync(node.Store);
        subscriber.Seen.Select(e => e.Id).ShouldBeUnique();
        subscriber.Seen.Count.ShouldBeGreaterThanOrEqualTo(committed.Sum());
    }

    [Fact]
    public async Task A_server_that_only_reads_is_unavailable_and_left_for_one_that_writes()
    {
        var (own, stream) = (await PostgresFixture.CreateDatabaseAsync(), Sample.NewStream());
        await using var reading = await LogNode.StartAsync(own, options: new PostgresEventStoreOptions { Committers = 1 });
        async Task SetReadOnlyAsync(string value)
        {
            var name = new NpgsqlConnectionStringBuilder(own).Database;
            await using var command = node.DataSource.CreateCommand($"alter database {name} set default_transaction_read_only = {value}");
            await command.ExecuteNonQueryAsync();
        }

        await SetReadOnlyAsync("on");
        reading.DataSource.Clear();
        await Should.ThrowAsync<EventStoreUnavailableException>(() => reading.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()), default));

        // What it looked with after the refusal is of the reading server too, and is left at the next one.
        await SetReadOnlyAsync("off");
        await Should.ThrowAsync<EventStoreUnavailableException>(() => reading.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()), default));
        (await reading.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()), default)).ShouldBeOfType<Appended>();
    }

    [Fact]
    public async Task Nodes_that_write_the_same_streams_in_opposite_order_neither_deadlock_nor_disorder_them()
    {
        await using var other = await LogNode.StartAsync(database.ConnectionString, options: new PostgresEventStoreOptions { Committers = 2 });
        var streams = Enumerable.Range(0, 6).Select(_ => Sample.NewStream()).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            var (store, random) = ((writer % 2 == 0 ? node : other).Store, new Random(writer));
            for (var done = 0; done < 40;)
            {
                var chosen = streams.OrderBy(_ => random.Next()).Take(3).ToArray();
                var versions = await Task.WhenAll(chosen.Select(s => RawAppend.VersionAsync(node.DataSource, s)));
                var writes = chosen.Select((stream, i) => Sample.Write(stream, versions[i], Sample.Note())).ToArray();
                done += await store.AppendAsync(Sample.Append(writes), default) is Appended ? 1 : 0;
            }
        })));

        foreach (var stream in streams)
        {
            var events = await node.Store.ReadStreamAsync(stream, 0, 10_000, default);
            events.Select(e => e.Version).ShouldBe(Enumerable.Range(1, events.Count).Select(v => (long)v));
            events.Select(e => e.Position.Value).ShouldBeInOrder(SortDirection.Ascending);
        }
    }

    [Fact]
    public async Task Outbox_rows_and_key_are_written_with_the_append_or_not_at_all()
    {
        var (stream, message) = (Sample.NewStream(), new OutboxMessage(Sample.NewId(), "test.kind", "key", "{}", TimeProvider.System.GetUtcNow()));
        var key = new IdempotencyRecord("User:1", Sample.NewId().ToString(), [1], "{}");
        await node.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Outbox = [message], Idempotency = key }, default);
        var refused = message with { Id = Sample.NewId() };
        await node.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()) with { Outbox = [refused], Idempotency = key with { Key = "other" } }, default);

        (await CountAsync("outbox", "id", message.Id)).ShouldBe(1);
        (await CountAsync("outbox", "id", refused.Id)).ShouldBe(0);
        (await node.Store.FindIdempotencyAsync(key.Actor, "other", default)).ShouldBeNull();
    }

    [Fact]
    public async Task An_append_too_large_for_the_log_is_refused_and_harms_no_neighbour()
    {
        var large = Sample.Append(Sample.NewStream(), 0, Sample.Note(new string('x', 10_000_000)));

        await Should.ThrowAsync<ArgumentException>(() => node.Store.AppendAsync(large, default));

        var fits = Enumerable.Range(0, 8).Select(_ => Sample.Append(Sample.NewStream(), 0, Sample.Note(new string('x', 2_000_000))));
        (await Task.WhenAll(fits.Select(append => node.Store.AppendAsync(append, default)))).ShouldAllBe(r => r is Appended);
    }

    [Fact]
    public async Task An_append_is_cancelled_only_before_it_is_under_way()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var stream = Sample.NewStream();

        await Should.ThrowAsync<OperationCanceledException>(() => node.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note()), cancelled.Token));

        (await node.Store.ReadStreamAsync(stream, 0, 1, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_without_a_partition_go_to_the_default_one_until_maintenance_moves_them()
    {
        await using var alone = await LogNode.StartAsync(await PostgresFixture.CreateDatabaseAsync());
        var maintenance = new LogMaintenance(alone.DataSource);
        await using (var drop = alone.DataSource.CreateCommand(
            "do $$ declare p regclass; begin for p in select inhrelid from pg_inherits where inhparent = 'events'::regclass and inhrelid <> 'events_default'::regclass loop execute 'drop table ' || p; end loop; end $$"))
            await drop.ExecuteNonQueryAsync();
        var stream = Sample.NewStream();
        await alone.Store.AppendAsync(Sample.Append(stream, 0, Sample.Notes(3)), default);
        (await maintenance.HealthAsync(default)).DefaultPartitionUsed.ShouldBeTrue();

        await maintenance.EnsurePartitionsAsync(default);

        (await maintenance.HealthAsync(default)).DefaultPartitionUsed.ShouldBeFalse();
        (await alone.Store.ReadStreamAsync(stream, 0, 9, default)).Count.ShouldBe(3);
        (await alone.Store.AppendAsync(Sample.Append(stream, 3, Sample.Note()), default)).ShouldBeOfType<Appended>();
    }

    /// <summary>New streams, and streams moved on; pauses now and then, so that groups of all sizes are committed.</summary>
    private static async Task<int> WriteAsync(LogNode on, Random random, DateTimeOffset end)
    {
        var (stream, version, written) = (Sample.NewStream(), 0L, 0);
        while (TimeProvider.System.GetUtcNow() < end)
        {
            if (random.Next(8) == 0)
                (stream, version) = (Sample.NewStream(), 0);
            (await on.Store.AppendAsync(Sample.Append(stream, version++, Sample.Note()), default)).ShouldBeOfType<Appended>();
            written++;
            await Task.Delay(random.Next(26));
        }

        return written;
    }

    private async Task<long> CountAsync(string table, string column, Guid value)
    {
        await using var command = node.DataSource.CreateCommand($"select count(*) from {table} where {column} = $1");
        command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
