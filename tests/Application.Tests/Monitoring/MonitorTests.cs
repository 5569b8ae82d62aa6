using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Monitoring;

/// <summary>What is written together, what is not written at all, and who may.</summary>
public sealed class MonitorTests : IAsyncLifetime
{
    private Center center = null!;
    private Guid sue;

    private TestHost Host => center.Host;

    public async Task InitializeAsync()
    {
        center = await Center.OpenAsync(whisper: false);
        await center.SignInAsync();
        sue = (await Host.DoAsync(TestHost.Admin, new CreateUser(null, "sue", "Sue Supervisor", "correct horse battery", [BuiltInRoles.Manager], [center.TeamId]))).Id;
    }

    public async Task DisposeAsync() => await center.DisposeAsync();

    [Fact]
    public async Task Listening_and_coaching_write_nothing_to_the_session()
    {
        var call = await center.ConnectedAsync();
        var before = Host.Stream(Aggregates.Session, call).Count;
        var monitor = await StartAsync(call, MonitorMode.Silent);
        await Host.DoAsync(Sue(), new ChangeMonitorMode(monitor, MonitorMode.Coach, null));
        await Host.DoAsync(Sue(), new StopMonitor(monitor));
        Host.TypesOf(Aggregates.Monitor, monitor).ShouldBe(["monitoring.started.v1", "monitoring.mode_changed.v1", "monitoring.stopped.v1"]);
        Host.Stream(Aggregates.Session, call).Count.ShouldBe(before);
    }

    [Fact]
    public async Task Barging_in_and_stopping_are_one_write_each_with_what_the_session_sees()
    {
        var call = await center.ConnectedAsync();
        var monitor = await StartAsync(call, MonitorMode.Barge);
        Host.Together("session.supervisor_joined.v1").ShouldBe(["monitoring.started.v1", "session.supervisor_joined.v1"]);
        Host.Stream(Aggregates.Session, call)[^1].Data.ShouldBeOfType<SupervisorJoined>().Name.ShouldBe("Sue Supervisor");
        await Host.DoAsync(Sue(), new StopMonitor(monitor));
        Host.Together("session.supervisor_left.v1").ShouldBe(["monitoring.stopped.v1", "session.supervisor_left.v1"]);
    }

    [Fact]
    public async Task Taking_over_is_one_write_with_both_agents_and_again_changes_nothing()
    {
        var call = await center.ConnectedAsync();
        var monitor = await StartAsync(call, MonitorMode.Barge);
        await Host.RefusedAsync("agent.not_signed_in", Sue(), new TakeOverSession(monitor));
        await Host.DoAsync(Sue(), new SignInAgent(sue, new Capacity(1, 0), [Channel.Web]));
        await Host.DoAsync(Sue(), new TakeOverSession(monitor));
        Host.Together("session.taken_over.v1").ShouldBe(
            ["agent.took_over.v1", "agent.wrap_up_started.v1", "monitoring.stopped.v1", "session.supervisor_left.v1", "session.taken_over.v1"]);
        var events = Host.Log.Events.Count;
        await Host.DoAsync(Sue(), new TakeOverSession(monitor));
        Host.Log.Events.Skip(events).ShouldAllBe(e => e.Stream.Category == "audit");
        await Host.DoAsync(Sue(), new EndOwnSession(sue, call));
    }

    [Fact]
    public async Task Whoever_gives_the_session_away_takes_the_supervisors_out_of_it_in_the_same_write()
    {
        var call = await center.ConnectedAsync();
        var monitor = await StartAsync(call, MonitorMode.Barge);
        await Host.DoAsync(TestHost.Agent(center.AgentId), new TransferSession(center.AgentId, call, await center.NewQueueAsync()));
        Host.Together("session.transferred.v1").ShouldContain("session.supervisor_left.v1");
        await Host.DoAsSystemAsync(new SettleMonitor(monitor));
        (await Host.StateAsync(Aggregates.Monitor, monitor)).Mode.ShouldBe(MonitorMode.Silent);
    }

    [Fact]
    public async Task One_that_begins_in_the_moment_of_the_end_ends_when_it_is_looked_at()
    {
        var call = await center.ConnectedAsync();
        Host.Store.BeforeNextAppend = () => Host.DoAsSystemAsync(new LeaveSession(call));
        var monitor = await StartAsync(call, MonitorMode.Coach);
        await Host.DoAsSystemAsync(new SettleMonitor(monitor));
        (await Host.StateAsync(Aggregates.Monitor, monitor)).StopReason.ShouldBe("session_ended");
    }

    [Fact]
    public async Task Barging_in_in_the_moment_of_the_end_is_refused()
    {
        var call = await center.ConnectedAsync();
        Host.Store.BeforeNextAppend = () => Host.DoAsSystemAsync(new LeaveSession(call));
        await Host.RefusedAsync("session.ended", Sue(), new StartMonitor(null, call, MonitorMode.Barge, null));
    }

    [Fact]
    public async Task Each_mode_needs_its_permission_on_the_sessions_queue_and_nobody_touches_the_monitoring_of_another()
    {
        var call = await center.ConnectedAsync();
        var listens = Sue(Permissions.MonitoringListen);
        await Host.RefusedAsync("session.not_found", TestHost.User(sue, Sue().Grants), new StartMonitor(null, call, MonitorMode.Silent, null));
        await Host.RefusedAsync("auth.forbidden", listens, new StartMonitor(null, call, MonitorMode.Coach, null));
        await Host.RefusedAsync("session.not_found", listens, new StartMonitor(null, Host.NewId(), MonitorMode.Silent, null));
        var monitor = (await Host.DoAsync(listens, new StartMonitor(null, call, MonitorMode.Silent, null))).Id;
        await Host.RefusedAsync("auth.forbidden", listens, new ChangeMonitorMode(monitor, MonitorMode.Barge, null));
        await Host.RefusedAsync("auth.forbidden", listens, new TakeOverSession(monitor));
        await Host.RefusedAsync("auth.forbidden", TestHost.Admin, new StopMonitor(monitor));
        await Host.RefusedAsync("auth.forbidden", TestHost.Admin, new GetMonitor(monitor));
        await Host.DoAsync(TestHost.User(sue, []), new StopMonitor(monitor));
    }

    private async Task<Guid> StartAsync(Guid sessionId, MonitorMode mode) => (await Host.DoAsync(Sue(), new StartMonitor(null, sessionId, mode, null))).Id;

    private Caller Sue() => Sue(
        Permissions.MonitoringListen, Permissions.MonitoringCoach, Permissions.MonitoringBarge, Permissions.SessionsHandle);

    private Caller Sue(params string[] permissions) => TestHost.User(sue, [.. permissions.Select(p => new Grant(p, Scope.AssignedTeams))], center.TeamId);
}
