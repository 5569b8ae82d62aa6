using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>From waiting to connected: one agent is asked at a time, and the place in the queue is kept until one accepts.</content>
public static partial class SessionDecider
{
    /// <summary>One agent is asked. Appended together with the agent's reservation.</summary>
    /// <param name="s">The session.</param>
    /// <param name="offerId">The new offer.</param>
    /// <param name="agentId">Who is asked.</param>
    /// <param name="preparation">What the agent hears on accepting (NOT-6); chats have none.</param>
    /// <param name="timeout">How long the agent is asked.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> Offer(
        Session s, Guid offerId, Guid agentId, Preparation preparation, TimeSpan timeout, DateTimeOffset now)
    {
        if (s.OfferId == offerId && s.AgentId == agentId)
            return Decision<SessionEvent>.Nothing;
        if (WhyNotLive(s) is { } refusal)
            return refusal;
        if (s.Status != SessionStatus.Queued)
            return SessionErrors.NotWaiting;

        return new SessionOffered(s.Id, s.Kind, offerId, agentId, s.QueueId, preparation, now, now + timeout);
    }

    /// <summary>How long an agent's own number rings.</summary>
    public static readonly TimeSpan LongestRingingOfAgents = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The agent accepts in time; without whisper and countdown the parties are connected at once. A call that they take on
    /// their own number is theirs once that is answered.
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="offerId">The offer, or the consultation, that is answered.</param>
    /// <param name="agentId">Who.</param>
    /// <param name="now">The time.</param>
    /// <param name="onNumber">True if they take calls on their own number.</param>
    public static Decision<SessionEvent> Accept(Session s, Guid offerId, Guid agentId, DateTimeOffset now, bool onNumber = false)
    {
        if (s.Consultation?.Id == offerId)
            return AcceptConsultation(s, s.Consultation, agentId, onNumber, now);
        if (WhyNotTheirOffer(s, offerId, agentId) is { } refusal)
            return refusal;
        if (s.Status != SessionStatus.Offered || s.AgentCalledAt is not null)
            return Decision<SessionEvent>.Nothing;
        if (now >= s.OfferExpiresAt)
            return SessionErrors.OfferExpired;
        return onNumber && s.Kind == SessionKind.Call
            ? new AgentCalled(s.Id, offerId, agentId, now, now + LongestRingingOfAgents)
            : Accepted(s, offerId, agentId, now);
    }

    /// <summary>
    /// Somebody who was called answered: the agent on their own number, whoever is consulted, or whoever the call was given to
    /// outside. A leg that nobody waits for any more changes nothing.
    /// </summary>
    public static Decision<SessionEvent> AnswerLeg(Session s, Guid legId, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.OfferId == legId && s.AgentCalledAt is not null)
            return Accepted(s, legId, s.AgentId!.Value, now);
        if (s.Consultation is { } asked && asked.Id == legId && asked.Stage == StageOfLeg(asked))
            return new ConsultationJoined(s.Id, legId, asked.AgentId, now);
        return s.Outside is { JoinedAt: null } outside && outside.PartyId == legId ? new OutsideJoined(s.Id, legId, now) : Decision<SessionEvent>.Nothing;
    }

    private static Decision<SessionEvent> Accepted(Session s, Guid offerId, Guid agentId, DateTimeOffset now)
    {
        var accepted = new OfferAccepted(s.Id, s.Kind, offerId, agentId, s.Preparation, now);
        return s.Kind == SessionKind.Chat || s.Preparation.IsNone()
            ? Decision<SessionEvent>.Happens(accepted, new SessionConnected(s.Id, s.Kind, agentId, offerId, now, WaitOf(s, now)))
            : accepted;
    }

    /// <summary>The asked agent says no. Declining what is no longer open changes nothing; what was accepted cannot be declined.</summary>
    public static Decision<SessionEvent> Decline(Session s, Guid offerId, Guid agentId, DateTimeOffset now)
    {
        if (s.Consultation?.Id == offerId)
            return DeclineConsultation(s, s.Consultation, agentId, now);
        if (s.OfferId == offerId && s.AgentId != agentId)
            return SessionErrors.OfferNotYours;
        if (s.OfferId == offerId && s.Status != SessionStatus.Offered)
            return SessionErrors.OfferNotOpen;
        return FailOffer(s, offerId, OfferOutcome.Declined, now);
    }

    /// <summary>
    /// The offer came to nothing and the session waits on in its old place. Timers are never cancelled: an offer that is
    /// not open any more, or not due yet, stays as it is. A lost agent is also lost while hearing the whisper.
    /// </summary>
    public static Decision<SessionEvent> FailOffer(Session s, Guid offerId, OfferOutcome outcome, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.Consultation?.Id == offerId)
            return FailConsultation(s, s.Consultation, outcome, now);

        var isOpen = s.Status == SessionStatus.Offered || (s.Status == SessionStatus.Preparing && outcome == OfferOutcome.AgentLost);
        var isDue = outcome != OfferOutcome.Expired || now >= s.OfferExpiresAt;
        return isOpen && isDue && s.OfferId == offerId
            ? new OfferFailed(s.Id, offerId, s.AgentId!.Value, outcome, now)
            : Decision<SessionEvent>.Nothing;
    }

    /// <summary>Whisper and countdown are over: consumer and agent hear each other.</summary>
    public static Decision<SessionEvent> Connect(Session s, Guid offerId, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.OfferId != offerId || s.Status == SessionStatus.Offered)
            return SessionErrors.OfferNotOpen;
        return s.Status == SessionStatus.Preparing
            ? new SessionConnected(s.Id, s.Kind, s.AgentId!.Value, offerId, now, WaitOf(s, now))
            : Decision<SessionEvent>.Nothing;
    }

    /// <summary>The same, because the agent's own adapter played it to its end.</summary>
    public static Decision<SessionEvent> ConnectAsPlayed(Session s, Guid offerId, Guid agentId, DateTimeOffset now) =>
        WhyNotTheirOffer(s, offerId, agentId) is { } refusal ? refusal : Connect(s, offerId, now);

    private static DomainError? WhyNotTheirOffer(Session s, Guid offerId, Guid agentId)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.OfferId != offerId)
            return SessionErrors.OfferNotOpen;
        return s.AgentId == agentId ? null : SessionErrors.OfferNotYours;
    }
}
