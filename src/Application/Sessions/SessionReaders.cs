using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Sessions;

/// <summary>Who may look at a session: its consumer, the agent in it, and who may read or monitor it (MON-1).</summary>
internal static class SessionReaders
{
    /// <summary>Any one of them.</summary>
    public static Requirement Of(Guid sessionId) => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.Session(sessionId)),
        Requirement.Permission(Permissions.MonitoringRead, Target.Session(sessionId)),
        Requirement.ConsumerAlone(sessionId),
        Requirement.AgentIn(sessionId));
}
