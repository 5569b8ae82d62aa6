using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Agents;

public sealed class WorkTests
{
    private static readonly Guid Ann = Id(5);
    private static readonly Guid First = Id(11);
    private static readonly Guid Second = Id(12);
    private static readonly Guid Third = Id(13);
    private static readonly Guid Offer = Id(21);
    private static readonly Guid OtherOffer = Id(22);
    private static readonly TimeSpan WrapUp = TimeSpan.FromSeconds(30);

    [Fact]
    public void An_offer_takes_a_place() =>
        Idle().When(a => AgentDecider.Reserve(a, First, Offer, Call, Channel.Web, At(10))).Then(Reserved(First, Offer, Call));

    [Fact]
    public void A_second_call_is_never_offered() =>
        Asked().When(a => AgentDecider.Reserve(a, Second, OtherOffer, Call, Channel.Web, At(11))).ThenRejected<ConflictError>("agent.at_capacity");

    [Fact]
    public void Chats_are_offered_up_to_the_capacity_beside_a_call()
    {
        var full = Asked()
            .When(a => AgentDecider.Reserve(a, Second, Id(23), Chat, Channel.Web, At(10))).Then(Reserved(Second, Id(23), Chat))
            .When(a => AgentDecider.Reserve(a, Third, Id(24), Chat, Channel.Web, At(10))).Then(Reserved(Third, Id(24), Chat));

        full.When(a => AgentDecider.Reserve(a, Id(14), Id(25), Chat, Channel.Web, At(10))).ThenRejected<ConflictError>("agent.at_capacity");
    }

