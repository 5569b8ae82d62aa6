using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.EventStore;

public sealed class LogTailTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly CancellationTokenSource stop = new(TimeSpan.FromMinutes(2));
    private LogNode node = null!;
    private LogNode other = null!;

    public async Task InitializeAsync()
    {
        node = await LogNode.StartAsync(database.ConnectionString);
        other = await LogNode.StartAsync(database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await stop.CancelAsync();
        await node.DisposeAsync();
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_subscriber_gets_what_both_nodes_append_once_and_in_log_order()
    {
        var tail = Start(new LogTailOptions());
        await AppendSomeAsync(node, 20);
        var subscriber = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);

        await Task.WhenAll(AppendSomeAsync(node, 150), AppendSomeAsync(other, 150));

        await subscriber.ShouldHaveReadAllAsync(node.Store);
    }

    [Fact]
    public async Task Late_and_slow_subscribers_read_the_log_and_rejoin_without_gap_or_double()
    {
        // A ring this small overtakes everybody who ever stops.
        var tail = Start(new LogTailOptions { Capacity = 16, Page = 10 });
        await AppendSomeAsync(node, 100);
        var late = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);
        var slow = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token, delayEach: 50);
        var fast = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);

        await Task.WhenAll(AppendSomeAsync(node, 300), AppendSomeAsync(other, 300));

        await fast.ShouldHaveReadAllAsync(node.Store);
        await late.ShouldHaveReadAllAsync(node.Store);
        await slow.ShouldHaveReadAllAsync(node.Store);
    }

    [Fact]
    public async Task A_subscriber_resumes_after_the_position_it_has_seen()
    {
        var tail = Start(new LogTailOptions { Capacity = 64 });
        await AppendSomeAsync(node, 50);
        await node.Store.SettleAsync();
        var seen = (await node.Store.ReadLogAsync(LogPosition.Start, 30, default)).Events[^1].Position;
        var subscriber = Subscriber.Start(tail, seen, filter: null, stop.Token);

        await AppendSomeAsync(node, 50);

        await subscriber.ShouldHaveReadAllAsync(node.Store, after: seen);
    }

    [Fact]
    public async Task A_filter_lets_through_only_what_it_is_asked_for()
    {
        var tail = Start(new LogTailOptions { Capacity = 32 });
        var mine = Sample.NewStream();
        var subscriber = Subscriber.Start(tail, LogPosition.Start, e => e.Stream == mine, stop.Token);
        await AppendSomeAsync(other, 200);
        await node.Store.AppendAsync(Sample.Append(mine, 0, Sample.Notes(2)), default);
        await AppendSomeAsync(other, 200);
        await node.Store.AppendAsync(Sample.Append(mine, 2, Sample.Notes(1)), default);

        await Eventually.TrueAsync(() => subscriber.Seen.Count == 3);
        subscriber.Seen.ShouldAllBe(e => e.Stream == mine);
    }

    [Fact]
    public async Task A_throwing_filter_ends_its_own_subscription_only()
    {
        var tail = Start(new LogTailOptions());
        var broken = Subscriber.Start(tail, LogPosition.Start, _ => throw new InvalidOperationException("filter"), stop.Token);
        var healthy = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);

        await AppendSomeAsync(node, 20);

        (await Should.ThrowAsync<InvalidOperationException>(() => broken.Completion)).Message.ShouldBe("filter");
        await healthy.ShouldHaveReadAllAsync(node.Store);
    }

    [Fact]
    public async Task A_tail_run_again_gives_an_attached_subscriber_what_came_meanwhile()
    {
        using var first = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var tail = new LogTail(node.Store, node.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance);
        var running = tail.RunAsync(first.Token);
        var subscriber = Subscriber.Start(tail, LogPosition.Start, filter: null, stop.Token);
        for (var round = 0; round < 2; round++)
        {
            await AppendSomeAsync(node, 10);
            await subscriber.ShouldHaveReadAllAsync(node.Store);
        }

        await first.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
        await AppendSomeAsync(other, 10);
        await node.Store.SettleAsync();
        _ = tail.RunAsync(stop.Token);
        await AppendSomeAsync(node, 10);

        await subscriber.ShouldHaveReadAllAsync(node.Store);
    }

    private LogTail Start(LogTailOptions options)
    {
        var tail = new LogTail(node.Store, node.Store.Committed, TimeProvider.System, NullLogger<LogTail>.Instance, options);
        _ = Task.Run(() => tail.RunAsync(stop.Token));
        return tail;
    }

    private static async Task AppendSomeAsync(LogNode on, int count)
    {
        for (var i = 0; i < count; i += 2)
            (await on.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Notes(2)), default)).ShouldBeOfType<Appended>();
    }
}

/// <summary>A live subscriber that keeps what it sees.</summary>
public sealed class Subscriber
{
    public ConcurrentQueue<StoredEvent> Seen { get; } = new();

    public Task Completion { get; private init; } = Task.CompletedTask;

    public static Subscriber Start(
        ILiveFeed feed, LogPosition after, Func<StoredEvent, bool>? filter, CancellationToken cancellationToken, int delayEach = int.MaxValue)
    {
        var seen = new ConcurrentQueue<StoredEvent>();
        return new Subscriber(seen) { Completion = Task.Run(Read) };

        async Task Read()
        {
            await foreach (var @event in feed.SubscribeAsync(after, filter, cancellationToken))
            {
                seen.Enqueue(@event);
                if (seen.Count % delayEach == 0)
                    await Task.Delay(20, cancellationToken);
            }
        }
    }

    private Subscriber(ConcurrentQueue<StoredEvent> seen) => Seen = seen;

    public async Task ShouldHaveReadAllAsync(IEventStore store, LogPosition after = default)
    {
        await store.SettleAsync();
        var expected = new List<Guid>();
        for (LogPage? page = null; page is not { AtEnd: true };)
        {
            page = await store.ReadLogAsync(page?.Position ?? after, 1000, default);
            expected.AddRange(page.Events.Select(e => e.Id));
        }
        await Eventually.TrueAsync(() => Seen.Count >= expected.Count);
        Seen.Select(e => e.Id).ShouldBe(expected);
    }
}
