using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>Supervisors whom everybody in the session sees (MON-5); those who only listen are no part of it.</content>
public static partial class SessionDecider
{
    /// <summary>Why a supervisor left who did not leave by themselves.</summary>
    public const string AgentLeft = "agent_left";

    /// <summary>A supervisor joins agent and consumer.</summary>
    /// <param name="s">The session.</param>
    /// <param name="monitorId">Their part in it: their leg.</param>
    /// <param name="userId">Who.</param>
    /// <param name="name">What the others are shown.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> Join(Session s, Guid monitorId, Guid userId, string name, DateTimeOffset now)
    {
        if (s.Supervisors.ContainsKey(monitorId))
            return Decision<SessionEvent>.Nothing;
        if ((WhyNotLive(s) ?? WhyNotConnected(s)) is { } refusal)
            return refusal;
        return s.Supervisors.ContainsValue(userId) ? SessionErrors.AlreadyIn : new SupervisorJoined(s.Id, s.Kind, monitorId, userId, name, now);
    }

    /// <summary>A supervisor leaves; who is not in it any more changes nothing.</summary>
    /// <param name="s">The session.</param>
    /// <param name="monitorId">Which part.</param>
    /// <param name="reason">A stable word.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> Part(Session s, Guid monitorId, string reason, DateTimeOffset now) =>
        s.Supervisors.TryGetValue(monitorId, out var userId) ? new SupervisorLeft(s.Id, s.Kind, monitorId, userId, reason, now) : Decision<SessionEvent>.Nothing;

    /// <summary>The supervisor is the agent from now on, on hold or not; the agent before has the work after it.</summary>
    /// <param name="s">The session.</param>
    /// <param name="monitorId">The part that they had in it until now.</param>
    /// <param name="agentId">Who takes over.</param>
    /// <param name="offerId">By which they have it.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> TakeOver(Session s, Guid monitorId, Guid agentId, Guid offerId, DateTimeOffset now)
    {
        if (s.IsInConversation && s.AgentId == agentId)
            return Decision<SessionEvent>.Nothing;
        if ((WhyNotLive(s) ?? WhyNotConnected(s)) is { } refusal)
            return refusal;
        return Decision<SessionEvent>.Happens(
            [.. ConsultationEnds(s, "taken_over", now), .. Part(s, monitorId, "took_over", now).Events, new SessionTakenOver(s.Id, s.Kind, s.AgentId!.Value, s.OfferId!.Value, agentId, offerId, now)]);
    }

    /// <summary>Why an agent is not in the session now, or null.</summary>
    public static DomainError? WhyNotConnected(Session s) => s.IsInConversation ? null : SessionErrors.NotConnected;

    /// <summary>Whoever barged in spoke with this agent: the next conversation has to be entered anew.</summary>
    private static IEnumerable<SessionEvent> SupervisorsLeave(Session s, DateTimeOffset now) =>
        s.Supervisors.Select(part => new SupervisorLeft(s.Id, s.Kind, part.Key, part.Value, AgentLeft, now)).OrderBy(e => e.MonitorId);
}
