using System.Diagnostics;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Monitoring;

/// <summary>The state of one user's monitoring of one session: the fold of its events.</summary>
public sealed record SessionMonitor
{
    /// <summary>Before the first event.</summary>
    public static SessionMonitor Initial { get; } = new();

    /// <summary>Which; empty if there is none.</summary>
    public Guid Id { get; init; }

    /// <summary>The session.</summary>
    public Guid SessionId { get; init; }

    /// <summary>Call or chat.</summary>
    public SessionKind Kind { get; init; }

    /// <summary>Who monitors.</summary>
    public Actor By { get; init; } = Actor.Anonymous;

    /// <summary>How, or how at last.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>How at first.</summary>
    public MonitorMode StartedAs { get; init; }

    /// <summary>The offer of the agent whom a coach speaks to, or null.</summary>
    public Guid? OfferId { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when, or null.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Why it ended, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>True once it began.</summary>
    public bool Exists => Id != Guid.Empty;

    /// <summary>True from its beginning to its end.</summary>
    public bool IsLive => Exists && StoppedAt is null;

    /// <summary>The state after one more event.</summary>
    public SessionMonitor Apply(MonitorEvent happened) => happened switch
    {
        MonitorStarted e => this with
        {
            Id = e.MonitorId,
            SessionId = e.SessionId,
            Kind = e.Kind,
            By = e.By,
            Mode = e.Mode,
            StartedAs = e.Mode,
            OfferId = e.OfferId,
            StartedAt = e.StartedAt,
        },
        MonitorModeChanged e => this with { Mode = e.To, OfferId = e.OfferId },
        MonitorStopped e => this with { StoppedAt = e.StoppedAt, StopReason = e.Reason },
        _ => throw new UnreachableException($"A monitor does not know {happened.GetType().Name}."),
    };
}
