using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class OfferTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_waiting_session_is_offered_until_the_time_is_up() =>
        Waiting(Call).When(s => SessionDecider.Offer(s, Offer, Agent, Whisper, Timeout, At(10))).Then(Offered(Call, Whisper));

    [Fact]
    public void A_session_is_never_offered_to_two_agents() =>
        Asked(Call).When(s => SessionDecider.Offer(s, OtherOffer, OtherAgent, Whisper, Timeout, At(11))).ThenRejected<ConflictError>("session.not_waiting");

    [Fact]
    public void A_connected_session_is_not_offered() =>
        Talking(Call).When(s => SessionDecider.Offer(s, OtherOffer, OtherAgent, Whisper, Timeout, At(20))).ThenRejected<ConflictError>("session.not_waiting");

    [Fact]
    public void A_session_that_is_over_is_not_offered() =>
        Over(Call).When(s => SessionDecider.Offer(s, OtherOffer, OtherAgent, Whisper, Timeout, At(70))).ThenRejected<ConflictError>("session.ended");

    [Fact]
    public void An_unknown_session_is_not_offered() =>
        Nothing().When(s => SessionDecider.Offer(s, Offer, Agent, Whisper, Timeout, T0)).ThenRejected<NotFoundError>("session.not_found");

    [Fact]
    public void Accepting_a_call_with_a_whisper_prepares_the_agent_first() =>
        Asked(Call, Whisper).When(s => SessionDecider.Accept(s, Offer, Agent, At(12))).Then(Accepted(Call, Whisper));

    [Fact]
    public void Accepting_a_call_without_a_preparation_connects_at_once() =>
        Asked(Call).When(s => SessionDecider.Accept(s, Offer, Agent, At(12))).Then(Accepted(Call), Connected(Call));

    [Fact]
    public void Accepting_a_chat_connects_at_once_whatever_was_prepared() =>
        Asked(Chat, Whisper).When(s => SessionDecider.Accept(s, Offer, Agent, At(12))).Then(Accepted(Chat, Whisper), Connected(Chat));

    [Fact]
    public void An_offer_can_be_accepted_until_just_before_it_expires() =>
        Asked(Chat).When(s => SessionDecider.Accept(s, Offer, Agent, At(39.999))).Decision.IsRejected.ShouldBeFalse();

    [Fact]
    public void An_expired_offer_is_not_accepted_even_before_the_timer_fired() =>
        Asked(Chat).When(s => SessionDecider.Accept(s, Offer, Agent, At(40))).ThenRejected<ConflictError>("offer.expired");

    [Fact]
    public void An_earlier_offer_is_not_accepted() =>
        Asked(Chat).When(s => SessionDecider.Accept(s, OtherOffer, Agent, At(12))).ThenRejected<ConflictError>("offer.not_open");

    [Fact]
    public void Another_agents_offer_is_not_accepted() =>
        Asked(Chat).When(s => SessionDecider.Accept(s, Offer, OtherAgent, At(12))).ThenRejected<ForbiddenError>("offer.not_yours");

    [Fact]
    public void Accepting_after_the_session_ended_is_refused() =>
        Over(Chat).When(s => SessionDecider.Accept(s, Offer, Agent, At(70))).ThenRejected<ConflictError>("offer.not_open");

    [Fact]
    public void Accepting_in_an_unknown_session_is_refused() =>
        Nothing().When(s => SessionDecider.Accept(s, Offer, Agent, At(12))).ThenRejected<NotFoundError>("session.not_found");

    [Fact]
    public void Declining_puts_the_session_back_into_its_old_place()
    {
        var after = Asked(Call).When(s => SessionDecider.Decline(s, Offer, Agent, At(15))).Then(Failed(OfferOutcome.Declined, 15));

        after.State.Status.ShouldBe(SessionStatus.Queued);
        after.State.QueuedAt.ShouldBe(T0);
        after.State.AgentId.ShouldBeNull();
    }

    [Fact]
    public void Only_the_asked_agent_declines() =>
        Asked(Call).When(s => SessionDecider.Decline(s, Offer, OtherAgent, At(15))).ThenRejected<ForbiddenError>("offer.not_yours");

    [Fact]
    public void An_accepted_offer_cannot_be_declined() =>
        Prepared().When(s => SessionDecider.Decline(s, Offer, Agent, At(15))).ThenRejected<ConflictError>("offer.not_open");

    [Fact]
    public void An_offer_expires_when_its_time_is_up() =>
        Asked(Call).When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(40))).Then(Failed(OfferOutcome.Expired, 40));

    [Fact]
    public void A_timer_that_fires_early_changes_nothing() =>
        Asked(Call).When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(39))).ThenNothing();

    [Fact]
    public void A_timer_of_an_accepted_offer_changes_nothing()
    {
        Prepared().When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(40))).ThenNothing();
        Talking(Call).When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(40))).ThenNothing();
        Over(Call).When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Expired, At(70))).ThenNothing();
    }

    [Fact]
    public void A_timer_of_an_earlier_offer_changes_nothing() =>
        Asked(Call).When(s => SessionDecider.FailOffer(s, OtherOffer, OfferOutcome.Expired, At(50))).ThenNothing();

    [Fact]
    public void An_agent_lost_while_hearing_the_whisper_gives_the_session_back() =>
        Prepared().When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.AgentLost, At(15))).Then(Failed(OfferOutcome.AgentLost, 15));

    [Fact]
    public void An_agent_lost_in_conversation_keeps_the_session() =>
        Talking(Call).When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.AgentLost, At(15))).ThenNothing();

    [Fact]
    public void An_offer_of_an_unknown_session_does_not_fail() =>
        Nothing().When(s => SessionDecider.FailOffer(s, Offer, OfferOutcome.Withdrawn, T0)).ThenRejected<NotFoundError>("session.not_found");

    [Fact]
    public void The_parties_are_connected_after_the_preparation() =>
        Prepared().When(s => SessionDecider.Connect(s, Offer, At(12))).Then(Connected(Call));

    [Fact]
    public void An_offer_that_was_not_accepted_does_not_connect() =>
        Asked(Call, Whisper).When(s => SessionDecider.Connect(s, Offer, At(12))).ThenRejected<ConflictError>("offer.not_open");

    [Fact]
    public void A_preparation_that_ends_after_the_call_connects_nobody() =>
        Over(Call).When(s => SessionDecider.Connect(s, Offer, At(70))).ThenRejected<ConflictError>("offer.not_open");

    [Fact]
    public void An_unknown_session_does_not_connect() =>
        Nothing().When(s => SessionDecider.Connect(s, Offer, T0)).ThenRejected<NotFoundError>("session.not_found");

    private static OfferFailed Failed(OfferOutcome outcome, double at) => new(SessionId, Offer, Agent, outcome, At(at));
}
