using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Routing;

/// <summary>Where the routing board begins, out of the read models.</summary>
public interface IRoutingSnapshot
{
    /// <summary>What the board must know at a position; it follows the log from there.</summary>
    Task<RoutingStart> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What matters to routing. Rows may be ahead of the position: their versions say how far they are.</summary>
/// <param name="Position">Whatever came later is in the log.</param>
/// <param name="LiveSessions">Sessions that have not ended; the board reads their streams.</param>
/// <param name="Agents">Everybody who has ever signed in: who is gone may have sessions in hand. Their streams are too long to be read.</param>
/// <param name="Queues">All queues; the board reads their streams.</param>
public sealed record RoutingStart(
    LogPosition Position, IReadOnlyList<Guid> LiveSessions, IReadOnlyList<AgentCard> Agents, IReadOnlyList<Guid> Queues);
