using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>What is shown as possible is what is accepted and changes something, for everybody and everywhere (MON-4).</summary>
public sealed class ActionTests
{
    private static readonly string[] Situations =
        ["waiting", "offered", "preparing", "connected", "held", "paused", "asking", "consulting", "outside", "passed on", "ended", "wrapped up", "chat waiting", "chat connected", "chat ended"];

    private static readonly string[] People =
    [
        "admin", "manager of the team", "manager of another team", "the agent", "another agent", "ends, in the agent's queues", "ends, in other queues",
        "listens, in the team", "reads, in the team", "nobody's permission",
    ];

    public static TheoryData<string> All => [.. Situations];

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_is_shown_is_what_is_accepted_and_changes_something(string situation)
    {
        foreach (var who in People)
        {
            await using var opened = await Center.OpenAsync();
            var other = await opened.NewAgentAsync("bob");
            var center = await opened.BesideAsync();
            var sessionId = await ReachAsync(center, situation);
            var caller = CallerFor(who, center, other);
            var shown = await center.Host.SendAsync(caller, new GetSessionActions(sessionId));
            var accepted = new List<string>();
            foreach (var action in SessionActions.All)
            {
                // Each on a session of its own, since what was done changes what can be done.
                var tried = await opened.BesideAsync();
                if (await IsAcceptedAsync(tried, await ReachAsync(tried, situation), action, CallerFor(who, tried, other)))
                    accepted.Add(action.Name);
            }

            // Who may not even look at the session is shown nothing; what they may do without that is the agent's alone.
            var expected = shown.IsOk ? string.Join(' ', shown.Value) : "";
            expected.ShouldBe(string.Join(' ', accepted), $"{situation}, {who}: {shown.Error?.Code}");
        }
    }

