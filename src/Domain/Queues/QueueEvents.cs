using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Queues;

/// <summary>A fact about one queue's configuration. Stream <c>queue-{id}</c>. Who changed it is in the metadata.</summary>
public abstract record QueueEvent : IDomainEvent
{
    private protected QueueEvent()
    {
    }

    /// <summary>Which queue.</summary>
    public abstract Guid QueueId { get; init; }
}

/// <summary>A node of one channel's menu was created.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Name">What the menu shows, 1 to 100 characters.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="Path">Names from the root to this one: the issue of its sessions.</param>
/// <param name="ParentId">The node above, or null at the root.</param>
/// <param name="TeamIds">The teams responsible; scopes of permissions look at them.</param>
/// <param name="CreatedAt">When.</param>
[EventType("queue.created.v1")]
public sealed record QueueCreated(
    Guid QueueId, string Name, Channel Channel, IReadOnlyList<string> Path, Guid? ParentId, IReadOnlyList<Guid> TeamIds, DateTimeOffset CreatedAt) : QueueEvent;

/// <summary>The queue got another name, or one above it did and its path follows.</summary>
[EventType("queue.renamed.v1")]
public sealed record QueueRenamed(Guid QueueId, string Name, IReadOnlyList<string> Path, DateTimeOffset RenamedAt) : QueueEvent;

/// <summary>A queue's name in one language.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Name">1 to 100 characters.</param>
public sealed record LocalName(string Language, string Name) : IInLanguage;

/// <summary>What the menu shows instead of the queue's name to those who speak these languages, from now on.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Names">Each language once; all others are shown the queue's name.</param>
/// <param name="TranslatedAt">When.</param>
[EventType("queue.translated.v1")]
public sealed record QueueTranslated(Guid QueueId, IReadOnlyList<LocalName> Names, DateTimeOffset TranslatedAt) : QueueEvent;

/// <summary>Other teams are responsible for the queue from now on; scopes of permissions look at them.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="TeamIds">All of them, each once.</param>
/// <param name="AssignedAt">When.</param>
[EventType("queue.teams_assigned.v1")]
public sealed record QueueTeamsAssigned(Guid QueueId, IReadOnlyList<Guid> TeamIds, DateTimeOffset AssignedAt) : QueueEvent;

/// <summary>The queue takes no new sessions; live ones keep the path they came by.</summary>
[EventType("queue.archived.v1")]
public sealed record QueueArchived(Guid QueueId, DateTimeOffset ArchivedAt) : QueueEvent;

/// <summary>An agent takes sessions of this queue.</summary>
[EventType("queue.member_added.v1")]
public sealed record QueueMemberAdded(Guid QueueId, Guid AgentId, DateTimeOffset AddedAt) : QueueEvent;

/// <summary>An agent no longer takes sessions of this queue; those in hand stay.</summary>
[EventType("queue.member_removed.v1")]
public sealed record QueueMemberRemoved(Guid QueueId, Guid AgentId, DateTimeOffset RemovedAt) : QueueEvent;

/// <summary>How sessions of this queue are offered and finished.</summary>
/// <param name="OfferTimeoutSeconds">How long an agent is asked, 5 to 3,600.</param>
/// <param name="WrapUpSeconds">Time for the work after a session, 0 (none) to 3,600.</param>
/// <param name="StuckAfterMinutes">Waiting or connected for longer is stuck (END-4); null for the center's limit.</param>
/// <param name="ServiceLevelSeconds">Answered within is in time; null for the center's target.</param>
public sealed record HandlingRules(int OfferTimeoutSeconds, int WrapUpSeconds, int? StuckAfterMinutes = null, int? ServiceLevelSeconds = null)
{
    /// <summary>What a new queue has.</summary>
    public static HandlingRules Default { get; } = new(OfferTimeoutSeconds: 30, WrapUpSeconds: 30);
}

/// <summary>Other rules for offering and finishing apply from now on.</summary>
[EventType("queue.handling_configured.v1")]
public sealed record QueueHandlingConfigured(Guid QueueId, HandlingRules Handling, DateTimeOffset ConfiguredAt) : QueueEvent;

