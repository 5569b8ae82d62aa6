using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.EventStore;

/// <summary>The log on a database that dies, comes back, or is restored elsewhere. Each test has a cluster of its own.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly CancellationTokenSource stop = new(TimeSpan.FromMinutes(3));
    private PostgresCluster cluster = null!;

    public async Task InitializeAsync() => cluster = await PostgresCluster.StartAsync();

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task After_kill_9_of_PostgreSQL_under_load_every_acknowledged_event_is_there_and_work_goes_on()
    {
        await using var node = await LogNode.StartAsync(cluster.ConnectionString());
        var tail = StartTail(node);
        var subscriber = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);
        var load = StartLoad(node);
        await Eventually.TrueAsync(() => load.Acknowledged.Count > 2_000);

        await cluster.KillServerAsync();
        await Eventually.TrueAsync(() => load.Unavailable > 0);
        var before = load.Acknowledged.Count;
        await cluster.StartServerAsync();

        await Eventually.TrueAsync(() => load.Acknowledged.Count > before + 2_000);
        await load.StopAsync();
        await ShouldAllBeThereAsync(node, load);
        await subscriber.ShouldHaveReadAllAsync(node.Store);
    }

    [Fact]
    public async Task After_kill_9_of_a_backend_during_appends_the_answers_are_true()
    {
        await using var node = await LogNode.StartAsync(cluster.ConnectionString());
        var load = StartLoad(node);
        for (var kills = 0; kills < 3; kills++)
        {
            var before = load.Acknowledged.Count;
            await Eventually.TrueAsync(() => load.Acknowledged.Count > before + 500);
            await Eventually.TrueAsync(() => KillCommitterAsync(node));
        }

        var after = load.Acknowledged.Count;
        await Eventually.TrueAsync(() => load.Acknowledged.Count > after + 500);
        await load.StopAsync();
        load.Refused.ShouldBe(0);
        await ShouldAllBeThereAsync(node, load);
    }

    [Fact]
    public async Task An_append_repeated_after_a_lost_answer_is_written_once()
    {
        await using var node = await LogNode.StartAsync(cluster.ConnectionString());
        var stream = Sample.NewStream();
        var append = Sample.Append(stream, 0, Sample.Note());
        await cluster.KillServerAsync();
        await Should.ThrowAsync<EventStoreUnavailableException>(() => node.Store.AppendAsync(append, default));
        await Should.ThrowAsync<EventStoreUnavailableException>(() => node.Store.ReadLogAsync(LogPosition.Start, 1, default));
        await cluster.StartServerAsync();

        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return await node.Store.AppendAsync(append, default) is Appended;
            }
            catch (EventStoreUnavailableException)
            {
                return false;
            }
        });

        (await node.Store.ReadStreamAsync(stream, 0, 9, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_log_restored_into_a_cluster_with_lower_transaction_ids_goes_on_above_its_last_position()
    {
        LogPosition last;
        await using (var node = await LogNode.StartAsync(cluster.ConnectionString()))
        {
            for (var i = 0; i < 3_000; i++)
                await node.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default);
            await node.Store.SettleAsync();
            last = await node.Store.ReadEndAsync(default);
        }
        var dump = Path.Combine(Path.GetTempPath(), $"cc-dump-{Sample.NewId()}");
        await using var younger = await PostgresCluster.StartAsync();
        try
        {
            await cluster.RunClientAsync("pg_dump", "postgres", "-Fc", "-f", dump);
            await younger.RunClientAsync("pg_restore", "postgres", "--exit-on-error", dump, "-d");
        }
        finally
        {
            File.Delete(dump);
        }

        await using var restored = await LogNode.StartAsync(younger.ConnectionString());
        var appended = (Appended)await restored.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()), default);

        appended.Position.ShouldBeGreaterThan(last);
        await Eventually.TrueAsync(async () => await restored.Store.ReadEndAsync(default) >= appended.Position);
        (await restored.Store.ReadLogAsync(last, 10, default)).Events.Single().Position.ShouldBe(appended.Position);
    }

    private LogTail StartTail(LogNode node)
    {
        var tail = new LogTail(node.Store, node.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance);
        _ = Task.Run(() => tail.RunAsync(stop.Token));
        return tail;
    }

    private static async Task<bool> KillCommitterAsync(LogNode node)
    {
        try
        {
            await using var find = node.DataSource.CreateCommand(
                "select pid from pg_stat_activity where query like '%append_events%' and pid <> pg_backend_pid() and state = 'active' limit 1");
            if (await find.ExecuteScalarAsync() is not int backend)
                return false;
            PostgresCluster.KillBackend(backend);
            return true;
        }
        catch (Exception exception) when (exception is Npgsql.NpgsqlException or ArgumentException)
        {
            return false;
        }
    }

    private AppendLoad StartLoad(LogNode node) => new(node.Store, stop.Token);

    private static async Task ShouldAllBeThereAsync(LogNode node, AppendLoad load)
    {
        await node.Store.SettleAsync();
        var stored = new HashSet<Guid>();
        for (LogPage? page = null; page is not { AtEnd: true };)
        {
            page = await node.Store.ReadLogAsync(page?.Position ?? LogPosition.Start, 10_000, default);
            page.Events.ToList().ForEach(e => stored.Add(e.Id));
        }
        load.Acknowledged.Where(id => !stored.Contains(id)).ShouldBeEmpty();
    }
}

/// <summary>16 writers that append until stopped, and know what was acknowledged.</summary>
internal sealed class AppendLoad
{
    private readonly CancellationTokenSource stop;
    private readonly Task writers;
    private int unavailable;
    private int refused;

    public AppendLoad(IEventStore store, CancellationToken cancellationToken)
    {
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        writers = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => WriteAsync(store))));
    }

    public ConcurrentQueue<Guid> Acknowledged { get; } = new();

    public int Unavailable => Volatile.Read(ref unavailable);

    public int Refused => Volatile.Read(ref refused);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await writers;
    }

    private async Task WriteAsync(IEventStore store)
    {
        while (!stop.IsCancellationRequested)
        {
            var note = Sample.Note();
            try
            {
                if (await store.AppendAsync(Sample.Append(Sample.NewStream(), 0, note), CancellationToken.None) is Appended { Repeated: false })
                    Acknowledged.Enqueue(note.Id);
                else
                    Interlocked.Increment(ref refused);
            }
            catch (EventStoreUnavailableException)
            {
                Interlocked.Increment(ref unavailable);
                await Task.Delay(20);
            }
        }
    }
}
