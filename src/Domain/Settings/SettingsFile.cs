using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Settings;

/// <summary>The settings as one file (ADM-5): every page, and what is set in each queue. Audio is named by id, not held.</summary>
/// <param name="SupportCenter">The support center's details.</param>
/// <param name="Hours">Hours that are not a queue's own.</param>
/// <param name="Calls">Calls outside the hours.</param>
/// <param name="Chats">Chats outside the hours.</param>
/// <param name="Messages">Every message; one that is not in the file is removed by an import.</param>
/// <param name="Queues">Queues that are not archived; one that is not in the file is left as it is by an import, which needs at least one of those here.</param>
/// <param name="Monitoring">What the monitoring pages go by; null leaves it as it is.</param>
/// <param name="AgentStatuses">Statuses of the center's own; null leaves them as they are.</param>
/// <param name="Recording">Whether calls are recorded; null leaves it as it is.</param>
/// <param name="PhoneNumbers">The center's telephone numbers; null leaves them as they are.</param>
public sealed record SettingsFile(
    SupportCenter SupportCenter,
    HoursOfOperation Hours,
    CallDeflection Calls,
    ChatDeflection Chats,
    IReadOnlyList<CenterMessage> Messages,
    IReadOnlyList<QueueSettings> Queues,
    MonitoringRules? Monitoring = null,
    AgentStatuses? AgentStatuses = null,
    RecordingRules? Recording = null,
    PhoneLines? PhoneNumbers = null)
{
    /// <summary>The file of a configuration: the same for the same configuration, byte for byte.</summary>
    public static SettingsFile Of(CenterConfiguration center) => new(
        center.Settings.Center,
        center.Settings.Hours,
        center.Settings.Calls,
        center.Settings.Chats,
        [.. center.Settings.Messages.All()],
        [
            .. center.Queues.Values.Where(q => !q.IsArchived)
                .OrderBy(q => q.Channel).ThenBy(q => string.Join('\n', q.Path), StringComparer.Ordinal).ThenBy(q => q.Id)
                .Select(q => new QueueSettings(
                    q.Id, q.Channel, q.Path, q.Hours, q.Deflection, q.VirtualAgent, q.ScheduledCalls,
                    q.Names, q.Handling, q.TakesCalls ? q.Whisper : null)),
        ],
        center.Settings.Monitoring,
        center.Settings.Statuses,
        center.Settings.Recording,
        center.Settings.Lines);
}

/// <summary>What is set in one queue.</summary>
/// <param name="Id">The queue; of another center's file, the channel and path find it.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="Path">Names from the root to this one, as they are here: an import neither renames nor moves.</param>
/// <param name="Hours">Hours of its own, or null.</param>
/// <param name="Deflection">Deflection of its own, or null.</param>
/// <param name="VirtualAgent">Who answers first, or null.</param>
/// <param name="ScheduledCalls">Calls booked for a time.</param>
/// <param name="Names">What the menu shows in other languages; null is none.</param>
/// <param name="Handling">How sessions are offered, finished and found stuck; null, as in files from before it was in them, leaves what is set.</param>
/// <param name="Whisper">What the agent hears first; null, as of queues that take no calls and in files from before it was in them, leaves what is set.</param>
public sealed record QueueSettings(
    Guid Id,
    Channel Channel,
    IReadOnlyList<string> Path,
    HoursSchedule? Hours,
    QueueDeflection? Deflection,
    VirtualAgentAssignment? VirtualAgent,
    ScheduledCallRules ScheduledCalls,
    IReadOnlyList<LocalName>? Names = null,
    HandlingRules? Handling = null,
    WhisperRules? Whisper = null);
