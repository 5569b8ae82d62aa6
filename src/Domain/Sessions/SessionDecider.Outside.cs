using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>Calls that go on with somebody on a telephone number outside (REC-1).</content>
public static partial class SessionDecider
{
    /// <summary>What comes before the cause where a call came back because nobody was reached outside.</summary>
    public const string OutsidePrefix = "outside_";

    /// <summary>Why an agent may not give a call to a number outside now, or null.</summary>
    public static DomainError? WhyNotTransferredOutsideBy(Session s, Guid agentId) => WhyNotInCall(s, agentId) ?? WhyConsulting(s);

    /// <summary>The agent gives the call to a number outside and is out of it; the consumer waits until that is answered.</summary>
    /// <param name="s">The session.</param>
    /// <param name="agentId">Who.</param>
    /// <param name="partyId">Of the new part in it.</param>
    /// <param name="number">E.164.</param>
    /// <param name="voice">Simulated media only: how the line answers.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> TransferOutside(Session s, Guid agentId, Guid partyId, PersonalText number, string? voice, DateTimeOffset now)
    {
        if (s.Outside?.PartyId == partyId)
            return Decision<SessionEvent>.Nothing;
        if (WhyNotTransferredOutsideBy(s, agentId) is { } refusal)
            return refusal;
        return Decision<SessionEvent>.Happens(
            [.. SupervisorsLeave(s, now), new TransferredOutside(s.Id, agentId, s.OfferId!.Value, partyId, s.ConsumerId, number, voice, now)]);
    }

    /// <summary>Nobody was reached outside: the call goes back to its queue, in its old place, first to another agent than who gave it away.</summary>
    /// <param name="s">The session.</param>
    /// <param name="cause">Stable word: <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> FailOutside(Session s, string cause, DateTimeOffset now) => s.Outside is { JoinedAt: null } outside
        ? Decision<SessionEvent>.Happens(
            new OutsideFailed(s.Id, outside.PartyId, cause, now),
            new SessionReturned(s.Id, s.Kind, s.LastAgentId!.Value, outside.PartyId, s.QueueId, OutsidePrefix + cause, s.QueuedAt, now))
        : Decision<SessionEvent>.Nothing;
}
