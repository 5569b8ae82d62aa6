using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Monitoring;

/// <summary>Which queues a caller's permission reaches: lists and live views are narrowed to them (MON-1, MON-9).</summary>
public sealed class MonitoringScope(IReadModel<QueueCard> queues)
{
    /// <summary>The queues within reach; null for all of them.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="permission">By which permission.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public async ValueTask<IReadOnlySet<Guid>?> QueuesAsync(Caller caller, string permission, CancellationToken cancellationToken) =>
        caller.ScopeOf(permission) switch
        {
            Scope.All => null,
            Scope.AssignedTeams => await WithAsync("team_ids", caller.TeamIds, cancellationToken),
            Scope.AssignedQueues when caller.UserId is { } user => await WithAsync("members", [user], cancellationToken),
            _ => new HashSet<Guid>(),
        };

    /// <summary>The queues that a team is responsible for.</summary>
    public async ValueTask<IReadOnlySet<Guid>> OfTeamAsync(Guid teamId, CancellationToken cancellationToken) =>
        await WithAsync("team_ids", [teamId], cancellationToken);

    private async Task<HashSet<Guid>> WithAsync(string column, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return [];
        var (_, cards) = await queues.SnapshotAsync([new Filter(column, FilterOperator.AnyOf, ids)], cancellationToken);
        return [.. cards.Select(c => c.QueueId)];
    }
}
