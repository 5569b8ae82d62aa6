using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class EndTests
{
    private static readonly Guid Supervisor = Id(30);

    [Fact]
    public void A_consumer_who_leaves_the_queue_was_never_answered() =>
        Waiting(Call).When(ByConsumer).Then(Ended(agentId: null, offerId: null, answered: false, new Waited(QueueId, 60)));

    [Fact]
    public void An_open_offer_is_named_and_its_agent_is_not_in_the_session() =>
        Asked(Call).When(ByConsumer).Then(Ended(agentId: null, Offer, answered: false, new Waited(QueueId, 60)));

    [Fact]
    public void An_agent_being_prepared_is_named_but_the_call_was_not_answered_and_leaves_them_no_work() =>
        Prepared().When(ByConsumer).Then(Ended(Agent, Offer, answered: false, new Waited(QueueId, 60)))
            .State.IsOpenTo(Agent).ShouldBeFalse();

    [Fact]
    public void A_connected_or_held_session_was_answered()
    {
        Talking(Call).When(ByConsumer).Then(Ended(Agent, Offer, answered: true));
        OnHold().When(ByConsumer).Then(Ended(Agent, Offer, answered: true));
    }

    [Fact]
    public void A_session_abandoned_after_a_transfer_was_answered_before() =>
        PassedOn(Call).When(ByConsumer).Then(Ended(agentId: null, offerId: null, answered: true, new Waited(OtherQueueId, 30)));

    [Fact]
    public void A_supervisor_ends_with_their_own_words() =>
        Talking(Chat).When(s => SessionDecider.End(s, SessionParty.Supervisor, Supervisor, "Abuse", At(60)))
            .Then(new SessionEnded(
                SessionId, Chat, Agent, Offer, SessionParty.Supervisor, Supervisor, "ended_by_supervisor", Answered: true, At(60), ConsumerId, new PersonalText("Abuse")));

    [Fact]
    public void The_system_ends_without_a_name() =>
        Talking(Call).When(s => SessionDecider.End(s, SessionParty.System, byId: null, "media_lost", At(60)))
            .Then(new SessionEnded(SessionId, Call, Agent, Offer, SessionParty.System, ById: null, "media_lost", Answered: true, At(60)));

    [Fact]
    public void An_agent_ends_only_what_they_accepted()
    {
        Talking(Call).When(s => ByAgent(s, OtherAgent)).ThenRejected<ForbiddenError>("session.not_yours");
        Asked(Call).When(s => ByAgent(s, Agent)).ThenRejected<ForbiddenError>("session.not_yours");
        PassedOn(Call).When(s => ByAgent(s, Agent)).ThenRejected<ForbiddenError>("session.not_yours");
        Over(Call).When(s => ByAgent(s, OtherAgent)).ThenRejected<ForbiddenError>("session.not_yours");
        Prepared().When(s => ByAgent(s, Agent)).Decision.IsRejected.ShouldBeFalse();
    }

    [Fact]
    public void Both_sides_hanging_up_at_once_end_it_once() => Over(Call).When(s => ByAgent(s, Agent)).ThenNothing();

    [Fact]
    public void An_unknown_session_does_not_end() => Nothing().When(ByConsumer).ThenRejected<NotFoundError>("session.not_found");

    [Fact]
    public void An_end_has_a_reason()
    {
        Talking(Call).When(s => SessionDecider.End(s, SessionParty.Supervisor, Supervisor, " ", At(60))).ThenInvalid("reason");
        Talking(Call).When(s => SessionDecider.End(s, SessionParty.Supervisor, Supervisor, new string('x', 501), At(60))).ThenInvalid("reason");
    }

    [Fact]
    public void An_agent_wraps_up_after_the_end() =>
        Over(Call).When(s => SessionDecider.WrapUp(s, Agent, "solved", expired: false, At(70)))
            .Then(new SessionWrappedUp(SessionId, Agent, new PersonalText("solved"), Expired: false, At(70), ConsumerId));

    [Fact]
    public void Each_agent_of_a_transferred_session_wraps_up_even_after_its_end()
    {
        var talkedToBoth = PassedOn(Call).And(
            new SessionOffered(SessionId, Call, OtherOffer, OtherAgent, OtherQueueId, Preparation.None, At(31), At(61)),
            new OfferAccepted(SessionId, Call, OtherOffer, OtherAgent, Preparation.None, At(32)),
            new SessionConnected(SessionId, Call, OtherAgent, OtherOffer, At(32)),
            new SessionEnded(SessionId, Call, OtherAgent, OtherOffer, SessionParty.Consumer, ConsumerId, "hung_up", Answered: true, At(50)));

        talkedToBoth.When(s => SessionDecider.WrapUp(s, Agent, disposition: null, expired: true, At(60)))
            .Then(new SessionWrappedUp(SessionId, Agent, Disposition: null, Expired: true, At(60)))
            .When(s => SessionDecider.WrapUp(s, OtherAgent, "solved", expired: false, At(70)))
            .Then(new SessionWrappedUp(SessionId, OtherAgent, new PersonalText("solved"), Expired: false, At(70), ConsumerId));
    }

    [Fact]
    public void A_timer_after_the_wrap_up_changes_nothing() =>
        Over(Call).And(new SessionWrappedUp(SessionId, Agent, new PersonalText("solved"), Expired: false, At(70), ConsumerId))
            .When(s => SessionDecider.WrapUp(s, Agent, disposition: null, expired: true, At(90))).ThenNothing();

    [Fact]
    public void Nobody_wraps_up_what_is_not_over_or_not_theirs()
    {
        Talking(Call).When(s => SessionDecider.WrapUp(s, Agent, "solved", expired: false, At(20))).ThenRejected<ConflictError>("session.not_over");
        Over(Call).When(s => SessionDecider.WrapUp(s, OtherAgent, "solved", expired: false, At(70))).ThenRejected<ForbiddenError>("session.not_yours");
        Over(Call).When(s => SessionDecider.WrapUp(s, Agent, new string('x', 101), expired: false, At(70))).ThenInvalid("disposition");
        Nothing().When(s => SessionDecider.WrapUp(s, Agent, "solved", expired: false, T0)).ThenRejected<NotFoundError>("session.not_found");
    }

    [Fact]
    public void A_ticket_is_linked_also_after_the_end()
    {
        Talking(Call).When(s => SessionDecider.LinkTicket(s, "17", "/v1/tickets/17", At(20))).Then(new TicketLinked(SessionId, "17", "/v1/tickets/17", At(20)));
        Over(Call).When(s => SessionDecider.LinkTicket(s, "17", "/v1/tickets/17", At(70))).Then(new TicketLinked(SessionId, "17", "/v1/tickets/17", At(70)));
    }

    [Fact]
    public void A_session_has_one_ticket()
    {
        Over(Call).And(new TicketLinked(SessionId, "17", "/v1/tickets/17", At(70)))
            .When(s => SessionDecider.LinkTicket(s, "18", "/v1/tickets/18", At(71))).ThenRejected<ConflictError>("session.ticket_linked");
        Nothing().When(s => SessionDecider.LinkTicket(s, "18", "/v1/tickets/18", T0)).ThenRejected<NotFoundError>("session.not_found");
    }

    private static Decision<SessionEvent> ByConsumer(Session s) => SessionDecider.End(s, SessionParty.Consumer, ConsumerId, "hung_up", At(60));

    private static Decision<SessionEvent> ByAgent(Session s, Guid agentId) => SessionDecider.End(s, SessionParty.Agent, agentId, "completed", At(61));

    private static SessionEnded Ended(Guid? agentId, Guid? offerId, bool answered, Waited? waited = null) =>
        new(SessionId, Call, agentId, offerId, SessionParty.Consumer, ConsumerId, "hung_up", answered, At(60), Waited: waited);
}
