using System.Collections.Frozen;

namespace ContactCenter.Domain.Access;

/// <summary>Every permission there is, <c>area.verb</c>.</summary>
public static class Permissions
{
#pragma warning disable CS1591 // The names say what each allows.
    public const string EntryWrite = "entry.write";
    public const string MonitoringRead = "monitoring.read";
    public const string MonitoringListen = "monitoring.listen";
    public const string MonitoringCoach = "monitoring.coach";
    public const string MonitoringBarge = "monitoring.barge";
    public const string SessionsRead = "sessions.read";
    public const string SessionsEnd = "sessions.end";
    public const string SessionsHandle = "sessions.handle";
    public const string SessionsTransferOut = "sessions.transfer_out";
    public const string RecordingsRead = "recordings.read";
    public const string RecordingsDelete = "recordings.delete";
    public const string SettingsRead = "settings.read";
    public const string SettingsWrite = "settings.write";
    public const string UsersRead = "users.read";
    public const string UsersWrite = "users.write";
    public const string AuditRead = "audit.read";
    public const string EventsRead = "events.read";
    public const string OperationsRead = "operations.read";
    public const string OperationsWrite = "operations.write";
    public const string MetricsRead = "metrics.read";
    public const string AgentsSignOut = "agents.sign_out";
    public const string TicketsRead = "tickets.read";
    public const string TranscriptsWrite = "transcripts.write";
#pragma warning restore CS1591

    /// <summary>All of them.</summary>
    public static FrozenSet<string> All { get; } = FrozenSet.Create(
        StringComparer.Ordinal,
        EntryWrite, MonitoringRead, MonitoringListen, MonitoringCoach, MonitoringBarge, SessionsRead, SessionsEnd, SessionsHandle, SessionsTransferOut,
        RecordingsRead, RecordingsDelete, SettingsRead, SettingsWrite, UsersRead, UsersWrite, AuditRead, EventsRead,
        OperationsRead, OperationsWrite, MetricsRead, TicketsRead, TranscriptsWrite, AgentsSignOut);

    /// <summary>The highest scope wins where several roles grant one permission.</summary>
    public static Scope? Highest(IEnumerable<Grant> grants, string permission)
    {
        Scope? highest = null;
        foreach (var grant in grants)
        {
            if (string.Equals(grant.Permission, permission, StringComparison.Ordinal) && (highest is null || grant.Scope > highest))
                highest = grant.Scope;
        }

        return highest;
    }
}
