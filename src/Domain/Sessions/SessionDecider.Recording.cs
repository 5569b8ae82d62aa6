using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>Who may pause and resume a call's recording.</content>
public static partial class SessionDecider
{
    /// <summary>Why there is nothing to listen to (MON-2), or null: only calls, and only while an agent is in them.</summary>
    public static DomainError? WhyNotHeard(Session s) =>
        WhyNotLive(s) ?? (s.Kind != SessionKind.Call ? SessionErrors.NotACall : WhyNotConnected(s));

    /// <summary>Why this agent may not pause or resume the recording of this call now, or null (REC-4).</summary>
    public static DomainError? WhyNotRecordedBy(Session s, Guid agentId) => WhyNotInCall(s, agentId);
}
