using System.Collections.Concurrent;
using ContactCenter.Application.Projections;

namespace ContactCenter.Application.Agents;

/// <summary>
/// Finds agents who hold sessions though nothing is known of an adapter of theirs: what is taken from agents who are lost
/// never reaches these. One is a ghost once this has been so for <see cref="After"/>, at every look of the node that finds it.
/// </summary>
public sealed class GhostAgents(IReadModel<AgentCard> agents, IAdapterPresence presence, TimeProvider time)
{
    /// <summary>How long an agent may be unheard of. With the pace of the looks: a consumer is free again within a minute.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> unheard = new();

    /// <summary>Looks once; gives those who are ghosts by now.</summary>
    public async Task<IReadOnlyList<Guid>> FindAsync(CancellationToken cancellationToken)
    {
        var (_, busy) = await agents.SnapshotAsync([new("has_sessions", FilterOperator.Is, Value: true)], cancellationToken);
        var missing = busy.Count == 0 ? new HashSet<Guid>() : await presence.FindUnwatchedAsync([.. busy.Select(a => a.AgentId)], cancellationToken);
        foreach (var heard in unheard.Keys.Where(id => !missing.Contains(id)))
            unheard.TryRemove(heard, out _);
        var now = time.GetUtcNow();
        return [.. missing.Where(id => now - unheard.GetOrAdd(id, now) >= After)];
    }
}
