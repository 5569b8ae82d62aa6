using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>What must agree is in one write: session, agent and recording.</summary>
public sealed class TogetherTests
{
    [Fact]
    public async Task A_session_offered_and_an_agent_reserved_are_one_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        await center.OfferedAsync();
        center.Host.Together("session.offered.v1").ShouldBe(["agent.reserved.v1", "session.offered.v1"]);
    }

    [Fact]
    public async Task Accepting_engages_the_agent_and_without_whisper_connects_and_records()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, sessionId, offerId));
        center.Host.Together("session.offer_accepted.v1").ShouldBe(
            ["agent.engaged.v1", "recording.started.v2", "session.connected.v1", "session.offer_accepted.v1"]);
    }

    [Fact]
    public async Task Connecting_after_the_whisper_records_in_the_same_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        await center.ConnectedAsync();
        center.Host.Together("session.connected.v1").ShouldBe(["recording.started.v2", "session.connected.v1"]);
    }

    [Fact]
    public async Task An_expired_offer_frees_the_agent_and_keeps_the_place_in_the_queue()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        var queuedAt = (await center.SessionAsync(sessionId)).QueuedAt;
        await center.Host.DoAsSystemAsync(new ExpireOffer(sessionId, offerId));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Offered, "the timer fired too early");
        center.Host.Clock.Advance(TimeSpan.FromSeconds(31));
        await center.Host.DoAsSystemAsync(new ExpireOffer(sessionId, offerId));
        center.Host.Together("session.offer_failed.v1").ShouldBe(["agent.reservation_released.v1", "session.offer_failed.v1"]);
        var session = await center.SessionAsync(sessionId);
        (session.Status, session.QueuedAt).ShouldBe((SessionStatus.Queued, queuedAt));
        (await center.AgentAsync()).Work.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_end_starts_the_wrap_up_and_stops_the_recording()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        center.Host.Together("session.ended.v2").ShouldBe(["agent.wrap_up_started.v1", "recording.stopped.v1", "session.ended.v2"]);
    }

    [Fact]
    public async Task Without_time_for_a_wrap_up_the_agent_is_done_with_the_session_at_its_end()
    {
        await using var center = await Center.OpenAsync();
        var queue = await center.Host.StateAsync(Aggregates.Queue, center.QueueId);
        var rules = new ConfigureQueueHandling(center.QueueId, queue.Handling with { WrapUpSeconds = 0 });
        await center.Host.DoAsync(TestHost.Admin, rules, ifMatch: center.Host.Stream(Aggregates.Queue, center.QueueId).Count);
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        center.Host.Together("session.ended.v2").ShouldBe(["agent.freed.v1", "recording.stopped.v1", "session.ended.v2", "session.wrapped_up.v2"]);
        (await center.SessionAsync(sessionId)).IsOpenTo(center.AgentId).ShouldBeFalse();
    }

    [Fact]
    public async Task No_agent_is_rung_after_the_caller_hung_up()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var (sessionId, offerId) = await center.OfferedAsync();
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        (await center.SessionAsync(sessionId)).OfferId.ShouldBeNull();
        await center.Host.RefusedAsync("offer.not_open", TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, sessionId, offerId));
        await center.Host.RefusedAsync("session.ended", ContactCenter.Application.Messaging.Caller.System("tests"), new OfferSession(sessionId, center.AgentId));
        center.Host.TypesOf(Aggregates.Session, sessionId)[^1].ShouldBe("session.ended.v2");
    }

    [Fact]
    public async Task No_agent_stays_reserved_for_a_caller_who_hung_up()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var (sessionId, _) = await center.OfferedAsync();
        (await center.AgentAsync()).Work.ShouldHaveSingleItem().Phase.ShouldBe(WorkPhase.Reserved);
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        center.Host.Together("session.ended.v2").ShouldBe(["agent.reservation_released.v1", "session.ended.v2"]);
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        // Free for the next one.
        await center.OfferedAsync();
    }

    [Fact]
    public async Task A_transfer_queues_again_wraps_up_and_silences_the_recording()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new TransferSession(center.AgentId, sessionId, await center.NewQueueAsync()));
        center.Host.Together("session.transferred.v1").ShouldBe(
            ["agent.wrap_up_started.v1", "recording.paused.v1", "session.queued.v1", "session.transferred.v1"]);
    }

    [Fact]
    public async Task A_transferred_call_goes_on_in_the_same_recording()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        var other = await center.NewQueueAsync(whisper: false);
        var second = await center.NewAgentAsync("bob", other);
        await center.SignInAsync();
        await center.SignInAsync(second);
        var (sessionId, offerId) = await center.OfferedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new AcceptOffer(center.AgentId, sessionId, offerId));
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new TransferSession(center.AgentId, sessionId, other));
        await center.Host.DoAsSystemAsync(new OfferSession(sessionId, second));
        await center.Host.DoAsync(TestHost.Agent(second), new AcceptOffer(second, sessionId, (await center.SessionAsync(sessionId)).OfferId!.Value));
        center.Host.Together("recording.resumed.v2").ShouldBe(
            ["agent.engaged.v1", "recording.resumed.v2", "session.connected.v1", "session.offer_accepted.v1"]);
    }

    [Fact]
    public async Task Hold_silences_the_recording_in_the_same_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new HoldSession(center.AgentId, sessionId));
        center.Host.Together("session.held.v1").ShouldBe(["recording.paused.v1", "session.held.v1"]);
    }

    [Fact]
    public async Task Signing_out_takes_the_open_offer_back_in_the_same_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var (sessionId, _) = await center.OfferedAsync();
        await center.Host.DoAsSystemAsync(new SignOutLostAgent(center.AgentId, TestHost.LastSeen));
        center.Host.Together("agent.signed_out.v2").ShouldBe(
            ["agent.reservation_released.v1", "agent.signed_out.v2", "session.offer_failed.v1"]);
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Queued);
    }

    [Fact]
    public async Task A_wrap_up_ends_with_its_time()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        await center.Host.DoAsSystemAsync(new ExpireWrapUp(center.AgentId, sessionId));
        (await center.AgentAsync()).Work.ShouldHaveSingleItem().Phase.ShouldBe(WorkPhase.WrapUp);
        center.Host.Clock.Advance(TimeSpan.FromSeconds(31));
        await center.Host.DoAsSystemAsync(new ExpireWrapUp(center.AgentId, sessionId));
        center.Host.Together("session.wrapped_up.v2").ShouldBe(["agent.freed.v1", "session.wrapped_up.v2"]);
    }

    [Fact]
    public async Task Two_offers_of_one_session_at_once_reserve_one_agent()
    {
        await using var center = await Center.OpenAsync();
        var second = await center.NewAgentAsync("bob", center.QueueId);
        await center.SignInAsync();
        await center.SignInAsync(second);
        var sessionId = await center.WaitingAsync();
        center.Host.Store.BeforeNextAppend = () => center.Host.DoAsSystemAsync(new OfferSession(sessionId, second));
        await center.Host.RefusedAsync("session.not_waiting", ContactCenter.Application.Messaging.Caller.System("tests"), new OfferSession(sessionId, center.AgentId));
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        (await center.AgentAsync(second)).Work.ShouldHaveSingleItem();
        center.Host.TypesOf(Aggregates.Session, sessionId).Count(t => t == "session.offered.v1").ShouldBe(1);
    }
}
