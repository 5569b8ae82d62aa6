using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <summary>Whom an agent consults.</summary>
/// <param name="ConsultationId">Of the new consultation.</param>
/// <param name="AgentId">Another agent, or null.</param>
/// <param name="QueueId">The queue whose agent that is, or null.</param>
/// <param name="PhoneNumber">Or a number outside, E.164; else null.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
public sealed record Consulted(Guid ConsultationId, Guid? AgentId, Guid? QueueId, string? PhoneNumber, string? Voice);

/// <content>
/// A warm transfer: the agent puts the consumer on hold, asks somebody in a space that nobody else hears and nothing records,
/// then hands the call over to them or goes on with it (REC-1). One consultation at a time; its end, however it comes, leaves
/// the consumer on hold with the agent who asked, unless that agent ends the hold with it.
/// </content>
public static partial class SessionDecider
{
    /// <summary>How long an agent is asked, and a number outside rings.</summary>
    public static readonly TimeSpan LongestAsking = TimeSpan.FromSeconds(45);

    /// <summary>Why an agent may not consult anybody in this call now, or null.</summary>
    public static DomainError? WhyNotConsultedBy(Session s, Guid agentId) => WhyNotInCall(s, agentId) ?? WhyConsulting(s);

    /// <summary>Why nobody of a queue is consulted who could be.</summary>
    public static DomainError WhyNobodyIsConsulted => SessionErrors.NobodyFree;

    /// <summary>The agent asks somebody; the consumer is on hold from here on. Another agent is reserved in the same write.</summary>
    public static Decision<SessionEvent> Consult(Session s, Guid agentId, Consulted whom, DateTimeOffset now)
    {
        if (s.Consultation?.Id == whom.ConsultationId)
            return Decision<SessionEvent>.Nothing;
        if (WhyNotConsultedBy(s, agentId) is { } refusal)
            return refusal;
        if (whom.AgentId == agentId)
            return ValidationError.Field("agentId", "Must be another agent.");

        var started = new ConsultationStarted(
            s.Id, whom.ConsultationId, agentId, s.OfferId!.Value, whom.AgentId, whom.QueueId, s.ConsumerId,
            whom.PhoneNumber is { } number ? new PersonalText(number) : null, whom.Voice, now, now + LongestAsking);
        return s.Status == SessionStatus.Held ? started : Decision<SessionEvent>.Happens(new SessionHeld(s.Id, agentId, now), started);
    }

    /// <summary>Why an agent has no consultation to cancel now, or null.</summary>
    public static DomainError? WhyNotCancelledBy(Session s, Guid agentId) => WhyNotInCall(s, agentId) ?? (s.Consultation is null ? SessionErrors.NoConsultation : null);

    /// <summary>Why an agent cannot hand the call over to whom they consult now, or null.</summary>
    public static DomainError? WhyNotHandedOverBy(Session s, Guid agentId) =>
        WhyNotCancelledBy(s, agentId) ?? (s.Consultation!.Stage == ConsultationStage.Joined ? null : SessionErrors.ConsultationNotJoined);

    /// <summary>The agent who asked ends the consultation, and goes on with the consumer.</summary>
    public static Decision<SessionEvent> CancelConsultation(Session s, Guid agentId, DateTimeOffset now) => WhyNotCancelledBy(s, agentId) is { } refusal
        ? refusal
        : Decision<SessionEvent>.Happens([.. ConsultationEnds(s, "cancelled", now), new SessionResumed(s.Id, agentId, now)]);

    /// <summary>The agent who asked hands the call over; a repeat of it changes nothing.</summary>
    public static Decision<SessionEvent> CompleteConsultation(Session s, Guid agentId, DateTimeOffset now)
    {
        if (s.IsLive && s.AgentId != agentId && s.LastAgentId == agentId && s.HandedOverBy == agentId)
            return Decision<SessionEvent>.Nothing;
        if (WhyNotHandedOverBy(s, agentId) is { } refusal)
            return refusal;
        var (consultationId, toAgentId, _, _) = s.Consultation!;
        return Decision<SessionEvent>.Happens(
            [.. SupervisorsLeave(s, now), new ConsultationCompleted(s.Id, consultationId, agentId, s.OfferId!.Value, toAgentId, now)]);
    }

    /// <summary>Whoever is consulted is gone; one that is over already stays as it is.</summary>
    public static Decision<SessionEvent> EndConsultation(Session s, Guid consultationId, string reason, DateTimeOffset now) =>
        s.Consultation?.Id == consultationId ? Decision<SessionEvent>.Happens([.. ConsultationEnds(s, reason, now)]) : Decision<SessionEvent>.Nothing;

    private static ConflictError? WhyConsulting(Session s) => s.Consultation is null ? null : SessionErrors.Consulting;

    private static IEnumerable<ConsultationEnded> ConsultationEnds(Session s, string reason, DateTimeOffset now) =>
        s.Consultation is { } asked ? [new ConsultationEnded(s.Id, asked.Id, s.OfferId!.Value, asked.AgentId, reason, now)] : [];

    /// <summary>The stage in which the leg of whoever is consulted is awaited: a number outside is called at once, an agent has to accept first.</summary>
    private static ConsultationStage StageOfLeg(Consultation asked) => asked.AgentId is null ? ConsultationStage.Asked : ConsultationStage.Accepted;

    private static Decision<SessionEvent> AcceptConsultation(Session s, Consultation asked, Guid agentId, bool onNumber, DateTimeOffset now)
    {
        if (asked.AgentId != agentId)
            return SessionErrors.OfferNotYours;
        if (asked.Stage != ConsultationStage.Asked)
            return Decision<SessionEvent>.Nothing;
        return now >= asked.Until
            ? SessionErrors.OfferExpired
            : new ConsultationAccepted(s.Id, asked.Id, agentId, onNumber, now, now + LongestRingingOfAgents);
    }

    private static Decision<SessionEvent> DeclineConsultation(Session s, Consultation asked, Guid agentId, DateTimeOffset now)
    {
        if (asked.AgentId != agentId)
            return SessionErrors.OfferNotYours;
        return asked.Stage == ConsultationStage.Asked ? EndConsultation(s, asked.Id, "declined", now) : SessionErrors.OfferNotOpen;
    }

    private static Decision<SessionEvent> FailConsultation(Session s, Consultation asked, OfferOutcome outcome, DateTimeOffset now) => outcome switch
    {
        OfferOutcome.Expired => asked.Stage != ConsultationStage.Joined && now >= asked.Until ? EndConsultation(s, asked.Id, "no_answer", now) : Decision<SessionEvent>.Nothing,
        OfferOutcome.Declined => EndConsultation(s, asked.Id, "declined", now),
        _ => EndConsultation(s, asked.Id, "agent_lost", now),
    };
}
