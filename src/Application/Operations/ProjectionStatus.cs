namespace ContactCenter.Application.Operations;

/// <summary>How one table of a read model is doing.</summary>
/// <param name="Name">The read model.</param>
/// <param name="Version">The version of its code.</param>
/// <param name="Generation">Counts rebuilds by that code.</param>
/// <param name="IsLive">True if readers see it; false while it is built beside the live one.</param>
/// <param name="Status"><c>live</c>, <c>building</c> or <c>paused</c>.</param>
/// <param name="Position">The log position it is the fold of, as text.</param>
/// <param name="EventsBehind">Events it has yet to fold, counted up to 10,000.</param>
/// <param name="LagMilliseconds">Age of the oldest of them; 0 if there is none.</param>
/// <param name="Error">The event at which it paused, or null.</param>
public sealed record ProjectionStatus(
    string Name,
    int Version,
    int Generation,
    bool IsLive,
    string Status,
    string Position,
    int EventsBehind,
    double LagMilliseconds,
    ProjectionError? Error);

/// <summary>An event that cannot be folded.</summary>
/// <param name="EventId">Which.</param>
/// <param name="EventType">Its wire name.</param>
/// <param name="Position">Its place in the log, as text.</param>
/// <param name="Message">What went wrong.</param>
public sealed record ProjectionError(Guid EventId, string EventType, string Position, string Message);

/// <summary>Looks at the read models and tells them what to do; whichever node runs them.</summary>
public interface IProjectionControl
{
    /// <summary>All of them, by name; live before building.</summary>
    Task<IReadOnlyList<ProjectionStatus>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Tries the event at which it paused again. False if none of this name is paused.</summary>
    Task<bool> RetryAsync(string name, CancellationToken cancellationToken);

    /// <summary>Leaves out the event at which it paused, now and in rebuilds by the same code. False if it is not paused there.</summary>
    /// <param name="name">The read model.</param>
    /// <param name="eventId">The event, so that none but the one looked at is left out.</param>
    /// <param name="by">Who decided it.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    Task<bool> SkipAsync(string name, Guid eventId, string by, CancellationToken cancellationToken);

    /// <summary>Builds it anew beside the live one, then switches. False if that is under way, or there is none of this name.</summary>
    Task<bool> RebuildAsync(string name, CancellationToken cancellationToken);
}
