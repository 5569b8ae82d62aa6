using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Tests.Agents;

/// <summary>A supervisor signs an agent out; statuses of the center's own; and what ends by itself.</summary>
public sealed class ForcedSignOutTests
{
    [Fact]
    public async Task What_is_in_hand_goes_back_in_the_same_write_with_who_and_why()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var call = await center.ConnectedAsync();
        var (offered, _) = await center.OfferedAsync(SessionKind.Chat);
        var manager = Manager(center.TeamId);
        await center.Host.DoAsync(manager, new ForceAgentSignOut(center.AgentId, "Went home and forgot."));

        center.Host.Together("agent.signed_out.v2").ShouldBe(
            ["agent.freed.v1", "agent.reservation_released.v1", "agent.signed_out.v2", "recording.paused.v1", "session.offer_failed.v1", "session.returned.v1"]);
        var signedOut = center.Host.Stream(Aggregates.Agent, center.AgentId).Last(e => e.Data is AgentSignedOut);
        ((AgentSignedOut)signedOut.Data).ShouldSatisfyAllConditions(e => e.Reason.ShouldBe("forced"), e => e.Words?.Value.ShouldBe("Went home and forgot."));
        (signedOut.Metadata.Actor, signedOut.Metadata.Command).ShouldBe((manager.Actor, "ForceAgentSignOut"));
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Queued);
        (await center.SessionAsync(offered)).Status.ShouldBe(SessionStatus.Queued);
        (await center.AgentAsync()).ShouldSatisfyAllConditions(a => a.Presence.ShouldBe(Presence.Offline), a => a.Work.ShouldBeEmpty());

        await center.SignInAsync();
        (await center.AgentAsync()).Presence.ShouldBe(Presence.Available);
    }

    [Fact]
    public async Task Only_a_supervisor_of_the_agents_team_may_and_a_refusal_is_in_the_audit_trail()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var command = new ForceAgentSignOut(center.AgentId, "because");
        await center.Host.RefusedAsync("agent.not_found", Manager(center.Host.NewId()), command);
        center.Host.Log.Events[^1].Data.ShouldBeOfType<CommandWithoutEffect>().ShouldSatisfyAllConditions(
            d => d.Code.ShouldBe("auth.forbidden"), d => d.Subject.ShouldBe($"user-{center.AgentId}"));
        await center.Host.RefusedAsync("auth.forbidden", TestHost.Agent(center.AgentId), command);
        await center.Host.RefusedAsync("request.invalid", TestHost.Admin, command with { Reason = " " });
        await center.Host.RefusedAsync("agent.not_found", TestHost.Admin, new ForceAgentSignOut(center.Host.NewId(), "because"));
        await center.Host.RefusedAsync("request.stale_version", TestHost.Admin, command, ifMatch: 99);
        (await center.AgentAsync()).Presence.ShouldBe(Presence.Available);
    }

    [Fact]
    public async Task A_custom_status_is_chosen_once_it_is_defined_and_no_longer_once_it_is_gone()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var agent = TestHost.Agent(center.AgentId);
        var training = new PauseAgent(center.AgentId, "training");
        await center.Host.RefusedAsync("agent.status_unknown", agent, training);
        await center.Host.DoAsync(TestHost.Admin, new DefineAgentStatuses(new AgentStatuses([new("training", "Training")])), ifMatch: 0);
        await center.Host.DoAsync(agent, training);
        (await center.AgentAsync()).ShouldSatisfyAllConditions(a => a.Presence.ShouldBe(Presence.Paused), a => a.PauseReason.ShouldBe("training"));

        await center.Host.DoAsync(TestHost.Admin, new DefineAgentStatuses(AgentStatuses.None), ifMatch: 1);
        (await center.AgentAsync()).PauseReason.ShouldBe("training");
        await center.Host.DoAsync(agent, new MakeAgentAvailable(center.AgentId));
        await center.Host.RefusedAsync("agent.status_unknown", agent, training);
    }

    [Fact]
    public async Task A_stuck_call_ends_with_all_that_hangs_on_it_once_the_center_wants_that()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var call = await center.ConnectedAsync();
        center.Host.Clock.Advance(TimeSpan.FromHours(6));
        await center.Host.DoAsSystemAsync(new EndStuckSession(call));
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);

        await center.Host.DoAsync(TestHost.Admin, new ConfigureMonitoring(MonitoringRules.Default with { EndStuck = true }), ifMatch: 0);
        await center.Host.DoAsSystemAsync(new EndStuckSession(call));
        var ended = (SessionEnded)center.Host.Stream(Aggregates.Session, call).Single(e => e.Data is SessionEnded).Data;
        (ended.By, ended.Reason, ended.AgentId).ShouldBe((SessionParty.System, "stuck", center.AgentId));
        center.Host.Together("session.ended.v2").ShouldBe(["agent.wrap_up_started.v1", "recording.stopped.v1", "session.ended.v2"]);
    }

    [Fact]
    public async Task A_queue_may_be_more_patient_than_the_center()
    {
        await using var center = await Center.OpenAsync();
        var queue = center.Host.Stream(Aggregates.Queue, center.QueueId).Count;
        await center.Host.DoAsync(
            TestHost.Admin, new ConfigureQueueHandling(center.QueueId, HandlingRules.Default with { StuckAfterMinutes = 600 }), ifMatch: queue);
        await center.Host.DoAsync(TestHost.Admin, new ConfigureMonitoring(MonitoringRules.Default with { EndStuck = true }), ifMatch: 0);
        var call = await center.WaitingAsync();
        center.Host.Clock.Advance(TimeSpan.FromHours(9));
        await center.Host.DoAsSystemAsync(new EndStuckSession(call));
        (await center.SessionAsync(call)).IsLive.ShouldBeTrue();
        center.Host.Clock.Advance(TimeSpan.FromHours(1));
        await center.Host.DoAsSystemAsync(new EndStuckSession(call));
        (await center.SessionAsync(call)).IsLive.ShouldBeFalse();
    }

    private static Application.Messaging.Caller Manager(Guid team) =>
        TestHost.User(Guid.Parse("00000000-0000-7000-8000-00000000b0b0"), BuiltInRoles.Grants(BuiltInRoles.Manager)!, team);
}
