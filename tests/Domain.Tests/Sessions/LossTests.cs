using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Routing;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>What becomes of sessions whose agent is gone for good.</summary>
public sealed class LossTests
{
    private static readonly Guid Ann = Story.Agent;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void A_conversation_that_loses_its_agent_waits_again_in_its_old_place(SessionKind kind)
    {
        var after = Talking(kind).When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(40))).Then(Returned(kind, "adapter_lost")).State;
        (after.Status, after.AgentId, after.QueueId, after.QueuedAt).ShouldBe((SessionStatus.Queued, null, QueueId, T0));
        after.WrapUpDue.ShouldBeEmpty();
    }

    [Fact]
    public void Who_lost_a_conversation_reads_it_no_more_and_who_is_asked_next_does()
    {
        var returned = Talking(Chat).And(Returned(Chat, "adapter_lost"));
        Talking(Chat).State.IsOpenTo(Ann).ShouldBeTrue();
        returned.State.IsOpenTo(Ann).ShouldBeFalse();
        PassedOn(Chat).State.IsOpenTo(Ann).ShouldBeTrue("their work after it is not done");
        var asked = returned.And(new SessionOffered(SessionId, Chat, OtherOffer, OtherAgent, QueueId, Preparation.None, At(41), At(71))).State;
        asked.IsOpenTo(OtherAgent).ShouldBeTrue();
    }

    [Fact]
    public void What_comes_back_to_an_agent_who_still_wraps_it_up_leaves_them_no_work_to_read_it_by()
    {
        var offered = PassedOn(Chat).And(new SessionOffered(SessionId, Chat, OtherOffer, Ann, OtherQueueId, Preparation.None, At(41), At(71)));
        offered.State.IsOpenTo(Ann).ShouldBeTrue("it is with them");
        offered.And(new OfferFailed(SessionId, OtherOffer, Ann, OfferOutcome.Declined, At(42))).State.IsOpenTo(Ann).ShouldBeFalse("it was, and they did not take it");

        var takenOver = Talking(Chat).And(new SessionTakenOver(SessionId, Chat, Ann, Offer, OtherAgent, OtherOffer, At(40)));
        takenOver.State.WrapUpDue.ShouldBe([Ann]);
        var back = takenOver.And(new SessionTakenOver(SessionId, Chat, OtherAgent, OtherOffer, Ann, Id(60), At(50)));
        back.State.WrapUpDue.ShouldBe([OtherAgent]);
        back.And(new SessionReturned(SessionId, Chat, Ann, Id(60), QueueId, "adapter_lost", T0, At(60))).State.IsOpenTo(Ann).ShouldBeFalse();

        var consulted = Talking(Call).And(
            new SessionTakenOver(SessionId, Call, Ann, Offer, OtherAgent, OtherOffer, At(40)),
            new ConsultationStarted(SessionId, Id(61), OtherAgent, OtherOffer, Ann, QueueId: null, ConsumerId, PhoneNumber: null, Voice: null, At(50), At(80)));
        consulted.State.IsOpenTo(Ann).ShouldBeTrue("they are asked");
        consulted.And(new ConsultationEnded(SessionId, Id(61), OtherOffer, Ann, "declined", At(55))).State.IsOpenTo(Ann).ShouldBeFalse();
    }

    [Fact]
    public void So_does_a_call_on_hold() =>
        OnHold().When(s => SessionDecider.LoseAgent(s, Offer, "deactivated", At(40))).Then(Returned(Call, "deactivated"));

    [Fact]
    public void It_is_lost_once() =>
        Talking(Call).And(Returned(Call, "adapter_lost")).When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(41))).ThenNothing();

    [Fact]
    public void An_agent_asked_or_prepared_only_loses_the_offer()
    {
        Asked(Call).When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(15)))
            .Then(new OfferFailed(SessionId, Offer, Ann, OfferOutcome.AgentLost, At(15)));
        Prepared().When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(15)))
            .Then(new OfferFailed(SessionId, Offer, Ann, OfferOutcome.AgentLost, At(15)));
    }

    [Fact]
    public void Nobody_loses_what_another_has_or_what_is_over()
    {
        Talking(Call).When(s => SessionDecider.LoseAgent(s, OtherOffer, "adapter_lost", At(40))).ThenNothing();
        Over(Call).When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(70))).ThenNothing();
        PassedOn(Call).When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(40))).ThenNothing();
        Nothing().When(s => SessionDecider.LoseAgent(s, Offer, "adapter_lost", At(40))).ThenRejected<NotFoundError>("session.not_found");
    }

    [Fact]
    public void It_is_offered_and_connected_anew_and_was_answered_at_the_first_time() =>
        Talking(Call).And(Returned(Call, "adapter_lost"))
            .When(s => SessionDecider.Offer(s, OtherOffer, OtherAgent, Preparation.None, Timeout, At(41)))
            .Then(new SessionOffered(SessionId, Call, OtherOffer, OtherAgent, QueueId, Preparation.None, At(41), At(71)))
            .When(s => SessionDecider.Accept(s, OtherOffer, OtherAgent, At(42)))
            .Then(new OfferAccepted(SessionId, Call, OtherOffer, OtherAgent, Preparation.None, At(42)), new SessionConnected(SessionId, Call, OtherAgent, OtherOffer, At(42), new Waited(QueueId, 2)))
            .State.ConnectedAt.ShouldBe(At(12));

    [Fact]
    public void Who_lost_it_can_do_nothing_with_it_any_more()
    {
        var returned = Talking(Chat).And(Returned(Chat, "adapter_lost"));
        returned.When(s => SessionDecider.SendMessage(s, Id(50), SessionParty.Agent, Ann, "Still there?", At(41))).ThenRejected<ConflictError>("session.not_connected");
        returned.When(s => SessionDecider.End(s, SessionParty.Agent, Ann, "completed", At(41))).ThenRejected<ForbiddenError>("session.not_yours");
        returned.When(s => SessionDecider.WrapUp(s, Ann, "solved", expired: false, At(41))).ThenRejected<ForbiddenError>("session.not_yours");
    }

    [Fact]
    public void A_consumer_writes_on_while_a_chat_waits_again() =>
        Talking(Chat).And(Returned(Chat, "adapter_lost"))
            .When(s => SessionDecider.SendMessage(s, Id(50), SessionParty.Consumer, ConsumerId, "Hello?", At(41)))
            .Then(new MessageSent(SessionId, ConsumerId, Id(50), 1, SessionParty.Consumer, ConsumerId, new PersonalText("Hello?"), At(41)));

    [Fact]
    public void An_agents_leg_that_broke_gives_the_call_back_and_one_that_hung_up_ends_it()
    {
        Talking(Call).When(s => SessionDecider.EndLeg(s, Offer, "failed", At(40))).Then(Returned(Call, "leg_lost"));
        Talking(Call).When(s => SessionDecider.EndLeg(s, Offer, "hung_up", At(40)))
            .Then(new SessionEnded(SessionId, Call, Ann, Offer, SessionParty.Agent, Ann, "hung_up", Answered: true, At(40)));
        Prepared().When(s => SessionDecider.EndLeg(s, Offer, "busy", At(15))).Then(new OfferFailed(SessionId, Offer, Ann, OfferOutcome.AgentLost, At(15)));
    }

    [Fact]
    public void A_consumers_leg_ends_the_call_however_it_went() =>
        Talking(Call).When(s => SessionDecider.EndLeg(s, SessionId, "failed", At(40)))
            .Then(new SessionEnded(SessionId, Call, Ann, Offer, SessionParty.Consumer, ConsumerId, "failed", Answered: true, At(40)));

    [Fact]
    public void The_agents_place_is_free_at_once()
    {
        var talking = Talking(Call).State;
        Engaged().When(a => AgentDecider.Lose(a, talking, Offer, At(40))).Then(new AgentFreed(Ann, SessionId, At(40)));
        Engaged().When(a => AgentDecider.Lose(a, Prepared().State, Offer, At(40)))
            .Then(new AgentReservationReleased(Ann, SessionId, Offer, OfferOutcome.AgentLost, At(40)));
        Engaged().When(a => AgentDecider.Lose(a, talking, OtherOffer, At(40))).ThenNothing();
        Engaged().And(new AgentFreed(Ann, SessionId, At(39))).When(a => AgentDecider.Lose(a, talking, Offer, At(40))).ThenNothing();
        Given.Agent().When(a => AgentDecider.Lose(a, talking, Offer, At(40))).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void An_agent_who_comes_back_says_so_unless_signed_out_with_nothing_in_hand()
    {
        Engaged().When(a => AgentDecider.Resume(a, At(40))).Then(new AgentResumed(Ann, At(40)));
        Engaged().And(new AgentSignedOut(Ann, "signed_out", At(30))).When(a => AgentDecider.Resume(a, At(40))).Then(new AgentResumed(Ann, At(40)));
        Engaged().And(new AgentSignedOut(Ann, "adapter_lost", At(30)), new AgentFreed(Ann, SessionId, At(30)))
            .When(a => AgentDecider.Resume(a, At(40))).ThenNothing();
        Given.Agent().When(a => AgentDecider.Resume(a, At(40))).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void The_recording_is_silent_in_the_queue_and_a_hold_ends_with_its_agent()
    {
        var id = Id(60);
        var recording = Given.Recording(new RecordingStarted(id, SessionId, Ann, QueueId, At(12), At(12)));
        recording.When(r => RecordingDecider.PauseForQueue(r, At(40))).Then(new RecordingPaused(id, SessionId, 1, PauseReason.Queue, At(40)))
            .When(r => RecordingDecider.PauseForQueue(r, At(41))).ThenNothing();
        recording.And(new RecordingPaused(id, SessionId, 1, PauseReason.Hold, At(20))).When(r => RecordingDecider.PauseForQueue(r, At(40)))
            .Then(new RecordingPauseExtended(id, PauseReason.Queue, At(40)), new RecordingPauseNarrowed(id, PauseReason.Hold, At(40)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Queue, At(50))).Then(new RecordingResumed(id, SessionId, 2, At(50)));
    }

    [Fact]
    public void It_is_offered_before_all_who_came_later_and_first_to_another_agent()
    {
        var (later, other) = (Id(70), Id(71));
        var board = new RoutingBoard();
        IDomainEvent[] story =
        [
            new AgentSignedIn(Ann, new Capacity(1, 1), [Channel.Web], T0), new QueueMemberAdded(QueueId, Ann, T0),
            Requested(Chat), Queued(Chat), Offered(Chat), Accepted(Chat), Connected(Chat),
            Requested(Chat) with { SessionId = later }, Queued(Chat) with { SessionId = later, QueuedAt = At(20) },
            new AgentSignedIn(other, new Capacity(1, 1), [Channel.Web], At(30)), new QueueMemberAdded(QueueId, other, At(30)),
            Returned(Chat, "adapter_lost"),
        ];
        foreach (var happened in story)
            board.Apply(happened);

        board.NextMatches(10, At(40)).ShouldBe([new Match(SessionId, other, QueueId), new Match(later, Ann, QueueId)]);
    }

    private static SessionReturned Returned(SessionKind kind, string reason) => new(SessionId, kind, Ann, Offer, QueueId, reason, T0, At(40));

    private static Given<Agent, AgentEvent> Engaged() => Given.Agent(
        new AgentSignedIn(Ann, new Capacity(1, 2), [Channel.Web], T0),
        new AgentReserved(Ann, SessionId, Offer, Call, At(10)),
        new AgentEngaged(Ann, SessionId, Offer, Call, At(12)));
}
