using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>An agent is gone for good: what was in hand goes back, in one write.</summary>
public sealed class LostAgentTests
{
    [Fact]
    public async Task A_call_goes_back_silent_with_its_agent_freed_in_one_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        var queuedAt = (await center.SessionAsync(sessionId)).QueuedAt;
        await LoseAsync(center);

        center.Host.Together("agent.signed_out.v2").ShouldBe(["agent.freed.v1", "agent.signed_out.v2", "recording.paused.v1", "session.returned.v1"]);
        var session = await center.SessionAsync(sessionId);
        (session.Status, session.QueuedAt, session.AgentId).ShouldBe((SessionStatus.Queued, queuedAt, null));
        (await center.AgentAsync()).ShouldSatisfyAllConditions(a => a.Presence.ShouldBe(Presence.Offline), a => a.Work.ShouldBeEmpty());
        (await RecordingAsync(center, sessionId)).PausedFor.Keys.ShouldBe([PauseReason.Queue]);
    }

    [Fact]
    public async Task Another_agent_goes_on_with_it_and_with_its_recording_also_after_a_hold()
    {
        await using var center = await Center.OpenAsync();
        var second = await center.NewAgentAsync("bob", center.QueueId);
        await center.SignInAsync();
        await center.SignInAsync(second);
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new HoldSession(center.AgentId, sessionId));
        await LoseAsync(center);

        await center.Host.DoAsSystemAsync(new OfferSession(sessionId, second));
        var offerId = (await center.SessionAsync(sessionId)).OfferId!.Value;
        await center.Host.DoAsync(TestHost.Agent(second), new AcceptOffer(second, sessionId, offerId));
        await center.Host.DoAsSystemAsync(new ConnectSession(sessionId, offerId));
        (await RecordingAsync(center, sessionId)).ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(RecordingStatus.Recording), r => r.Segments.ShouldBe(2));
    }

    [Fact]
    public async Task All_that_is_in_hand_goes_back_each_in_its_way()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var chat = await center.ConnectedAsync(SessionKind.Chat);
        var (offered, _) = await center.OfferedAsync(SessionKind.Chat);
        var call = await center.ConnectedAsync();
        await LoseAsync(center);

        foreach (var sessionId in new[] { chat, offered, call })
            (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Queued);
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        center.Host.Together("agent.signed_out.v2").Count(t => t == "session.returned.v1").ShouldBe(2);
    }

    [Fact]
    public async Task An_adapter_seen_since_is_not_lost()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsSystemAsync(new SignOutLostAgent(center.AgentId, TestHost.LastSeen - TimeSpan.FromSeconds(5)));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Connected);
        (await center.AgentAsync()).Presence.ShouldBe(Presence.Available);
    }

    [Fact]
    public async Task Losing_an_agent_twice_changes_nothing()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        await center.ConnectedAsync();
        await LoseAsync(center);
        var events = center.Host.Log.Events.Count;
        await LoseAsync(center);
        center.Host.Log.Events.Count.ShouldBe(events);
    }

    [Fact]
    public async Task Who_signs_out_keeps_a_conversation_and_loses_it_with_the_adapter()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new SignOutAgent(center.AgentId, "signed_out"));
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Connected);

        await LoseAsync(center);
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Queued);
        center.Host.Together("session.returned.v1").ShouldBe(["agent.freed.v1", "session.returned.v1"]);
    }

    [Fact]
    public async Task A_deactivated_user_is_signed_out_and_loses_what_was_in_hand_in_the_same_write()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync(SessionKind.Chat);
        await center.Host.DoAsync(TestHost.Admin, new DeactivateUser(center.AgentId));
        center.Host.Together("user.deactivated.v1").ShouldBe(["agent.freed.v1", "agent.signed_out.v2", "session.returned.v1", "user.deactivated.v1"]);
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Queued);
    }

    [Fact]
    public async Task A_user_who_never_was_an_agent_is_just_deactivated()
    {
        await using var center = await Center.OpenAsync();
        await center.Host.DoAsync(TestHost.Admin, new DeactivateUser(center.AgentId));
        center.Host.Together("user.deactivated.v1").ShouldBe(["user.deactivated.v1"]);
    }

    [Fact]
    public async Task A_call_that_ends_at_the_same_moment_is_over()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        center.Host.Store.BeforeNextAppend = () => center.Host.DoAsync(TestHost.Sdk, new LeaveSession(sessionId));
        await LoseAsync(center);
        (await center.SessionAsync(sessionId)).Status.ShouldBe(SessionStatus.Ended);
        (await center.AgentAsync()).Presence.ShouldBe(Presence.Offline);
    }

    [Fact]
    public async Task An_agents_leg_that_broke_gives_the_call_back_and_leaves_the_agent_signed_in()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        var offerId = (await center.SessionAsync(sessionId)).OfferId!.Value;
        await center.Host.DoAsSystemAsync(new EndLeg(sessionId, offerId, "failed"));
        center.Host.Together("session.returned.v1").ShouldBe(["agent.freed.v1", "recording.paused.v1", "session.returned.v1"]);
        (await center.AgentAsync()).ShouldSatisfyAllConditions(a => a.Presence.ShouldBe(Presence.Available), a => a.Free(SessionKind.Call).ShouldBe(1));
    }

    [Fact]
    public async Task A_recording_whose_engine_died_is_looked_after_at_once()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        await center.Host.DoAsSystemAsync(new EndLostCall(sessionId, "media_lost"));
        center.Host.Together("session.ended.v2").ShouldContain("recording.stopped.v1");
        var stopped = center.Host.Stream(Aggregates.Recording, RecordingId.Of(sessionId)).Single(e => e.Data is RecordingStopped);
        ((RecordingStopped)stopped.Data).EngineLost.ShouldBeTrue();
        var now = center.Host.Clock.GetUtcNow();
        new RecordingRecoveryEffects().Of(new NewEvent(stopped.Id, stopped.Data), now).ShouldHaveSingleItem().DueAt.ShouldBe(now);
    }

    private static Task<Receipt> LoseAsync(Center center) => center.Host.DoAsSystemAsync(new SignOutLostAgent(center.AgentId, TestHost.LastSeen));

    private static Task<Recording> RecordingAsync(Center center, Guid sessionId) => center.Host.StateAsync(Aggregates.Recording, RecordingId.Of(sessionId));
}
