using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>What is shown as possible with a monitoring of one's own is what is accepted and changes something (MON-4).</summary>
public sealed class MonitorActionTests
{
    private static readonly string[] Situations =
    [
        "none", "silent", "coach", "barge", "silent, chat", "barge, chat", "stopped", "session ended", "taken over", "transferred", "held", "waiting chat", "another's", "several", "barge and silent, chat",
    ];

    private static readonly string[] People = ["supervisor with a free place", "supervisor at capacity", "supervisor without an adapter", "listener", "whoever lost the right"];

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var situation in Situations)
            {
                foreach (var who in People)
                    data.Add(situation, who);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Each_action_that_is_shown_is_accepted_and_each_other_one_refused(string situation, string who)
    {
        await using var opened = await Center.OpenAsync();
        var (shown, sessionId) = await LookAsync(opened, situation, who);
        shown.ShouldNotContain(name => shown.Count(n => n == name) > 1);
        List<string> accepted = [];
        List<string> names = [.. SessionActions.OfOwnMonitor.Select(a => a.Name), "monitor", "coach", "barge"];
        foreach (var name in names)
        {
            // Each on a session of its own, since what was done changes what can be done.
            var center = await opened.BesideAsync();
            var stage = await StageAsync(center, situation, who);
            var tried = false;
            foreach (var command in CommandsOf(name, stage))
                tried |= await ChangesAsync(center, stage.Caller, command);
            if (tried)
                accepted.Add(name);
        }

        shown.Where(names.Contains).Order().ShouldBe(accepted.Order(), $"{situation}, {who}: {sessionId}");
    }

    [Fact]
    public async Task Whoever_barged_into_a_chat_is_shown_to_write_take_over_and_stop()
    {
        await using var center = await Center.OpenAsync();
        var beside = await center.BesideAsync();
        var (shown, _) = await LookAsync(beside, "barge, chat", "supervisor with a free place");
        shown.ShouldBe(["monitor", "view_live", "end", "write", "take_over", "stop_monitoring"]);
    }

    private static async Task<(IReadOnlyList<string> Shown, Guid SessionId)> LookAsync(Center opened, string situation, string who)
    {
        var stage = await StageAsync(await opened.BesideAsync(), situation, who);
        var answer = await opened.Host.SendAsync(stage.Caller, new GetSessionActions(stage.SessionId));
        return (answer.IsOk ? answer.Value : [], stage.SessionId);
    }

    private static IEnumerable<ICommand<Receipt>> CommandsOf(string action, Stage stage) => action switch
    {
        "take_over" => stage.Monitors.Select(id => new TakeOverSession(id)),
        "stop_monitoring" => stage.Monitors.Select(id => new StopMonitor(id)),
        "write" => stage.Monitors.Select(id => new SendSupervisorMessage(id, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "Hello.")),
        _ => [new StartMonitor(MonitorId: null, stage.SessionId, Enum.Parse<MonitorMode>(action == "monitor" ? "silent" : action, ignoreCase: true), Voice: null)],
    };

    /// <summary>A session in its situation, and the monitorings of it that somebody may have.</summary>
    private static async Task<Stage> StageAsync(Center center, string situation, string who)
    {
        var host = center.Host;
        var isChat = situation.Contains("chat", StringComparison.Ordinal) || situation == "several";
        var sessionId = situation == "waiting chat" ? await center.WaitingAsync(SessionKind.Chat) : await center.ConnectedAsync(isChat ? SessionKind.Chat : SessionKind.Call);
        var id = await center.NewAgentAsync($"supervisor-{host.NewId():N}");
        var all = TestHost.User(id, Grants(), center.TeamId);
        // At capacity is who takes sessions of the other kind alone.
        var isFree = who.EndsWith("place", StringComparison.Ordinal);
        if (who.StartsWith("supervisor", StringComparison.Ordinal) && !who.EndsWith("adapter", StringComparison.Ordinal))
            await center.SignInAsync(id, calls: isFree || isChat ? 1 : 0, chats: isFree || !isChat ? 1 : 0);
        MonitorMode[] modes = situation switch
        {
            "none" => [],
            "coach" => [MonitorMode.Coach],
            "barge" or "barge, chat" or "transferred" => [MonitorMode.Barge],
            "several" or "barge and silent, chat" => [MonitorMode.Silent, MonitorMode.Barge],
            _ => [MonitorMode.Silent],
        };
        var beginner = situation == "another's" ? TestHost.Admin : all;
        List<Guid> monitors = [];
        foreach (var mode in modes)
            monitors.Add((await host.DoAsync(beginner, new StartMonitor(MonitorId: null, sessionId, mode, Voice: null))).Id);
        await GoOnAsync(center, situation, sessionId, beginner, monitors);
        return new Stage(sessionId, monitors, CallerFor(who, all, center));
    }

    private static async Task GoOnAsync(Center center, string situation, Guid sessionId, Caller supervisor, List<Guid> monitors)
    {
        var agent = TestHost.Agent(center.AgentId);
        switch (situation)
        {
            case "stopped":
                await center.Host.DoAsync(supervisor, new StopMonitor(monitors[0]));
                break;
            case "session ended":
                await center.Host.DoAsync(agent, new EndOwnSession(center.AgentId, sessionId));
                break;
            case "held":
                await center.Host.DoAsync(agent, new HoldSession(center.AgentId, sessionId));
                break;
            case "transferred":
                await center.Host.DoAsync(agent, new TransferSession(center.AgentId, sessionId, await center.NewQueueAsync()));
                break;
            case "taken over":
                // Only who can, does; else it is as if it had only been listened to.
                await center.Host.SendAsync(supervisor, new TakeOverSession(monitors[0]));
                break;
        }
    }

    private static Caller CallerFor(string who, Caller all, Center center) => who switch
    {
        "listener" => TestHost.User(all.UserId!.Value, [new(Permissions.MonitoringListen, Scope.AssignedTeams), new(Permissions.MonitoringRead, Scope.AssignedTeams)], center.TeamId),
        "whoever lost the right" => TestHost.User(all.UserId!.Value, [new(Permissions.SessionsRead, Scope.AssignedTeams)], center.TeamId),
        _ => all,
    };

    private static Grant[] Grants() =>
    [
        new(Permissions.MonitoringRead, Scope.AssignedTeams), new(Permissions.MonitoringListen, Scope.AssignedTeams), new(Permissions.MonitoringCoach, Scope.AssignedTeams),
        new(Permissions.MonitoringBarge, Scope.AssignedTeams), new(Permissions.SessionsHandle, Scope.AssignedTeams), new(Permissions.SessionsEnd, Scope.AssignedTeams),
    ];

    private static async Task<bool> ChangesAsync(Center center, Caller caller, ICommand<Receipt> command)
    {
        var before = Facts(center);
        await center.Host.SendAsync(caller, command);
        return Facts(center) > before;
    }

    private static int Facts(Center center) => center.Host.Log.Events.Count(e => e.Data is SessionEvent or MonitorEvent);

    private sealed record Stage(Guid SessionId, IReadOnlyList<Guid> Monitors, Caller Caller);
}
