using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <content>Who may pause and resume a call's recording.</content>
public static partial class SessionDecider
{
    /// <summary>Why this agent may not pause or resume the recording of this call now, or null (REC-4).</summary>
    public static DomainError? WhyNotRecordedBy(Session s, Guid agentId) => WhyNotInCall(s, agentId);
}
