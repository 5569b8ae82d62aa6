using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>Parties on a telephone number, and consultations: the exact events, and what a late or repeated fact changes.</summary>
public sealed class OutsideTests
{
    private static readonly Guid Agent = Story.Agent;
    private static readonly Guid Party = Id(31);
    private static readonly PersonalText Number = new("+4930123456");

    [Fact]
    public void The_number_of_an_agent_rings_before_the_offer_is_accepted() =>
        Asked(Call).When(s => SessionDecider.Accept(s, Offer, Agent, At(12), onNumber: true)).Then(Called())
            .When(s => SessionDecider.Accept(s, Offer, Agent, At(13), onNumber: true)).ThenNothing();

    [Fact]
    public void Answered_it_is_accepted_and_connected_and_another_leg_changes_nothing()
    {
        Ringing().When(s => SessionDecider.AnswerLeg(s, OtherOffer, At(20))).ThenNothing();
        Ringing().When(s => SessionDecider.AnswerLeg(s, Offer, At(20)))
            .Then(new OfferAccepted(SessionId, Call, Offer, Agent, Preparation.None, At(20)), new SessionConnected(SessionId, Call, Agent, Offer, At(20), new Waited(QueueId, 20)))
            .When(s => SessionDecider.AnswerLeg(s, Offer, At(21))).ThenNothing();
    }

