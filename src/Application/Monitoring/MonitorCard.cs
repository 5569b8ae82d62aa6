using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>Who monitored which session, when and how, for auditors (ADM-2).</summary>
public sealed record MonitorCard
{
    /// <summary>The monitoring; its stream is <c>monitoring-</c> and this.</summary>
    public required Guid MonitorId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Call or chat.</summary>
    public required SessionKind Kind { get; init; }

    /// <summary>Who.</summary>
    public required Actor By { get; init; }

    /// <summary>Every mode it had, in order.</summary>
    public required IReadOnlyList<MonitorMode> Modes { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when, or null.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it ended, or null.</summary>
    public string? StopReason { get; init; }
}

/// <summary>Folds monitorings.</summary>
public sealed class MonitorsProjection : Projection<MonitorCard>
{
    /// <inheritdoc/>
    public override string Name => "monitors";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<MonitorCard>> Columns { get; } =
    [
        new("started_at", ColumnType.Instant, m => m.StartedAt, Indexed: true, Required: true),
        new("session_id", ColumnType.Id, m => m.SessionId, Indexed: true, Required: true),
        new("by_id", ColumnType.Text, m => m.By.Id, Indexed: true, Required: true),
        new("is_live", ColumnType.Flag, m => m.StoppedAt is null, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Monitor.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is MonitorEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override MonitorCard? Evolve(MonitorCard? view, StoredEvent happened) => happened.Data switch
    {
        MonitorStarted e => new MonitorCard
        {
            MonitorId = e.MonitorId,
            SessionId = e.SessionId,
            Kind = e.Kind,
            By = e.By,
            Modes = [e.Mode],
            StartedAt = e.StartedAt,
        },
        MonitorModeChanged e when view is not null => view with { Modes = [.. view.Modes, e.To] },
        MonitorStopped e when view is not null => view with { StoppedAt = e.StoppedAt, StopReason = e.Reason },
        _ => view,
    };
}
