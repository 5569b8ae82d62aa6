using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Queues;

/// <summary>One queue as lists see it.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Name">What the menu shows.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="Path">Names from the root to this one.</param>
/// <param name="ParentId">The node above, or null.</param>
/// <param name="TeamIds">The teams responsible.</param>
/// <param name="Members">Who takes its sessions.</param>
/// <param name="Handling">Offering and finishing.</param>
/// <param name="Whisper">What the agent hears first.</param>
/// <param name="IsArchived">Takes no new sessions.</param>
/// <param name="Hours">Hours of its own, or null (AHD-1).</param>
/// <param name="Deflection">Deflection of its own, or null (AHD-6).</param>
/// <param name="VirtualAgent">Who answers first, or null.</param>
/// <param name="ScheduledCalls">Calls booked for a time (AHD-11).</param>
/// <param name="Names">What the menu shows in other languages.</param>
public sealed record QueueCard(
    Guid QueueId,
    long Version,
    string Name,
    Channel Channel,
    IReadOnlyList<string> Path,
    Guid? ParentId,
    IReadOnlyList<Guid> TeamIds,
    IReadOnlyList<Guid> Members,
    HandlingRules Handling,
    WhisperRules Whisper,
    bool IsArchived,
    HoursSchedule? Hours,
    QueueDeflection? Deflection,
    VirtualAgentAssignment? VirtualAgent,
    ScheduledCallRules ScheduledCalls,
    IReadOnlyList<LocalName> Names);

/// <summary>Folds queues.</summary>
public sealed class QueuesProjection : Projection<QueueCard>
{
    /// <inheritdoc/>
    public override string Name => "queues";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<QueueCard>> Columns { get; } =
    [
        new("queue_id", ColumnType.Id, q => q.QueueId, Required: true),
        new("path", ColumnType.Text, SearchText, Indexed: true, Required: true),
        new("name", ColumnType.Text, q => q.Name, Required: true),
        new("channel", ColumnType.Text, q => q.Channel, Required: true),
        new("parent_id", ColumnType.Id, q => q.ParentId),
        new("team_ids", ColumnType.Ids, q => q.TeamIds, Indexed: true),
        new("members", ColumnType.Ids, q => q.Members, Indexed: true),
        new("is_archived", ColumnType.Flag, q => q.IsArchived, Required: true),
    ];

    /// <summary>What is searched in: the menu path.</summary>
    public static string SearchText(QueueCard queue) => string.Join(" > ", queue.Path);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Queue.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is QueueEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override QueueCard? Evolve(QueueCard? view, StoredEvent happened) => happened.Data switch
    {
        QueueCreated e => new QueueCard(
            e.QueueId, happened.Version, e.Name, e.Channel, e.Path, e.ParentId, e.TeamIds, [], HandlingRules.Default, WhisperRules.Default, IsArchived: false,
            Hours: null, Deflection: null, VirtualAgent: null, ScheduledCallRules.Default, Names: []),
        QueueEvent e when view is not null => After(view, e) with { Version = happened.Version },
        _ => view,
    };

    private static QueueCard After(QueueCard view, QueueEvent happened) => happened switch
    {
        QueueRenamed e => view with { Name = e.Name, Path = e.Path },
        QueueTranslated e => view with { Names = e.Names },
        QueueTeamsAssigned e => view with { TeamIds = e.TeamIds },
        QueueArchived => view with { IsArchived = true },
        QueueMemberAdded e => view with { Members = [.. view.Members.Where(m => m != e.AgentId), e.AgentId] },
        QueueMemberRemoved e => view with { Members = [.. view.Members.Where(m => m != e.AgentId)] },
        QueueHandlingConfigured e => view with { Handling = e.Handling },
        QueueWhisperConfigured e => view with { Whisper = e.Whisper },
        QueueMoved e => view with { ParentId = e.ParentId, Path = e.Path },
        QueueHoursSet e => view with { Hours = e.Hours },
        QueueDeflectionConfigured e => view with { Deflection = e.Deflection },
        QueueVirtualAgentAssigned e => view with { VirtualAgent = e.VirtualAgent },
        QueueScheduledCallsConfigured e => view with { ScheduledCalls = e.Rules },
        _ => view,
    };
}