    [Fact]
    public void Not_answered_it_is_an_offer_that_ran_out_in_its_time_or_when_the_line_says_so()
    {
        Ringing().When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(36.9))).ThenNothing();
        Ringing().When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(37))).Then(new OfferFailed(SessionId, Offer, Agent, OfferOutcome.Expired, At(37)));
        Ringing().When(s => SessionDecider.EndLeg(s, Offer, "busy", At(14))).Then(new OfferFailed(SessionId, Offer, Agent, OfferOutcome.Expired, At(14)))
            .State.AgentCalledAt.ShouldBeNull();
    }

    [Fact]
    public void An_agent_may_give_up_while_it_rings() =>
        Ringing().When(s => SessionDecider.Decline(s, Offer, Agent, At(14))).Then(new OfferFailed(SessionId, Offer, Agent, OfferOutcome.Declined, At(14)));

    [Fact]
    public void A_call_that_is_given_outside_ends_with_whoever_is_there_and_comes_back_from_whoever_is_not()
    {
        var given = OnHold().When(s => SessionDecider.TransferOutside(s, Agent, Party, Number, voice: null, At(30))).Then(GivenAway(30));
        given.State.WrapUpDue.ShouldBe([Agent]);
        given.When(s => SessionDecider.EndLeg(s, Party, "hung_up", At(35)))
            .Then(new OutsideFailed(SessionId, Party, "no_answer", At(35)), new SessionReturned(SessionId, Call, Agent, Party, QueueId, "outside_no_answer", T0, At(35)));
        var joined = given.When(s => SessionDecider.AnswerLeg(s, Party, At(40))).Then(new OutsideJoined(SessionId, Party, At(40)));
        joined.State.IsTalking.ShouldBeTrue();
        SessionDecider.IsOutsideOverdue(joined.State, At(3600)).ShouldBeFalse();
        joined.When(s => SessionDecider.FailOutside(s, "no_answer", At(130))).ThenNothing();
        joined.When(s => SessionDecider.EndLeg(s, Party, "hung_up", At(60)))
            .Then(new SessionEnded(SessionId, Call, AgentId: null, OfferId: null, SessionParty.Outside, Party, "hung_up", Answered: true, At(60)));
    }

    [Fact]
    public void Only_the_agent_in_a_call_gives_it_outside()
    {
        Talking(Chat).When(Give).ThenRejected<ConflictError>("session.not_a_call");
        Waiting(Call).When(Give).ThenRejected<ForbiddenError>("session.not_yours");
        Over(Call).When(Give).ThenRejected<ConflictError>("session.ended");
        Talking(Call).When(s => SessionDecider.TransferOutside(s, OtherAgent, Party, Number, voice: null, At(30))).ThenRejected<ForbiddenError>("session.not_yours");
    }

    [Fact]
    public void A_number_outside_rings_no_longer_than_a_report_of_it_takes()
    {
        var ringing = Talking(Call).And(GivenAway(30)).State;
        SessionDecider.IsOutsideOverdue(ringing, At(119.9)).ShouldBeFalse();
        SessionDecider.IsOutsideOverdue(ringing, At(120)).ShouldBeTrue();
    }

    [Fact]
    public void A_consultation_holds_the_consumer_and_one_on_hold_already_is_not_held_again()
    {
        Talking(Call).When(Consult).Then(new SessionHeld(SessionId, Agent, At(30)), Started());
        OnHold().When(Consult).Then(Started());
    }

    [Fact]
    public void Late_legs_and_timers_of_a_consultation_change_nothing()
    {
        var over = OnHold().And(Started(), new ConsultationEnded(SessionId, Party, Offer, OtherAgent, "declined", At(35)));
        over.When(s => SessionDecider.AnswerLeg(s, Party, At(40))).ThenNothing();
        over.When(s => SessionDecider.EndLeg(s, Party, "hung_up", At(40))).ThenNothing();
        over.When(s => SessionDecider.FailOffer(s, Party, OfferOutcome.Expired, At(80))).ThenNothing();
        // The leg of an agent who has not accepted is nobody's.
        OnHold().And(Started()).When(s => SessionDecider.AnswerLeg(s, Party, At(40))).ThenNothing();
        OnHold().And(Started(), AcceptedAlso(), new ConsultationJoined(SessionId, Party, OtherAgent, At(40)))
            .When(s => SessionDecider.FailOffer(s, Party, OfferOutcome.Expired, At(90))).ThenNothing();
    }

    [Fact]
    public void Whoever_is_consulted_reads_the_call_and_once_it_is_over_not_any_more()
    {
        OnHold().And(Started()).State.IsOpenTo(OtherAgent).ShouldBeTrue();
        OnHold().And(Started(), new ConsultationEnded(SessionId, Party, Offer, OtherAgent, "declined", At(35))).State.IsOpenTo(OtherAgent).ShouldBeFalse();
    }

    [Theory]
    [InlineData("declined", OfferOutcome.Declined)]
    [InlineData("no_answer", OfferOutcome.Expired)]
    [InlineData("busy", OfferOutcome.Expired)]
    [InlineData("agent_lost", OfferOutcome.AgentLost)]
    [InlineData("cancelled", OfferOutcome.Withdrawn)]
    public void A_consultation_that_came_to_nothing_is_an_offer_that_did(string reason, OfferOutcome outcome)
    {
        var asked = Given.Agent(
            new AgentSignedIn(OtherAgent, new Capacity(1, 0), [Channel.Web], T0), new AgentReserved(OtherAgent, SessionId, Party, Call, At(30)));
        var ended = new ConsultationEnded(SessionId, Party, Offer, OtherAgent, reason, At(35));
        asked.When(a => AgentDecider.LeaveConsultation(a, ended, At(35))).Then(new AgentReservationReleased(OtherAgent, SessionId, Party, outcome, At(35)));
        asked.And(new AgentEngaged(OtherAgent, SessionId, Party, Call, At(32)))
            .When(a => AgentDecider.LeaveConsultation(a, ended, At(35))).Then(new AgentFreed(OtherAgent, SessionId, At(35)));
    }

    private static AgentCalled Called() => new(SessionId, Offer, Agent, At(12), At(37));

    private static Given<Session, SessionEvent> Ringing() => Asked(Call).And(Called());

    private static TransferredOutside GivenAway(double at) => new(SessionId, Agent, Offer, Party, ConsumerId, Number, Voice: null, At(at));

    private static ConsultationStarted Started() =>
        new(SessionId, Party, Agent, Offer, OtherAgent, QueueId: null, ConsumerId, PhoneNumber: null, Voice: null, At(30), At(75));

    private static ConsultationAccepted AcceptedAlso() => new(SessionId, Party, OtherAgent, OnNumber: false, At(35), At(60));

    private static Decision<SessionEvent> Give(Session s) => SessionDecider.TransferOutside(s, Agent, Party, Number, voice: null, At(70));

    private static Decision<SessionEvent> Consult(Session s) =>
        SessionDecider.Consult(s, Agent, new Consulted(Party, OtherAgent, QueueId: null, PhoneNumber: null, Voice: null), At(30));
}
