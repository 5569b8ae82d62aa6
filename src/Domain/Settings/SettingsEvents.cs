using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;

namespace ContactCenter.Domain.Settings;

/// <summary>A change of the center's settings. Stream <c>settings-{page}</c>. Who changed it is in the metadata.</summary>
public abstract record SettingsEvent : IDomainEvent
{
    private protected SettingsEvent()
    {
    }
}

/// <summary>The support center's details are these from now on.</summary>
[EventType("settings.support_center_described.v1")]
public sealed record SupportCenterDescribed(SupportCenter Center, DateTimeOffset DescribedAt) : SettingsEvent;

/// <summary>Other hours of operation apply from now on: the center's, and those of channels and languages (AHD-1).</summary>
[EventType("settings.hours_set.v1")]
public sealed record HoursOfOperationSet(HoursOfOperation Hours, DateTimeOffset SetAt) : SettingsEvent;

/// <summary>Calls outside the hours go another way from now on (AHD-2).</summary>
[EventType("settings.call_deflection_configured.v1")]
public sealed record CallDeflectionConfigured(CallDeflection Deflection, DateTimeOffset ConfiguredAt) : SettingsEvent;

/// <summary>Chats outside the hours go another way from now on (AHD-5).</summary>
[EventType("settings.chat_deflection_configured.v1")]
public sealed record ChatDeflectionConfigured(ChatDeflection Deflection, DateTimeOffset ConfiguredAt) : SettingsEvent;

/// <summary>A message of the center says this from now on (AHD-8).</summary>
[EventType("settings.message_set.v1")]
public sealed record MessageSet(MessageKey Key, string Language, Message Message, DateTimeOffset SetAt) : SettingsEvent;

/// <summary>The center has no such message any more.</summary>
[EventType("settings.message_removed.v1")]
public sealed record MessageRemoved(MessageKey Key, string Language, DateTimeOffset RemovedAt) : SettingsEvent;

/// <summary>A recording for messages was uploaded (AHD-8). Its bytes are no part of the log.</summary>
[EventType("settings.message_audio_uploaded.v1")]
public sealed record MessageAudioUploaded(MessageAudio Audio, DateTimeOffset UploadedAt) : SettingsEvent;

/// <summary>A recording for messages was thrown away, with its bytes.</summary>
[EventType("settings.message_audio_removed.v1")]
public sealed record MessageAudioRemoved(Guid AudioId, Guid ContentId, DateTimeOffset RemovedAt) : SettingsEvent;

/// <summary>The monitoring pages go by these limits from now on (END-4).</summary>
[EventType("settings.monitoring_configured.v1")]
public sealed record MonitoringConfigured(MonitoringRules Rules, DateTimeOffset ConfiguredAt) : SettingsEvent;

/// <summary>Agents may choose these statuses from now on, beside those that every center has.</summary>
[EventType("settings.agent_statuses_defined.v1")]
public sealed record AgentStatusesDefined(AgentStatuses Statuses, DateTimeOffset DefinedAt) : SettingsEvent;

/// <summary>Calls that come from now on are recorded, or not, by these rules (REC-3).</summary>
[EventType("settings.recording_configured.v1")]
public sealed record RecordingConfigured(RecordingRules Rules, DateTimeOffset ConfiguredAt) : SettingsEvent;

/// <summary>These are the center's telephone numbers from now on.</summary>
[EventType("settings.phone_numbers_configured.v1")]
public sealed record PhoneNumbersConfigured(PhoneLines Lines, DateTimeOffset ConfiguredAt) : SettingsEvent;

/// <summary>
/// The configuration as a whole was changed: queues, hours, deflection, settings. One stream, written together with each
/// such change, so that two changes that are each right, and wrong together, cannot both come through (AHD-9).
/// </summary>
/// <param name="Revision">Counts the changes from 1.</param>
/// <param name="SubjectId">The queue or page that was changed; the first of several.</param>
/// <param name="RevisedAt">When.</param>
/// <param name="Subjects">Every queue and page that was changed; null in revisions from before they were written.</param>
[EventType("configuration.revised.v1")]
public sealed record ConfigurationRevised(long Revision, Guid SubjectId, DateTimeOffset RevisedAt, IReadOnlyList<Guid>? Subjects = null) : IDomainEvent
{
    /// <summary>The one stream's id: <c>configuration-{id}</c>.</summary>
    public static readonly Guid StreamId = new("5e771465-0000-7000-8000-000000000000");
}
