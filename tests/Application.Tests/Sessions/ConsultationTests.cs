using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Application.Tests.Sessions.OutsideTests;

namespace ContactCenter.Application.Tests.Sessions;

/// <summary>Warm transfers: an agent asks somebody while the consumer is on hold, and then hands the call over or goes on (REC-1).</summary>
public sealed class ConsultationTests : IAsyncLifetime
{
    private const string Number = "+4930123456";
    private Center center = null!;
    private Guid ben;
    private Guid call;

    private Caller Ann => TestHost.Agent(center.AgentId);

    private Caller Ben => TestHost.Agent(ben);

    public async Task InitializeAsync()
    {
        center = await TalkingAsync();
        ben = await center.NewAgentAsync("ben", center.QueueId);
        await center.SignInAsync(ben);
        call = await center.ConnectedAsync();
    }

    public async Task DisposeAsync() => await center.DisposeAsync();

    [Fact]
    public async Task The_other_agent_is_asked_and_the_two_speak_where_nothing_is_recorded()
    {
        await AskAsync();
        center.Host.Together("session.consultation_started.v1").ShouldBe(
            ["agent.reserved.v1", "recording.pause_extended.v1", "recording.paused.v1", "session.consultation_started.v1", "session.held.v1"]);
        var consultation = await JoinAsync();
        (await center.AgentAsync(ben)).WorkOn(call)!.Phase.ShouldBe(WorkPhase.Engaged);
        Commands(center, call).OfType<PlaceLeg>().Last().ShouldSatisfyAllConditions(p => p.LegId.ShouldBe(consultation), p => p.Space.ShouldBe(SpaceKind.Consultation));
        Commands(center, call).OfType<MoveLeg>().Last().Space.ShouldBe(SpaceKind.Consultation);
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Hold, PauseReason.Consultation]);
        // The consumer is told of a hold and nothing else.
        ConsumerView.Of(await center.Host.DoAsync(TestHost.Admin, new GetSession(call))).Status.ShouldBe(SessionStatus.Held);
    }

    [Fact]
    public async Task Only_a_queue_that_would_take_the_call_is_asked()
    {
        await RefusedAsync(await center.NewQueueAsync(channel: Channel.Mobile), "queue.other_channel");
        await RefusedAsync(center.Host.NewId(), "queue.not_found");
        var gone = await center.NewQueueAsync();
        await center.Host.DoAsync(TestHost.Admin, new ArchiveQueue(gone), ifMatch: center.Host.Stream(Aggregates.Queue, gone).Count);
        await RefusedAsync(gone, "queue.archived");
        var closed = await center.NewQueueAsync();
        await center.Host.DoAsync(TestHost.Admin, new SetQueueHours(closed, new("Europe/Berlin")), ifMatch: center.Host.Stream(Aggregates.Queue, closed).Count);
        await RefusedAsync(closed, "queue.not_a_transfer_target");

        Task RefusedAsync(Guid queueId, string code) =>
            center.Host.RefusedAsync(code, Ann, new StartConsultation(center.AgentId, call, WhomId: null, queueId, PhoneNumber: null));
    }

    [Fact]
    public async Task Handed_over_the_call_is_the_other_agents_and_is_recorded_on()
    {
        var before = (await center.SessionAsync(call)).OfferId!.Value;
        await AskAsync();
        var consultation = await JoinAsync();
        await center.Host.DoAsync(Ann, new CompleteConsultation(center.AgentId, call));
        center.Host.Together("session.consultation_completed.v1").ShouldBe(
            ["agent.wrap_up_started.v1", "recording.pause_narrowed.v1", "recording.resumed.v2", "session.consultation_completed.v1"]);
        var session = await center.SessionAsync(call);
        (session.Status, session.AgentId, session.OfferId, session.Consultation).ShouldBe((SessionStatus.Connected, ben, consultation, null));
        var media = Commands(center, call).TakeLast(4).ToList();
        media[0].ShouldBeOfType<HangUpLeg>().LegId.ShouldBe(before);
        media.Skip(1).Take(2).Cast<MoveLeg>().Select(m => (m.LegId, m.Space)).ShouldBe([(consultation, SpaceKind.Conversation), (call, SpaceKind.Conversation)]);
        media[3].ShouldBeOfType<StartSegment>().Segment.ShouldBe(2);

        // Again changes nothing, and the new agent does what any agent does.
        var events = center.Host.Stream(Aggregates.Session, call).Count;
        await center.Host.DoAsync(Ann, new CompleteConsultation(center.AgentId, call));
        center.Host.Stream(Aggregates.Session, call).Count.ShouldBe(events);
        await center.Host.DoAsync(Ben, new HoldSession(ben, call));
        await center.Host.DoAsync(Ben, new EndOwnSession(ben, call));
        (await center.AgentAsync(ben)).WorkOn(call)!.Phase.ShouldBe(WorkPhase.WrapUp);
        var transfer = (await center.Host.DoAsync(TestHost.Admin, new GetSession(call))).Transfers.ShouldHaveSingleItem();
        (transfer.FromAgentId, transfer.ToAgentId, transfer.Outcome).ShouldBe((center.AgentId, ben, "completed"));
    }

    [Fact]
    public async Task Cancelled_the_consumer_is_back_and_the_other_agent_free()
    {
        await AskAsync();
        await JoinAsync();
        await center.Host.DoAsync(Ann, new CancelConsultation(center.AgentId, call));
        center.Host.Together("session.resumed.v1").ShouldBe(
            ["agent.freed.v1", "recording.pause_narrowed.v1", "recording.resumed.v2", "session.consultation_ended.v1", "session.resumed.v1"]);
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
        await center.Host.RefusedAsync("session.no_consultation", Ann, new CancelConsultation(center.AgentId, call));
    }

    [Theory]
    [InlineData("declined")]
    [InlineData("no_answer")]
    [InlineData("left")]
    [InlineData("agent_lost")]
    [InlineData("failed")]
    public async Task Whoever_is_asked_and_goes_leaves_the_consumer_on_hold_with_who_asked(string reason)
    {
        var consultation = await AskAsync();
        switch (reason)
        {
            case "declined":
                await center.Host.DoAsync(Ben, new DeclineOffer(ben, call, consultation, Reason: null));
                break;
            case "no_answer":
                await center.Host.DoAsSystemAsync(new ExpireOffer(call, consultation));
                (await center.SessionAsync(call)).Consultation.ShouldNotBeNull();
                center.Host.Clock.Advance(SessionDecider.LongestAsking);
                await center.Host.DoAsSystemAsync(new ExpireOffer(call, consultation));
                break;
            case "left":
                await JoinAsync();
                await EndedAsync(center, call, consultation, "hung_up");
                break;
            case "agent_lost":
                await JoinAsync();
                await center.Host.DoAsSystemAsync(new SignOutLostAgent(ben, TestHost.LastSeen));
                break;
            default:
                await center.Host.DoAsync(Ben, new AcceptOffer(ben, call, consultation));
                await EndedAsync(center, call, consultation, "failed");
                break;
        }

        var session = await center.SessionAsync(call);
        (session.Status, session.AgentId, session.Consultation).ShouldBe((SessionStatus.Held, center.AgentId, null));
        ((ConsultationEnded)center.Host.Stream(Aggregates.Session, call)[^1].Data).Reason.ShouldBe(reason);
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
        (await center.AgentAsync(ben)).Unanswered.ShouldBe(reason is "no_answer" or "failed" ? 1 : 0);
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Hold]);
        Commands(center, call).TakeLast(2).First().ShouldBeOfType<HangUpLeg>().LegId.ShouldBe(consultation);
        await center.Host.DoAsync(Ann, new ResumeSession(center.AgentId, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consumer_who_hangs_up_meanwhile_ends_all_of_it(bool isJoined)
    {
        var consultation = await AskAsync();
        if (isJoined)
            await JoinAsync();
        await EndedAsync(center, call, call, "hung_up");
        var session = await center.SessionAsync(call);
        (session.Status, session.Consultation).ShouldBe((SessionStatus.Ended, null));
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
        (await center.AgentAsync()).WorkOn(call)!.Phase.ShouldBe(WorkPhase.WrapUp);
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Stopped);
        await center.Host.RefusedAsync("session.ended", Ann, new CompleteConsultation(center.AgentId, call));
        await AnsweredAsync(center, call, consultation);
        center.Host.TypesOf(Aggregates.Session, call)[^1].ShouldBe("session.ended.v2");
    }

    [Theory]
    [InlineData("adapter")]
    [InlineData("leg")]
    [InlineData("hung_up")]
    public async Task Who_asked_and_is_lost_gives_the_call_back_to_its_queue_and_frees_the_other(string how)
    {
        await AskAsync();
        await JoinAsync();
        var offer = (await center.SessionAsync(call)).OfferId!.Value;
        if (how == "adapter")
            await center.Host.DoAsSystemAsync(new SignOutLostAgent(center.AgentId, TestHost.LastSeen));
        else
            await EndedAsync(center, call, offer, how == "leg" ? "failed" : how);
        var session = await center.SessionAsync(call);
        (session.Status, session.AgentId, session.Consultation).ShouldBe((SessionStatus.Queued, null, null));
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
        (await center.AgentAsync()).Work.ShouldBeEmpty();
        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Queue]);
    }

    [Fact]
    public async Task The_consumer_who_hangs_up_at_the_moment_of_the_hand_over_wins_or_loses_whole()
    {
        await AskAsync();
        await JoinAsync();
        center.Host.Store.BeforeNextAppend = () => center.Host.DoAsync(TestHost.Sdk, new LeaveSession(call));
        await center.Host.RefusedAsync("session.ended", Ann, new CompleteConsultation(center.AgentId, call));
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_else_is_done_with_the_call_meanwhile()
    {
        await AskAsync();
        await center.Host.RefusedAsync("session.consultation_not_joined", Ann, new CompleteConsultation(center.AgentId, call));
        await center.Host.RefusedAsync("session.consulting", Ann, new ResumeSession(center.AgentId, call));
        await center.Host.RefusedAsync("session.consulting", Ann, new TransferSession(center.AgentId, call, await center.NewQueueAsync()));
        await center.Host.RefusedAsync("session.consulting", Caller(center), new TransferOutside(center.AgentId, call, Number));
        await center.Host.RefusedAsync("session.consulting", Ann, new StartConsultation(center.AgentId, call, ben, null, null));
        await center.Host.RefusedAsync("session.not_yours", Ben, new CompleteConsultation(ben, call));
        await center.Host.RefusedAsync("session.not_yours", Ben, new CancelConsultation(ben, call));
        var third = await center.NewAgentAsync("cy", center.QueueId);
        var consultation = (await center.SessionAsync(call)).Consultation!.Id;
        await center.Host.RefusedAsync("session.not_found", TestHost.Agent(third), new AcceptOffer(third, call, consultation));
    }

    [Fact]
    public async Task Who_cannot_be_asked_is_not()
    {
        await center.Host.RefusedAsync("request.invalid", Ann, new StartConsultation(center.AgentId, call, null, null, null));
        await center.Host.RefusedAsync("request.invalid", Ann, new StartConsultation(center.AgentId, call, ben, center.QueueId, null));
        await center.Host.RefusedAsync("request.invalid", Ann, new StartConsultation(center.AgentId, call, center.AgentId, null, null));
        await center.Host.RefusedAsync("agent.not_found", Ann, new StartConsultation(center.AgentId, call, center.Host.NewId(), null, null));
        await center.Host.RefusedAsync("auth.forbidden", Ann, new StartConsultation(center.AgentId, call, null, null, Number));
        await center.Host.DoAsync(Ben, new PauseAgent(ben, "break"));
        await center.Host.RefusedAsync("agent.not_available", Ann, new StartConsultation(center.AgentId, call, ben, null, null));
        await center.Host.RefusedAsync("session.nobody_free", Ann, new StartConsultation(center.AgentId, call, null, center.QueueId, null));
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Connected);
    }

    [Fact]
    public async Task A_queue_is_asked_by_its_longest_idle_agent()
    {
        center.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        var third = await center.NewAgentAsync("cy", center.QueueId);
        await center.SignInAsync(third);
        await center.Host.DoAsync(Ann, new StartConsultation(center.AgentId, call, null, center.QueueId, null));
        var consultation = (await center.SessionAsync(call)).Consultation!;
        consultation.AgentId.ShouldBe(ben);
        await center.Host.DoAsync(Ben, new DeclineOffer(ben, call, consultation.Id, Reason: null));
        await center.Host.DoAsync(Ann, new StartConsultation(center.AgentId, call, null, center.QueueId, null));
        (await center.SessionAsync(call)).Consultation!.AgentId.ShouldBe(third);
    }

    [Fact]
    public async Task Somebody_outside_is_asked_and_gets_the_call()
    {
        var ann = Caller(center);
        await center.Host.DoAsync(ann, new StartConsultation(center.AgentId, call, null, null, Number));
        var consultation = (await center.SessionAsync(call)).Consultation!.Id;
        var placed = Commands(center, call).OfType<PlaceLeg>().Last();
        (await center.Host.Get<PartyNumbers>().FindAsync(placed, CancellationToken.None))!.Value.Number.Value.ShouldBe(Number);
        center.Host.Log.Outbox.ShouldNotContain(m => m.Payload.Contains(Number, StringComparison.Ordinal));
        await AnsweredAsync(center, call, consultation);
        await center.Host.DoAsync(ann, new CompleteConsultation(center.AgentId, call));
        var session = await center.SessionAsync(call);
        (session.Status, session.Outside!.PartyId, session.AgentId).ShouldBe((SessionStatus.Outside, consultation, null));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
        await EndedAsync(center, call, consultation, "hung_up");
        (await center.SessionAsync(call)).Status.ShouldBe(SessionStatus.Ended);
    }

    [Theory]
    [InlineData(true, RecordingStatus.Recording)]
    [InlineData(false, RecordingStatus.Paused)]
    public async Task A_pause_ends_with_the_hand_over_to_somebody_outside_and_stays_for_an_agent_to_end(bool isOutside, RecordingStatus after)
    {
        var ann = Caller(center);
        await center.Host.DoAsync(ann, new PauseRecording(center.AgentId, call));
        if (isOutside)
        {
            await center.Host.DoAsync(ann, new StartConsultation(center.AgentId, call, null, null, Number));
            await AnsweredAsync(center, call, (await center.SessionAsync(call)).Consultation!.Id);
        }
        else
        {
            await AskAsync();
            await JoinAsync();
        }

        (await RecordingAsync(center, call)).PausedFor.Keys.ShouldBe([PauseReason.Agent, PauseReason.Hold, PauseReason.Consultation]);
        await center.Host.DoAsync(ann, new CompleteConsultation(center.AgentId, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(after);
        if (isOutside)
            return;
        await center.Host.DoAsync(Ben, new ResumeRecording(ben, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Fact]
    public async Task An_agent_on_their_own_number_is_consulted_there()
    {
        await center.Host.DoAsync(Ben, new SetForwarding(ben, Number));
        var consultation = await AskAsync();
        await center.Host.DoAsync(Ben, new AcceptOffer(ben, call, consultation));
        Commands(center, call).OfType<PlaceLeg>().Last().ForwardedAgentId.ShouldBe(ben);
        center.Host.Clock.Advance(SessionDecider.LongestRingingOfAgents);
        await center.Host.DoAsSystemAsync(new ExpireOffer(call, consultation));
        (await center.SessionAsync(call)).Consultation.ShouldBeNull();
        (await center.AgentAsync(ben)).Unanswered.ShouldBe(1);
    }

    [Fact]
    public async Task A_supervisor_hears_nothing_of_it_and_who_takes_over_ends_it()
    {
        var supervisor = await center.NewAgentAsync("sue");
        await center.SignInAsync(supervisor);
        var sue = TestHost.User(supervisor, TestHost.Admin.Grants);
        var monitor = (await center.Host.DoAsync(sue, new StartMonitor(MonitorId: null, call, MonitorMode.Barge, Voice: null))).Id;
        await AskAsync();
        await JoinAsync();
        // Listeners have the conversation's tap, and who barged in is in that space: the consultation is another.
        Commands(center, call).OfType<MoveLeg>().Where(m => m.Space == SpaceKind.Consultation).ShouldHaveSingleItem();
        await center.Host.DoAsync(sue, new TakeOverSession(monitor));
        center.Host.Together("session.taken_over.v1").ShouldContain("session.consultation_ended.v1");
        var session = await center.SessionAsync(call);
        (session.Status, session.AgentId, session.Consultation).ShouldBe((SessionStatus.Held, supervisor, null));
        (await center.AgentAsync(ben)).Work.ShouldBeEmpty();
        await center.Host.DoAsync(sue, new ResumeSession(supervisor, call));
        (await RecordingAsync(center, call)).Status.ShouldBe(RecordingStatus.Recording);
    }

    [Fact]
    public async Task Who_barged_in_or_coaches_speaks_no_more_once_it_is_handed_over()
    {
        var sue = TestHost.User(await center.NewAgentAsync("sue"), TestHost.Admin.Grants);
        var barged = (await center.Host.DoAsync(sue, new StartMonitor(MonitorId: null, call, MonitorMode.Barge, Voice: null))).Id;
        var coach = TestHost.User(await center.NewAgentAsync("cal"), TestHost.Admin.Grants);
        var coaching = (await center.Host.DoAsync(coach, new StartMonitor(MonitorId: null, call, MonitorMode.Coach, Voice: null))).Id;
        await AskAsync();
        await JoinAsync();
        await center.Host.DoAsync(Ann, new CompleteConsultation(center.AgentId, call));
        foreach (var monitor in new[] { barged, coaching })
        {
            await center.Host.DoAsSystemAsync(new SettleMonitor(monitor));
            (await center.Host.StateAsync(Aggregates.Monitor, monitor)).Mode.ShouldBe(MonitorMode.Silent);
        }
    }

    private async Task<Guid> AskAsync()
    {
        await center.Host.DoAsync(Ann, new StartConsultation(center.AgentId, call, ben, null, null));
        return (await center.SessionAsync(call)).Consultation!.Id;
    }

    private async Task<Guid> JoinAsync()
    {
        var consultation = (await center.SessionAsync(call)).Consultation!.Id;
        await center.Host.DoAsync(Ben, new AcceptOffer(ben, call, consultation));
        await AnsweredAsync(center, call, consultation);
        (await center.SessionAsync(call)).Consultation!.Stage.ShouldBe(ConsultationStage.Joined);
        return consultation;
    }
}
