using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>What becomes of a session whose agent is gone for good: the consumer waits on, and nobody has to begin anew.</content>
public static partial class SessionDecider
{
    /// <summary>Why a session came back whose agent's audio broke.</summary>
    public const string LegLost = "leg_lost";

    /// <summary>
    /// The agent is gone. One who was asked or being prepared is only not asked any more; a conversation goes back to its
    /// queue, in its old place. What this agent does not have by this offer stays as it is.
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="offerId">The offer by which the agent had it.</param>
    /// <param name="reason">A stable word for why the agent is gone.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> LoseAgent(Session s, Guid offerId, string reason, DateTimeOffset now) => s switch
    {
        { Consultation.Id: var asked } when asked == offerId => EndConsultation(s, offerId, "agent_lost", now),
        { IsInConversation: true } when s.OfferId == offerId => Decision<SessionEvent>.Happens(
        [
            .. ConsultationEnds(s, "agent_lost", now),
            .. SupervisorsLeave(s, now),
            new SessionReturned(s.Id, s.Kind, s.AgentId!.Value, offerId, s.QueueId, reason, s.QueuedAt, now),
        ]),
        _ => FailOffer(s, offerId, OfferOutcome.AgentLost, now),
    };

    /// <summary>
    /// One party's audio is gone. The consumer's ends the call; the agent's ends it if they hung up, and else only the
    /// agent is lost: the consumer still holds the line. Who consults somebody and hangs up does not mean to cut them off.
    /// Whose number was not answered did not accept the offer; whoever is consulted may go without an end of the call, and
    /// whoever has it outside may not.
    /// </summary>
    /// <param name="s">The call.</param>
    /// <param name="legId">The session's id for the consumer, the offer's for the agent, the consultation's or the part's for others.</param>
    /// <param name="cause">A stable word of the media engine; <c>hung_up</c> is meant so.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> EndLeg(Session s, Guid legId, string cause, DateTimeOffset now)
    {
        if (legId == s.Id)
            return End(s, SessionParty.Consumer, s.ConsumerId, cause, now);
        if (legId == s.Consultation?.Id)
            return EndConsultation(s, legId, s.Consultation.Stage == ConsultationStage.Joined ? "left" : UnansweredCause(cause), now);
        if (legId == s.Outside?.PartyId)
            return s.Outside.JoinedAt is null ? FailOutside(s, UnansweredCause(cause), now) : End(s, SessionParty.Outside, legId, cause, now);
        if (legId == s.OfferId && s.AgentCalledAt is not null)
            return new OfferFailed(s.Id, legId, s.AgentId!.Value, OfferOutcome.Expired, now);
        return legId == s.OfferId && s is { IsInConversation: true, Consultation: null } && string.Equals(cause, "hung_up", StringComparison.Ordinal)
            ? End(s, SessionParty.Agent, s.AgentId, cause, now)
            : LoseAgent(s, legId, LegLost, now);
    }

    // A line that was put down before it was answered reached nobody.
    private static string UnansweredCause(string cause) => string.Equals(cause, "hung_up", StringComparison.Ordinal) ? "no_answer" : cause;
}
