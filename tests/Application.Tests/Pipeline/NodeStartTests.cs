using ContactCenter.Application.Agents.Adapter;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Testing;

namespace ContactCenter.Application.Tests.Pipeline;

/// <summary>What follows the log from now on, on a node that has yet to find out where the log ends.</summary>
public sealed class NodeStartTests
{
    private const int Before = 3_000;

    [Fact]
    public async Task A_node_reads_only_what_is_new_however_long_the_log_is()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        for (var i = 0; i < Before; i += 500)
            await center.Host.Log.AppendAsync(LongAgo(500), CancellationToken.None);
        await using var node = new TestHost(sharingLogWith: center.Host);
        using var stop = new CancellationTokenSource();
        var feed = node.Get<ILiveFeed>();
        var hub = new AdapterHub(feed, node.Clock);
        Task[] following = [node.Get<CacheInvalidation>().RunAsync(stop.Token), node.Get<MonitorStreams>().RunAsync(stop.Token), hub.RunAsync(stop.Token)];
        var opening = new SessionWatch(node.Store, feed, node.Get<AggregateReader>(), node.Clock).OpenAsync(sessionId, seen: null, stop.Token);
        // Everybody has asked for the feed before it knows anything.
        opening.IsCompleted.ShouldBeFalse();

        var tail = node.Get<LogTail>().RunAsync(stop.Token);
        var session = (await opening).NextAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var next = session.MoveNextAsync().AsTask();
        await center.SignInAsync();
        await center.Host.DoAsSystemAsync(new OfferSession(sessionId, center.AgentId));

        (await next).ShouldBeTrue();
        var end = await node.Log.ReadEndAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => hub.Position >= end);
        node.Store.LogEventsRead.ShouldBeLessThan(100);
        await stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll([tail, .. following]));
    }

    [Fact]
    public async Task What_another_node_writes_about_the_start_is_not_missed_by_what_was_cached_before()
    {
        await using var center = await Center.OpenAsync();
        await using var node = new TestHost(sharingLogWith: center.Host);
        var renamedLater = await center.NewQueueAsync();
        using var stop = new CancellationTokenSource();
        foreach (var id in new[] { center.QueueId, renamedLater })
            await node.StateAsync(Aggregates.Queue, id);
        var following = node.Get<CacheInvalidation>().RunAsync(stop.Token);

        await center.Host.DoAsSystemAsync(new RenameQueue(center.QueueId, "Before the end is read"));
        node.Store.AfterNextReadEnd = async () => await center.Host.DoAsSystemAsync(new RenameQueue(renamedLater, "After it is read"));
        var tail = node.Get<LogTail>().RunAsync(stop.Token);

        await Eventually.TrueAsync(async () =>
            await NameAsync(node, center.QueueId) == "Before the end is read" && await NameAsync(node, renamedLater) == "After it is read");
        await stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(tail, following));
    }

    /// <summary>As a query sees it: without a look at the log where the state is cached.</summary>
    private static async Task<string> NameAsync(TestHost node, Guid queueId) =>
        (await node.Get<AggregateReader>().LoadAsync(Aggregates.Queue, queueId, CancellationToken.None)).State.Name;

    private static Append LongAgo(int count)
    {
        var session = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        NewEvent[] events = [.. Enumerable.Range(0, count).Select(_ => new NewEvent(Sample.NewId(), new Domain.Sessions.SessionHeld(session, session, TimeProvider.System.GetUtcNow())))];
        return Sample.Append(Aggregates.Session.Stream(session), 0, events);
    }
}
