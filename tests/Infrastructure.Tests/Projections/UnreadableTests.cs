using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

/// <summary>A newer build's event on the way through an older build's node.</summary>
public sealed class UnreadableTests : IAsyncLifetime
{
    private string connectionString = null!;
    private ProjectionNode node = null!;
    private LogNode newer = null!;

    public static EventTypeRegistry NewerTypes { get; } = new(
        typeof(SessionEvent).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IDomainEvent)))
            .Concat([typeof(SampleNoted), typeof(FutureEvent)]));

    public static NewEvent FromTheFuture() => new(Sample.NewId(), new FutureEvent("nobody here knows"));

    public async Task InitializeAsync()
    {
        // A database for each test: a projection that begins anew would stop at the other tests' events.
        connectionString = await PostgresFixture.CreateDatabaseAsync();
        node = await ProjectionNode.StartAsync(connectionString);
        newer = await LogNode.StartAsync(connectionString, NewerTypes);
    }

    public async Task DisposeAsync()
    {
        await newer.DisposeAsync();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task An_unreadable_event_that_comes_live_pauses_the_projections_it_may_concern_and_no_other()
    {
        var all = node.Run(new NotesProjection("of_all"));
        var ofSamples = node.Run(new NotesProjection("of_samples") { Of = ["sample"] });
        var ofQueues = node.Run(new QueuesProjection());
        await node.CatchUpAsync(all);
        await node.CatchUpAsync(ofSamples);
        await node.CatchUpAsync(ofQueues);
        var stream = Sample.NewStream();
        var unreadable = FromTheFuture();
        await node.AppendAsync(stream, 0, Sample.Note("before", 1));
        await newer.Store.AppendAsync(Sample.Append(stream, 1, unreadable), CancellationToken.None);
        await node.AppendAsync(stream, 2, Sample.Note("after", 2));

        foreach (var name in new[] { "of_all", "of_samples" })
        {
            await Eventually.TrueAsync(async () => (await StatusAsync(name)).Status == "paused");
            var error = (await StatusAsync(name)).Error.ShouldNotBeNull();
            (error.EventId, error.EventType).ShouldBe((unreadable.Id, "future.happened.v1"));
        }

        await node.CatchUpAsync(ofQueues);
        (await StatusAsync("queues")).Status.ShouldBe("live");
        (await all.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(1);

        // A retry by the same build changes nothing; leaving it out goes on after it.
        (await Control.RetryAsync("of_all", CancellationToken.None)).ShouldBeTrue();
        await Eventually.TrueAsync(async () => (await StatusAsync("of_all")).Status == "paused");
        (await Control.SkipAsync("of_all", unreadable.Id, "User:x", CancellationToken.None)).ShouldBeTrue();
        await node.CatchUpAsync(all);
        (await all.FindAsync(stream.Value, CancellationToken.None)).ShouldNotBeNull().Sum.ShouldBe(3);
        (await StatusAsync("of_samples")).Status.ShouldBe("paused");
    }

    [Fact]
    public async Task A_projection_that_wants_events_of_a_category_it_does_not_name_pauses_instead_of_missing_some()
    {
        var rows = node.Run(new NotesProjection("nameless") { Of = ["queue"] });
        await node.CatchUpAsync(rows);
        await node.AppendAsync(Sample.NewStream(), 0, Sample.Note());
        await Eventually.TrueAsync(async () => (await StatusAsync("nameless")).Status == "paused");
        (await StatusAsync("nameless")).Error.ShouldNotBeNull().Message.ShouldContain("does not name");
    }

    [Fact]
    public async Task A_subscriber_of_the_tail_gets_an_unreadable_event_in_its_place()
    {
        var stream = Sample.NewStream();
        List<StoredEvent> seen = [];
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var reading = Task.Run(async () =>
        {
            await foreach (var happened in node.Tail.SubscribeAsync(LogPosition.Start, e => e.Stream == stream, stop.Token))
            {
                seen.Add(happened);
                if (seen.Count == 3)
                    break;
            }
        });
        await newer.Store.AppendAsync(Sample.Append(stream, 0, Sample.Note(), FromTheFuture(), Sample.Note()), CancellationToken.None);
        await reading;
        seen.Select(e => (e.Version, e.Data is UnreadableEvent)).ShouldBe([(1L, false), (2L, true), (3L, false)]);
    }

    [Fact]
    public async Task A_key_that_does_not_open_makes_its_own_consumers_events_unreadable_and_harms_nobody_else()
    {
        var (harmed, healthy) = (Sample.NewId(), Sample.NewId());
        NewEvent[] written = [Written(healthy), Written(harmed), Written(healthy)];
        var stream = Sample.NewStream();
        await node.AppendAsync(stream, 0, written);
        await node.AppendAsync(StreamId.For("queue", Sample.NewId()), 0, Sample.Note());
        await node.Log.Store.SettleAsync();
        var intact = await DamageAsync(harmed);

        // A node that has not seen the key before.
        await using var late = await ProjectionNode.StartAsync(connectionString);
        late.Run(new NotesProjection("late") { Of = ["sample"] });
        var ofQueues = late.Run(new QueuesProjection());

        await late.CatchUpAsync(ofQueues);
        await Eventually.TrueAsync(async () => (await StatusAsync("late")).Status == "paused");
        (await StatusAsync("late")).Error.ShouldNotBeNull().EventId.ShouldBe(written[1].Id);
        var now = await late.Tail.NowAsync(CancellationToken.None);
        await node.AppendAsync(Sample.NewStream(), 0, Written(harmed));
        await using var live = late.Tail.SubscribeAsync(now, filter: null, late.Stopping).GetAsyncEnumerator();
        (await live.MoveNextAsync()).ShouldBeTrue();
        live.Current.Data.ShouldBeOfType<UnreadableEvent>();
        (await IsUnreadableAsync(late, stream)).ShouldBe([false, true, false]);
        await Should.ThrowAsync<InvalidOperationException>(() => late.AppendAsync(Sample.NewStream(), 0, Written(harmed)));
        (await late.AppendAsync(Sample.NewStream(), 0, Written(healthy))).ShouldBeOfType<Appended>();

        await RestoreAsync(harmed, intact);
        (await IsUnreadableAsync(late, stream)).ShouldBe([false, false, false]);
    }

    private static NewEvent Written(Guid consumer) => new(Sample.NewId(), new SampleWritten(consumer, new PersonalText("Ada Lovelace"), 1));

    private static async Task<IEnumerable<bool>> IsUnreadableAsync(ProjectionNode on, StreamId stream) =>
        (await on.Log.Store.ReadLogAsync(LogPosition.Start, 1000, CancellationToken.None)).Events.Where(e => e.Stream == stream).Select(e => e.Data is UnreadableEvent);

    private async Task<byte[]> DamageAsync(Guid consumer)
    {
        await using var read = node.Log.DataSource.CreateCommand("select wrapped_key from personal_data_keys where consumer_id = $1");
        read.Parameters.Add(new() { Value = consumer });
        var intact = (byte[])(await read.ExecuteScalarAsync())!;
        await RestoreAsync(consumer, [.. intact[..^1], (byte)~intact[^1]]);
        return intact;
    }

    private async Task RestoreAsync(Guid consumer, byte[] wrapped)
    {
        await using var write = node.Log.DataSource.CreateCommand("update personal_data_keys set wrapped_key = $2 where consumer_id = $1");
        write.Parameters.Add(new() { Value = consumer });
        write.Parameters.Add(new() { Value = wrapped });
        (await write.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    private ProjectionControl Control => new(node.Log.DataSource, [], TimeProvider.System);

    private async Task<ProjectionStatus> StatusAsync(string name) => (await Control.ListAsync(CancellationToken.None)).First(p => p.Name == name);

    [EventType("future.happened.v1")]
    private sealed record FutureEvent(string What) : IDomainEvent;
}
