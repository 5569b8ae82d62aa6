using ContactCenter.Application.Projections;

namespace ContactCenter.Application.Agents;

/// <summary>
/// Agents who hold sessions though nothing is known of an adapter of theirs: nobody watches them, so that nobody would ever
/// find them lost. From the look that finds them they are watched as all others, on whichever node the next looks are.
/// </summary>
public sealed class GhostAgents(IReadModel<AgentCard> agents, IAdapterPresence presence)
{
    /// <summary>Looks once.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var (_, busy) = await agents.SnapshotAsync([new("has_sessions", FilterOperator.Is, Value: true)], cancellationToken);
        if (busy.Count > 0)
            await presence.WatchAsync([.. busy.Select(a => a.AgentId)], cancellationToken);
    }
}
