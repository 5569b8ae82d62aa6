using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Domain.Settings;

/// <summary>The center's settings: the fold of its pages' events. Each page has a stream of its own, and so a version of its own.</summary>
public sealed record CenterSettings
{
    /// <summary>What a new contact center has.</summary>
    public static CenterSettings Initial { get; } = new();

    /// <summary>The support center's details.</summary>
    public SupportCenter Center { get; init; } = SupportCenter.Default;

    /// <summary>Hours of operation that are not a queue's own (AHD-1).</summary>
    public HoursOfOperation Hours { get; init; } = HoursOfOperation.None;

    /// <summary>Calls outside the hours (AHD-2 to AHD-4).</summary>
    public CallDeflection Calls { get; init; } = CallDeflection.Default;

    /// <summary>Chats outside the hours (AHD-5).</summary>
    public ChatDeflection Chats { get; init; } = ChatDeflection.Default;

    /// <summary>What consumers hear or read from the center itself (AHD-8).</summary>
    public MessageCatalog Messages { get; init; } = MessageCatalog.Empty;

    /// <summary>Uploaded recordings that messages may play, by id (AHD-8).</summary>
    public ImmutableDictionary<Guid, MessageAudio> Audio { get; init; } = ImmutableDictionary<Guid, MessageAudio>.Empty;

    /// <summary>What the monitoring pages go by (END-4).</summary>
    public MonitoringRules Monitoring { get; init; } = MonitoringRules.Default;

    /// <summary>What agents may say they are doing instead of taking sessions.</summary>
    public AgentStatuses Statuses { get; init; } = AgentStatuses.None;

    /// <summary>Whether calls are recorded (REC-3).</summary>
    public RecordingRules Recording { get; init; } = RecordingRules.Default;

    /// <summary>The center's telephone numbers.</summary>
    public PhoneLines Lines { get; init; } = PhoneLines.None;

    /// <summary>Whether calls to or from a number are recorded (REC-3); null for calls that have none.</summary>
    public RecordingPolicy RecordingOf(string? line) =>
        Lines.Numbers.FirstOrDefault(l => string.Equals(l.Number, line, StringComparison.Ordinal))?.Recording ?? new RecordingPolicy(Recording.Enabled, Recording.Consent);

    /// <summary>The state after one more event.</summary>
    public CenterSettings Apply(SettingsEvent happened) => happened switch
    {
        SupportCenterDescribed e => this with { Center = e.Center },
        HoursOfOperationSet e => this with { Hours = e.Hours },
        CallDeflectionConfigured e => this with { Calls = e.Deflection },
        ChatDeflectionConfigured e => this with { Chats = e.Deflection },
        MessageSet e => this with { Messages = Messages.With(e.Key, e.Language, e.Message) },
        MessageRemoved e => this with { Messages = Messages.Without(e.Key, e.Language) },
        MessageAudioUploaded e => this with { Audio = Audio.SetItem(e.Audio.AudioId, e.Audio) },
        MessageAudioRemoved e => this with { Audio = Audio.Remove(e.AudioId) },
        MonitoringConfigured e => this with { Monitoring = e.Rules },
        AgentStatusesDefined e => this with { Statuses = e.Statuses },
        RecordingConfigured e => this with { Recording = e.Rules },
        PhoneNumbersConfigured e => this with { Lines = e.Lines },
        _ => throw new UnreachableException($"CenterSettings does not know {happened.GetType().Name}."),
    };
}

/// <summary>The pages of the settings; each is a stream <c>settings-{id}</c>.</summary>
public static class SettingsPages
{
    /// <summary><c>/v1/settings/support-center</c>.</summary>
    public static readonly Guid SupportCenter = new("5e771465-0000-7000-8000-000000000001");

    /// <summary><c>/v1/settings/hours</c>.</summary>
    public static readonly Guid Hours = new("5e771465-0000-7000-8000-000000000002");

    /// <summary><c>/v1/settings/calls</c>.</summary>
    public static readonly Guid Calls = new("5e771465-0000-7000-8000-000000000003");

    /// <summary><c>/v1/settings/chats</c>.</summary>
    public static readonly Guid Chats = new("5e771465-0000-7000-8000-000000000004");

    /// <summary><c>/v1/settings/messages</c>.</summary>
    public static readonly Guid Messages = new("5e771465-0000-7000-8000-000000000005");

    /// <summary><c>/v1/settings/messages/audio</c>.</summary>
    public static readonly Guid Audio = new("5e771465-0000-7000-8000-000000000006");

    /// <summary><c>/v1/settings/monitoring</c>.</summary>
    public static readonly Guid Monitoring = new("5e771465-0000-7000-8000-000000000007");

    /// <summary><c>/v1/settings/agent-statuses</c>.</summary>
    public static readonly Guid AgentStatuses = new("5e771465-0000-7000-8000-000000000008");

    /// <summary><c>/v1/settings/recording</c>.</summary>
    public static readonly Guid Recording = new("5e771465-0000-7000-8000-000000000009");

    /// <summary><c>/v1/settings/phone-numbers</c>.</summary>
    public static readonly Guid PhoneNumbers = new("5e771465-0000-7000-8000-00000000000a");

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<Guid> All = [SupportCenter, Hours, Calls, Chats, Messages, Audio, Monitoring, AgentStatuses, Recording, PhoneNumbers];

    /// <summary>The page an event belongs to.</summary>
    public static Guid Of(SettingsEvent happened) => happened switch
    {
        SupportCenterDescribed => SupportCenter,
        HoursOfOperationSet => Hours,
        CallDeflectionConfigured => Calls,
        ChatDeflectionConfigured => Chats,
        MessageSet or MessageRemoved => Messages,
        MessageAudioUploaded or MessageAudioRemoved => Audio,
        MonitoringConfigured => Monitoring,
        AgentStatusesDefined => AgentStatuses,
        RecordingConfigured => Recording,
        PhoneNumbersConfigured => PhoneNumbers,
        _ => throw new UnreachableException($"No page for {happened.GetType().Name}."),
    };
}
