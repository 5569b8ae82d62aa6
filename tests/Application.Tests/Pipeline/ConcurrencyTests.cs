using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Pipeline;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Ending_needs_the_version_looked_at()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        var end = new EndSession(sessionId, Confirm: true, "stuck");
        await center.Host.RefusedAsync("request.version_missing", TestHost.Admin, end);
        (await center.Host.SendAsync(TestHost.Admin, end, ifMatch: 1)).Error.ShouldBeOfType<StaleVersionError>().CurrentVersion.ShouldBe(3);
        await center.Host.RefusedAsync("session.confirmation_required", TestHost.Admin, end with { Confirm = false });
        (await center.SessionAsync(sessionId)).IsLive.ShouldBeTrue();
        await center.Host.DoAsync(TestHost.Admin, end, ifMatch: 3);
        (await center.SessionAsync(sessionId)).IsLive.ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_that_changes_just_before_the_append_is_not_ended_by_mistake()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync(SessionKind.Chat);
        center.Host.Store.BeforeNextAppend = () => center.Host.DoAsync(TestHost.Sdk, new SendConsumerMessage(sessionId, center.Host.NewId(), "Wait!"));
        await center.Host.RefusedAsync("request.stale_version", TestHost.Admin, new EndSession(sessionId, Confirm: true, "stuck"), ifMatch: 2);
        (await center.SessionAsync(sessionId)).IsLive.ShouldBeTrue();
    }

    [Fact]
    public async Task Of_two_edits_of_one_version_one_wins_and_the_other_is_stale()
    {
        await using var center = await Center.OpenAsync();
        var version = (await center.Host.DoAsync(TestHost.Admin, new GetQueue(center.QueueId))).Version;
        var answers = await Task.WhenAll(Enumerable.Range(1, 10).Select(n => Task.Run(() => center.Host.SendAsync(
            TestHost.Admin, new ConfigureQueueHandling(center.QueueId, new HandlingRules(10 + n, 0)), ifMatch: version))));
        answers.Count(a => a.IsOk).ShouldBe(1);
        answers.Where(a => !a.IsOk).ShouldAllBe(a => a.Error is StaleVersionError);
    }

    [Fact]
    public async Task Messages_written_at_once_are_all_there()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync(SessionKind.Chat);
        center.Host.Store.RoundTrip = TimeSpan.FromMilliseconds(2);
        // More than anybody has attempts: who loses a race waits for a turn.
        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(n => Task.Run(() => center.Host.SendAsync(
            TestHost.Sdk, new SendConsumerMessage(sessionId, center.Host.NewId(), $"Message {n}")))));
        answers.ShouldAllBe(a => a.IsOk);
        (await center.SessionAsync(sessionId)).Messages.Count.ShouldBe(200);
    }

    [Fact]
    public async Task A_refusal_on_what_this_node_remembers_is_looked_at_again()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        await using var otherNode = new TestHost(sharingLogWith: center.Host);
        await center.SignInAsync();
        await otherNode.DoAsSystemAsync(new OfferSession(sessionId, center.AgentId));
        var offerId = (await otherNode.StateAsync(Aggregates.Session, sessionId)).OfferId!.Value;
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, sessionId, offerId));
    }

    [Fact]
    public async Task A_command_on_a_hot_session_reads_nothing()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        var before = center.Host.Store.StreamReads;
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new SendAgentMessage(center.AgentId, sessionId, center.Host.NewId(), "Hello."));
        center.Host.Store.StreamReads.ShouldBe(before);
    }

    [Fact]
    public async Task What_another_node_wrote_is_forgotten_here()
    {
        await using var center = await Center.OpenAsync();
        await using var otherNode = new TestHost(sharingLogWith: center.Host);
        using var stop = new CancellationTokenSource();
        var tail = center.Host.Get<Infrastructure.EventStore.LogTail>().RunAsync(stop.Token);
        var follower = center.Host.Get<CacheInvalidation>().RunAsync(stop.Token);
        var stream = Aggregates.Queue.Stream(center.QueueId);
        var cache = center.Host.Get<AggregateCache>();
        await center.Host.StateAsync(Aggregates.Queue, center.QueueId);
        cache.Find<Queue>(stream).ShouldNotBeNull();
        await Testing.Eventually.TrueAsync(async () =>
        {
            await otherNode.DoAsSystemAsync(new RenameQueue(center.QueueId, $"Name {otherNode.NewId()}"));
            return cache.Find<Queue>(stream) is null;
        });
        await stop.CancelAsync();
        await Task.WhenAny(Task.WhenAll(tail, follower));
    }
}