    [Fact]
    public async Task Who_may_only_look_is_shown_nothing_to_do()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync();
        var sessionId = await center.ConnectedAsync();
        (await center.Host.DoAsync(CallerFor("reads, in the team", center, default), new GetSessionActions(sessionId))).ShouldBeEmpty();
        (await center.Host.DoAsync(TestHost.Admin, new GetSessionActions(sessionId))).ShouldBe(["monitor", "coach", "barge", "end"]);
        (await center.Host.DoAsync(TestHost.Agent(center.AgentId), new GetSessionActions(sessionId))).ShouldBe(["hold", "transfer", "consult", "pause_recording", "redact_recording", "complete"]);
    }

    private static async Task<Guid> ReachAsync(Center center, string situation)
    {
        var agent = TestHost.Agent(center.AgentId);
        switch (situation)
        {
            case "waiting":
                return await center.WaitingAsync();
            case "offered":
                return (await center.OfferedAsync()).SessionId;
            case "preparing":
                var (prepared, offerId) = await center.OfferedAsync();
                await center.Host.DoAsync(agent, new AcceptOffer(center.AgentId, prepared, offerId));
                return prepared;
            case "chat waiting":
                return await center.WaitingAsync(SessionKind.Chat);
            case "chat connected":
                return await center.ConnectedAsync(SessionKind.Chat);
        }

        var id = await center.ConnectedAsync(situation.StartsWith("chat", StringComparison.Ordinal) ? SessionKind.Chat : SessionKind.Call);
        ICommand<Receipt>? next = situation switch
        {
            "held" => new HoldSession(center.AgentId, id),
            "paused" => new PauseRecording(center.AgentId, id),
            "asking" or "consulting" => new StartConsultation(center.AgentId, id, (center.AskedId = await center.NewColleagueAsync()).Value, QueueId: null, PhoneNumber: null),
            "passed on" => new TransferSession(center.AgentId, id, await center.NewQueueAsync()),
            "ended" or "chat ended" or "wrapped up" => new EndOwnSession(center.AgentId, id),
            _ => null,
        };
        if (next is not null)
            await center.Host.DoAsync(agent, next);
        if (situation == "outside")
            await center.Host.DoAsync(OutsideTests.Caller(center), new TransferOutside(center.AgentId, id, "+4930123456"));
        if (situation == "consulting")
            await ConsultAsync(center, id, center.AskedId!.Value);
        if (situation == "wrapped up")
            await center.Host.DoAsync(agent, new FinishWrapUp(center.AgentId, id, null));
        return id;
    }

    private static async Task ConsultAsync(Center center, Guid id, Guid asked)
    {
        var consultation = (await center.SessionAsync(id)).Consultation!.Id;
        await center.Host.DoAsync(TestHost.Agent(asked), new AcceptOffer(asked, id, consultation));
        await center.Host.DoAsSystemAsync(new AnswerLeg(id, consultation));
    }

    private static async Task<bool> IsAcceptedAsync(Center center, Guid sessionId, SessionAction action, Caller caller)
    {
        var session = await center.SessionAsync(sessionId);
        var agentId = caller.UserId ?? Guid.Empty;
        var offerId = (session.Consultation is { } asked && asked.AgentId == agentId ? asked.Id : session.OfferId) ?? center.Host.NewId();
        var whom = action == SessionActions.Consult ? await center.NewColleagueAsync() : Guid.Empty;
        var before = Facts(center);
        switch (action.Name)
        {
            case "end":
                var version = center.Host.Stream(Aggregates.Session, sessionId).Count;
                await center.Host.SendAsync(caller, new EndSession(sessionId, Confirm: true, "because"), ifMatch: version);
                break;
            default:
                await center.Host.SendAsync(caller, CommandOf(action.Name, sessionId, agentId, offerId, await center.NewQueueAsync(), whom));
                break;
        }

        return Facts(center) > before;
    }

    private static ICommand<Receipt> CommandOf(string action, Guid sessionId, Guid agentId, Guid offerId, Guid target, Guid whom) => action switch
    {
        "monitor" => new StartMonitor(MonitorId: null, sessionId, MonitorMode.Silent, Voice: null),
        "coach" => new StartMonitor(MonitorId: null, sessionId, MonitorMode.Coach, Voice: null),
        "barge" => new StartMonitor(MonitorId: null, sessionId, MonitorMode.Barge, Voice: null),
        "view_live" => new ViewChat(sessionId),
        "accept" => new AcceptOffer(agentId, sessionId, offerId),
        "decline" => new DeclineOffer(agentId, sessionId, offerId, Reason: null),
        "hold" => new HoldSession(agentId, sessionId),
        "resume" => new ResumeSession(agentId, sessionId),
        "transfer" => new TransferSession(agentId, sessionId, target),
        "transfer_outside" => new TransferOutside(agentId, sessionId, "+4930123456"),
        "consult" => new StartConsultation(agentId, sessionId, whom, QueueId: null, PhoneNumber: null),
        "consult_outside" => new StartConsultation(agentId, sessionId, WhomId: null, QueueId: null, "+4930123456"),
        "hand_over" => new CompleteConsultation(agentId, sessionId),
        "cancel_consultation" => new CancelConsultation(agentId, sessionId),
        "send_message" => new SendAgentMessage(agentId, sessionId, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), "Hello."),
        "complete" => new EndOwnSession(agentId, sessionId),
        "wrap_up" => new FinishWrapUp(agentId, sessionId, Disposition: null),
        "pause_recording" => new PauseRecording(agentId, sessionId),
        "resume_recording" => new ResumeRecording(agentId, sessionId),
        "redact_recording" => new RedactRecording(agentId, sessionId),
        "end_redaction" => new EndRedaction(agentId, sessionId),
        _ => throw new InvalidOperationException($"No command for {action}: add it here."),
    };

    /// <summary>What happened to sessions, recordings and monitorings; the queue made for a transfer is none of it.</summary>
    private static int Facts(Center center) => center.Host.Log.Events.Count(e => e.Data is SessionEvent or Domain.Recordings.RecordingEvent or MonitorEvent);

    private static Caller CallerFor(string who, Center center, Guid other)
    {
        var id = Guid.Parse("00000000-0000-7000-8000-00000000b0b0");
        var manager = BuiltInRoles.Grants(BuiltInRoles.Manager)!;
        return who switch
        {
            "admin" => TestHost.Admin,
            "manager of the team" => TestHost.User(id, manager, center.TeamId),
            "manager of another team" => TestHost.User(id, manager, id),
            "the agent" => TestHost.Agent(center.AgentId),
            "another agent" => TestHost.Agent(other),
            "the agent, who may call outside" => OutsideTests.Caller(center),
            "the agent asked" => TestHost.Agent(center.AskedId ?? other),
            "ends, in the agent's queues" => TestHost.User(center.AgentId, [new(Permissions.SessionsEnd, Scope.AssignedQueues), new(Permissions.SessionsRead, Scope.AssignedQueues)]),
            "ends, in other queues" => TestHost.User(other, [new(Permissions.SessionsEnd, Scope.AssignedQueues), new(Permissions.SessionsRead, Scope.AssignedQueues)]),
            "listens, in the team" => TestHost.User(id, [new(Permissions.MonitoringListen, Scope.AssignedTeams), new(Permissions.SessionsRead, Scope.AssignedTeams)], center.TeamId),
            "reads, in the team" => TestHost.User(id, [new(Permissions.SessionsRead, Scope.AssignedTeams)], center.TeamId),
            _ => TestHost.User(id, []),
        };
    }
}