    [Fact]
    public void Who_is_paused_gone_or_not_on_the_channel_is_not_asked()
    {
        Idle().And(new AgentPaused(Ann, "break", At(5))).When(Reserve).ThenRejected<ConflictError>("agent.not_available");
        Idle().And(new AgentSignedOut(Ann, "signed_out", At(5))).When(Reserve).ThenRejected<ConflictError>("agent.not_available");
        Idle().When(a => AgentDecider.Reserve(a, First, Offer, Call, Channel.Ivr, At(10))).ThenRejected<ConflictError>("agent.not_available");
        Given.Agent().When(Reserve).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void Who_lets_three_offers_in_a_row_run_out_is_paused_as_unresponsive_in_the_same_write() =>
        Idle().And(RanOut(1)).And(RanOut(2)).And(Reserved(Third, Id(33), Call))
            .When(a => AgentDecider.Release(a, Third, Id(33), OfferOutcome.Expired, At(90)))
            .Then(new AgentReservationReleased(Ann, Third, Id(33), OfferOutcome.Expired, At(90)), new AgentPaused(Ann, "unresponsive", At(90)));

    [Fact]
    public void Any_answer_between_them_shows_that_the_agent_is_there()
    {
        AgentEvent[][] answers =
        [
            [Reserved(Third, Id(33), Call), new AgentReservationReleased(Ann, Third, Id(33), OfferOutcome.Declined, At(80))],
            [Reserved(Third, Id(33), Call), new AgentEngaged(Ann, Third, Id(33), Call, At(80)), new AgentFreed(Ann, Third, At(85))],
            [new AgentPaused(Ann, "break", At(80)), new AgentMadeAvailable(Ann, At(85))],
        ];
        foreach (var answer in answers)
        {
            Idle().And(RanOut(1)).And(RanOut(2)).And(answer).And(Reserved(First, Offer, Call))
                .When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.Expired, At(90)))
                .Then(new AgentReservationReleased(Ann, First, Offer, OfferOutcome.Expired, At(90)));
        }
    }

    [Fact]
    public void A_session_in_hand_is_not_offered_again() =>
        Engaged().When(a => AgentDecider.Reserve(a, First, OtherOffer, Call, Channel.Web, At(20))).ThenRejected<ConflictError>("agent.not_available");

    [Fact]
    public void A_session_that_comes_back_ends_its_wrap_up() =>
        WrappingUp().When(a => AgentDecider.Reserve(a, First, OtherOffer, Call, Channel.Web, At(10)))
            .Then(new AgentFreed(Ann, First, At(10)), Reserved(First, OtherOffer, Call));

    [Theory]
    [InlineData(OfferOutcome.Declined)]
    [InlineData(OfferOutcome.Expired)]
    [InlineData(OfferOutcome.AgentLost)]
    [InlineData(OfferOutcome.Withdrawn)]
    public void An_offer_that_came_to_nothing_frees_its_place(OfferOutcome outcome) =>
        Asked().When(a => AgentDecider.Release(a, First, Offer, outcome, At(20)))
            .Then(new AgentReservationReleased(Ann, First, Offer, outcome, At(20)))
            .State.Free(Call).ShouldBe(1);

    [Fact]
    public void Only_an_offer_taken_back_keeps_the_place_among_idle_agents()
    {
        Asked().And(new AgentReservationReleased(Ann, First, Offer, OfferOutcome.Withdrawn, At(20))).State.IdleSince.ShouldBe(T0);
        Asked().And(new AgentReservationReleased(Ann, First, Offer, OfferOutcome.Declined, At(20))).State.IdleSince.ShouldBe(At(20));
    }

    [Fact]
    public void An_accepted_offer_is_released_only_when_lost_or_withdrawn()
    {
        Engaged().When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.Expired, At(50))).ThenNothing();
        Engaged().When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.Declined, At(50))).ThenNothing();
        Engaged().When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.AgentLost, At(50)))
            .Then(new AgentReservationReleased(Ann, First, Offer, OfferOutcome.AgentLost, At(50)));
    }

    [Fact]
    public void Releasing_another_offer_or_the_wrap_up_changes_nothing()
    {
        Asked().When(a => AgentDecider.Release(a, First, OtherOffer, OfferOutcome.Withdrawn, At(20))).ThenNothing();
        Asked().When(a => AgentDecider.Release(a, Second, Offer, OfferOutcome.Withdrawn, At(20))).ThenNothing();
        WrappingUp().When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.Withdrawn, At(50))).ThenNothing();
        Given.Agent().When(a => AgentDecider.Release(a, First, Offer, OfferOutcome.Withdrawn, At(50))).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void Accepting_makes_the_reservation_work() =>
        Asked().When(a => AgentDecider.Engage(a, First, Offer, At(12))).Then(new AgentEngaged(Ann, First, Offer, Call, At(12)));

    [Fact]
    public void Only_the_reserving_offer_is_accepted()
    {
        Asked().When(a => AgentDecider.Engage(a, First, OtherOffer, At(12))).ThenRejected<ConflictError>("offer.not_open");
        Idle().When(a => AgentDecider.Engage(a, First, Offer, At(12))).ThenRejected<ConflictError>("offer.not_open");
        WrappingUp().When(a => AgentDecider.Engage(a, First, Offer, At(70))).ThenRejected<ConflictError>("offer.not_open");
        Given.Agent().When(a => AgentDecider.Engage(a, First, Offer, At(12))).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void The_place_stays_taken_during_the_wrap_up() =>
        Engaged().When(a => AgentDecider.StartWrapUp(a, First, WrapUp, At(60))).Then(new AgentWrapUpStarted(Ann, First, At(60), At(90)))
            .State.Free(Call).ShouldBe(0);

    [Fact]
    public void Without_wrap_up_time_the_place_is_free_at_once() =>
        Engaged().When(a => AgentDecider.StartWrapUp(a, First, TimeSpan.Zero, At(60))).Then(new AgentFreed(Ann, First, At(60)));

    [Fact]
    public void An_agent_who_is_gone_does_not_wrap_up() =>
        Engaged().And(new AgentSignedOut(Ann, "adapter_lost", At(50)))
            .When(a => AgentDecider.StartWrapUp(a, First, WrapUp, At(60))).Then(new AgentFreed(Ann, First, At(60)));

    [Fact]
    public void Only_what_was_accepted_is_wrapped_up()
    {
        Asked().When(a => AgentDecider.StartWrapUp(a, First, WrapUp, At(60))).ThenRejected<ConflictError>("agent.not_engaged");
        Idle().When(a => AgentDecider.StartWrapUp(a, First, WrapUp, At(60))).ThenNothing();
        Given.Agent().When(a => AgentDecider.StartWrapUp(a, First, WrapUp, At(60))).ThenRejected<NotFoundError>("agent.not_found");
    }

    [Fact]
    public void The_agent_finishes_the_wrap_up_at_any_time() =>
        WrappingUp().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: false, At(61))).Then(new AgentFreed(Ann, First, At(61)));

    [Fact]
    public void The_timer_finishes_the_wrap_up_when_its_time_is_up()
    {
        WrappingUp().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: true, At(89.9))).ThenNothing();
        WrappingUp().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: true, At(90))).Then(new AgentFreed(Ann, First, At(90)));
    }

    [Fact]
    public void A_session_that_is_not_over_is_not_finished()
    {
        Engaged().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: false, At(61))).ThenRejected<ConflictError>("agent.not_wrapping_up");
        Engaged().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: true, At(61))).ThenNothing();
        Given.Agent().When(a => AgentDecider.FinishWrapUp(a, First, onlyIfDue: true, At(61))).ThenRejected<NotFoundError>("agent.not_found");
    }

    private static Decision<AgentEvent> Reserve(Agent a) => AgentDecider.Reserve(a, First, Offer, Call, Channel.Web, At(10));

    private static AgentReserved Reserved(Guid sessionId, Guid offerId, SessionKind kind) => new(Ann, sessionId, offerId, kind, At(10));

    private static Given<Agent, AgentEvent> Idle() => Given.Agent(new AgentSignedIn(Ann, new Capacity(Calls: 1, Chats: 2), [Channel.Web], T0));

    private static Given<Agent, AgentEvent> Asked() => Idle().And(Reserved(First, Offer, Call));

    private static Given<Agent, AgentEvent> Engaged() => Asked().And(new AgentEngaged(Ann, First, Offer, Call, At(12)));

    private static AgentEvent[] RanOut(int number) =>
        [Reserved(Id(40 + number), Id(50 + number), Call), new AgentReservationReleased(Ann, Id(40 + number), Id(50 + number), OfferOutcome.Expired, At(20 * number))];

    private static Given<Agent, AgentEvent> WrappingUp() => Engaged().And(new AgentWrapUpStarted(Ann, First, At(60), At(90)));
}
