using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Agents;

/// <summary>One agent as the agents page sees it (MON-6).</summary>
public sealed record AgentCard
{
    /// <summary>The user's id.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The agent stream's version; 0 before the first sign-in.</summary>
    public long Version { get; init; }

    /// <summary>As in users; empty for an agent without a user.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Their teams.</summary>
    public IReadOnlyList<Guid> TeamIds { get; init; } = [];

    /// <summary>True for holders of the agent role and for whoever has signed in as an agent.</summary>
    public bool IsAgent { get; init; }

    /// <summary>The word for an agent who is not there.</summary>
    public const string Offline = "offline";

    /// <summary>What the agent is doing: <c>available</c>, <c>offline</c>, or the status chosen instead of taking sessions.</summary>
    public string Status => Presence switch
    {
        Presence.Available => "available",
        Presence.Paused => Reason ?? "unavailable",
        _ => Offline,
    };

    /// <summary>True while the adapter's stream is gone and may still be resumed.</summary>
    public bool IsAdapterLost { get; init; }

    /// <summary>Signed in, paused or not.</summary>
    public Presence Presence { get; init; }

    /// <summary>Why paused or gone, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>In this presence since.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Nothing to do since: the longest idle agent is asked first.</summary>
    public DateTimeOffset IdleSince { get; init; }

    /// <summary>How many sessions at once.</summary>
    public Capacity Capacity { get; init; } = new(0, 0);

    /// <summary>From which channels.</summary>
    public IReadOnlyList<Channel> Channels { get; init; } = [];

    /// <summary>True for one who was asked, is prepared or talks; not for the work after a session.</summary>
    public bool HasSessions => Work.Any(w => w.Phase != WorkPhase.WrapUp);

    /// <summary>The sessions in hand.</summary>
    public IReadOnlyList<Work> Work { get; init; } = [];

    /// <summary>The agent, as far as routing asks.</summary>
    public Agent ForRouting() => new()
    {
        Id = AgentId,
        Presence = Presence,
        IsAdapterLost = IsAdapterLost,
        PresenceSince = Since,
        IdleSince = IdleSince,
        Capacity = Capacity,
        Channels = [.. Channels],
        Work = [.. Work],
    };
}

/// <summary>Folds agents, with name and teams of their users.</summary>
public sealed class AgentsProjection : Projection<AgentCard>
{
    /// <inheritdoc/>
    public override string Name => "agents";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<AgentCard>> Columns { get; } =
    [
        new("agent_id", ColumnType.Id, a => a.AgentId, Required: true),
        new("is_agent", ColumnType.Flag, a => a.IsAgent, Required: true),
        new("presence", ColumnType.Text, a => a.Presence, Required: true),
        new("status", ColumnType.Text, a => a.Status, Required: true),
        new("since", ColumnType.Instant, a => a.Since, Required: true),
        new("has_sessions", ColumnType.Flag, a => a.HasSessions, Indexed: true, Required: true),
        new("name", ColumnType.Text, a => a.Name, Indexed: true, Required: true),
        new("team_ids", ColumnType.Ids, a => a.TeamIds, Indexed: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Agent.Category, Aggregates.User.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) =>
        happened.Data is AgentEvent or UserCreated or UserAssigned or UserDeactivated ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override AgentCard? Evolve(AgentCard? view, StoredEvent happened)
    {
        view ??= new AgentCard { AgentId = happened.Stream.Id };
        return happened.Data switch
        {
            UserCreated e => view with { Name = e.Name, TeamIds = e.TeamIds, IsAgent = view.IsAgent || e.RoleIds.Contains(BuiltInRoles.Agent), Since = e.CreatedAt },
            UserAssigned e => view with { TeamIds = e.TeamIds, IsAgent = e.RoleIds.Contains(BuiltInRoles.Agent) || view.Version > 0 },
            UserDeactivated => view with { IsAgent = false },
            AgentEvent e => After(view, e) with { Version = happened.Version },
            _ => view,
        };
    }

    private static AgentCard After(AgentCard view, AgentEvent happened) => happened switch
    {
        AgentSignedIn e => view with
        {
            IsAgent = true,
            Presence = Presence.Available,
            IsAdapterLost = false,
            Reason = null,
            Since = view.Presence == Presence.Available ? view.Since : e.SignedInAt,
            IdleSince = view.Presence == Presence.Offline ? e.SignedInAt : view.IdleSince,
            Capacity = e.Capacity,
            Channels = e.Channels,
        },
        AgentAdapterConnected => view with { IsAdapterLost = false },
        AgentAdapterLost => view with { IsAdapterLost = true },
        AgentSignedOut e => view with { Presence = Presence.Offline, IsAdapterLost = false, Reason = e.Reason, Since = e.SignedOutAt },
        AgentMadeAvailable e => view with { Presence = Presence.Available, Reason = null, Since = e.AvailableAt, IdleSince = e.AvailableAt },
        AgentPaused e => view with { Presence = Presence.Paused, Reason = e.Reason, Since = e.PausedAt },
        AgentReserved e => view with { Work = [.. view.Work, new Work(e.SessionId, e.OfferId, e.Kind, WorkPhase.Reserved)] },
        AgentReservationReleased e => Without(view, e.SessionId) with { IdleSince = e.Outcome == OfferOutcome.Withdrawn ? view.IdleSince : e.ReleasedAt },
        AgentTookOver e => view with { Work = [.. view.Work, new Work(e.SessionId, e.OfferId, e.Kind, WorkPhase.Engaged)] },
        AgentEngaged e => InPhase(view, e.SessionId, WorkPhase.Engaged),
        AgentWrapUpStarted e => InPhase(view, e.SessionId, WorkPhase.WrapUp),
        AgentFreed e => Without(view, e.SessionId) with { IdleSince = e.FreedAt },
        _ => view,
    };

    private static AgentCard Without(AgentCard view, Guid sessionId) => view with { Work = [.. view.Work.Where(w => w.SessionId != sessionId)] };

    private static AgentCard InPhase(AgentCard view, Guid sessionId, WorkPhase phase) =>
        view with { Work = [.. view.Work.Select(w => w.SessionId == sessionId ? w with { Phase = phase } : w)] };
}