/// <summary>What the agent hears before a call of this queue (NOT-3).</summary>
/// <param name="WhisperEnabled">Whether an announcement is played.</param>
/// <param name="WhisperText">What is said; null says the call type and the queue's name (NOT-1).</param>
/// <param name="Speed">1 is normal; 0.5 to 2.</param>
/// <param name="Countdown">Whether "3, 2, 1" follows.</param>
public sealed record WhisperRules(bool WhisperEnabled, string? WhisperText, double Speed, bool Countdown)
{
    /// <summary>What a new queue has: the default whisper, no countdown.</summary>
    public static WhisperRules Default { get; } = new(WhisperEnabled: true, WhisperText: null, Speed: 1, Countdown: false);
}

/// <summary>Another whisper applies from now on.</summary>
[EventType("queue.whisper_configured.v1")]
public sealed record QueueWhisperConfigured(Guid QueueId, WhisperRules Whisper, DateTimeOffset ConfiguredAt) : QueueEvent;

/// <summary>The queue has these hours of its own from now on, or none: then the channel's, the language's or the center's apply (AHD-1).</summary>
[EventType("queue.hours_set.v1")]
public sealed record QueueHoursSet(Guid QueueId, HoursSchedule? Hours, DateTimeOffset SetAt) : QueueEvent;

/// <summary>The queue's contacts go this way outside the hours from now on, or, with null, as the center's do (AHD-6).</summary>
[EventType("queue.deflection_configured.v1")]
public sealed record QueueDeflectionConfigured(Guid QueueId, QueueDeflection? Deflection, DateTimeOffset ConfiguredAt) : QueueEvent;

/// <summary>When a virtual agent answers.</summary>
public enum VirtualAgentAvailability
{
    /// <summary>Within the hours only.</summary>
    BusinessHours,

    /// <summary>At every hour.</summary>
    Always,
}

/// <summary>A virtual agent bound to a queue.</summary>
/// <param name="Name">As consumers and agents see it, 1 to 100 characters.</param>
/// <param name="Connector">Which adapter answers for it: <c>simulated</c>.</param>
/// <param name="Availability">When it answers.</param>
public sealed record VirtualAgentAssignment(string Name, string Connector, VirtualAgentAvailability Availability);

/// <summary>A virtual agent answers in this queue first from now on, or, with null, none does.</summary>
[EventType("queue.virtual_agent_assigned.v1")]
public sealed record QueueVirtualAgentAssigned(Guid QueueId, VirtualAgentAssignment? VirtualAgent, DateTimeOffset AssignedAt) : QueueEvent;

/// <summary>Calls that consumers book for a time inside the queue's hours (AHD-11).</summary>
/// <param name="Enabled">Whether slots are offered.</param>
/// <param name="SlotMinutes">Length of a slot: 5 to 240, and a divisor of 1,440.</param>
/// <param name="CallsPerSlot">How many calls may be booked for one slot, 1 to 1,000.</param>
/// <param name="DaysAhead">How far ahead slots are offered, 1 to 60.</param>
/// <param name="LeadMinutes">How long before its beginning a slot closes for booking, 0 to 1,440.</param>
public sealed record ScheduledCallRules(bool Enabled, int SlotMinutes, int CallsPerSlot, int DaysAhead, int LeadMinutes)
{
    /// <summary>What a new queue has: none.</summary>
    public static ScheduledCallRules Default { get; } = new(Enabled: false, SlotMinutes: 15, CallsPerSlot: 1, DaysAhead: 7, LeadMinutes: 15);
}

/// <summary>Other rules for scheduled calls apply from now on; calls booked already stay booked.</summary>
[EventType("queue.scheduled_calls_configured.v1")]
public sealed record QueueScheduledCallsConfigured(Guid QueueId, ScheduledCallRules Rules, DateTimeOffset ConfiguredAt) : QueueEvent;

/// <summary>The queue stands under another node of its channel's menu, or at the root; live sessions keep the path they came by.</summary>
[EventType("queue.moved.v1")]
public sealed record QueueMoved(Guid QueueId, Guid? ParentId, IReadOnlyList<string> Path, DateTimeOffset MovedAt) : QueueEvent;
