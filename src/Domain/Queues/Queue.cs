using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Queues;

/// <summary>The state of one queue's configuration: the fold of its events.</summary>
public sealed record Queue
{
    /// <summary>Before the first event.</summary>
    public static Queue Initial { get; } = new();

    /// <summary>The queue's id; empty before it is created.</summary>
    public Guid Id { get; init; }

    /// <summary>What the menu shows.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>What the menu shows in other languages, by language in lower case.</summary>
    public IReadOnlyList<LocalName> Names { get; init; } = [];

    /// <summary>Whose menu.</summary>
    public Channel Channel { get; init; }

    /// <summary>Names from the root to this one.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>The node above, or null.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The teams responsible.</summary>
    public ImmutableArray<Guid> TeamIds { get; init; } = [];

    /// <summary>Who takes its sessions.</summary>
    public ImmutableHashSet<Guid> Members { get; init; } = [];

    /// <summary>Offering and finishing.</summary>
    public HandlingRules Handling { get; init; } = HandlingRules.Default;

    /// <summary>What the agent hears first.</summary>
    public WhisperRules Whisper { get; init; } = WhisperRules.Default;

    /// <summary>Hours of its own, or null for the channel's, the language's or the center's (AHD-1).</summary>
    public HoursSchedule? Hours { get; init; }

    /// <summary>Deflection of its own, or null for the center's (AHD-6).</summary>
    public QueueDeflection? Deflection { get; init; }

    /// <summary>Who answers first, or null.</summary>
    public VirtualAgentAssignment? VirtualAgent { get; init; }

    /// <summary>Calls booked for a time (AHD-11).</summary>
    public ScheduledCallRules ScheduledCalls { get; init; } = ScheduledCallRules.Default;

    /// <summary>Takes no new sessions.</summary>
    public bool IsArchived { get; init; }

    /// <summary>True if calls come by its channel.</summary>
    public bool TakesCalls => SessionDecider.IsPossible(SessionKind.Call, Channel);

    /// <summary>True once created.</summary>
    public bool Exists => Id != Guid.Empty;

    /// <summary>What the menu shows to those who speak a language: that language's name, its base's, or the queue's own.</summary>
    /// <param name="language">BCP 47.</param>
    public string NameIn(string language) => Languages.Best(language, byDefault: null, Names)?.Name ?? Name;

    /// <summary>The state after one more event.</summary>
    public Queue Apply(QueueEvent happened) => happened switch
    {
        QueueCreated e => this with
        {
            Id = e.QueueId,
            Name = e.Name,
            Channel = e.Channel,
            Path = [.. e.Path],
            ParentId = e.ParentId,
            TeamIds = [.. e.TeamIds],
        },
        QueueRenamed e => this with { Name = e.Name, Path = [.. e.Path] },
        QueueTranslated e => this with { Names = [.. e.Names.Select(n => n with { Language = Languages.Normal(n.Language) }).OrderBy(n => n.Language, StringComparer.Ordinal)] },
        QueueTeamsAssigned e => this with { TeamIds = [.. e.TeamIds] },
        QueueArchived => this with { IsArchived = true },
        QueueMemberAdded e => this with { Members = Members.Add(e.AgentId) },
        QueueMemberRemoved e => this with { Members = Members.Remove(e.AgentId) },
        QueueHandlingConfigured e => this with { Handling = e.Handling },
        QueueWhisperConfigured e => this with { Whisper = e.Whisper },
        QueueHoursSet e => this with { Hours = e.Hours },
        QueueDeflectionConfigured e => this with { Deflection = e.Deflection },
        QueueVirtualAgentAssigned e => this with { VirtualAgent = e.VirtualAgent },
        QueueScheduledCallsConfigured e => this with { ScheduledCalls = e.Rules },
        QueueMoved e => this with { ParentId = e.ParentId, Path = [.. e.Path] },
        _ => throw new UnreachableException($"Queue does not know {happened.GetType().Name}."),
    };
}
