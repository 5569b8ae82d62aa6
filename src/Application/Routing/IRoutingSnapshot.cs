using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Routing;

/// <summary>Where the routing board begins: ids out of the read models.</summary>
public interface IRoutingSnapshot
{
    /// <summary>Every stream the board must know at a position; it reads them itself, and follows the log from there.</summary>
    Task<RoutingIds> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>The streams that matter to routing.</summary>
/// <param name="Position">Valid at this place of the log: whatever came later is read from the log.</param>
/// <param name="LiveSessions">Sessions that have not ended.</param>
/// <param name="SignedInAgents">Agents who are signed in, paused or not.</param>
/// <param name="Queues">All queues.</param>
public sealed record RoutingIds(
    LogPosition Position, IReadOnlyList<Guid> LiveSessions, IReadOnlyList<Guid> SignedInAgents, IReadOnlyList<Guid> Queues);
