using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>Who may begin, change and go on with a monitoring. Only who began it may do anything with it.</summary>
public static class MonitorRights
{
    /// <summary>To begin one in this mode (MON-1, MON-5).</summary>
    public static Requirement ToStart(Guid sessionId, MonitorMode mode) =>
        Requirement.Permission(MonitorDecider.PermissionOf(mode), Target.Session(sessionId));

    /// <summary>To go on in this mode, or from this mode on.</summary>
    public static Requirement ToGoOn(Guid monitorId, MonitorMode mode) => Requirement.OwnMonitor(monitorId, m => ToStart(m.SessionId, mode));

    /// <summary>To go on as it is. Who only reads a chat needs what any other reader of it needs.</summary>
    public static Requirement ToGoOn(Guid monitorId) => Requirement.OwnMonitor(monitorId, m => m is { Kind: SessionKind.Chat, Mode: MonitorMode.Silent }
        ? Requirement.AnyOf(ToStart(m.SessionId, m.Mode), SessionReaders.Of(m.SessionId))
        : ToStart(m.SessionId, m.Mode));

    /// <summary>To become the session's agent: what barging in needs, and what an agent needs.</summary>
    public static Requirement ToTakeOver(Guid monitorId) => Requirement.OwnMonitor(
        monitorId, m => Requirement.AllOf(ToStart(m.SessionId, MonitorMode.Barge), Requirement.Permission(Permissions.SessionsHandle)));
}
