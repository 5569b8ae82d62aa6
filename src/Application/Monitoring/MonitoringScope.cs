using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Application.Monitoring;

/// <summary>Which queues a caller's permission reaches: lists and live views are narrowed to them (MON-1, MON-9). Asks memory alone.</summary>
public sealed class MonitoringScope(ICenterConfiguration configuration)
{
    /// <summary>The queues within reach; null for all of them.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="permission">By which permission.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    public async ValueTask<IReadOnlySet<Guid>?> QueuesAsync(Caller caller, string permission, CancellationToken cancellationToken) =>
        caller.ScopeOf(permission) switch
        {
            Scope.All => null,
            Scope.AssignedTeams => await WithAsync(q => q.TeamIds.Any(caller.TeamIds.Contains), cancellationToken),
            Scope.AssignedQueues when caller.UserId is { } user => await WithAsync(q => q.Members.Contains(user), cancellationToken),
            _ => new HashSet<Guid>(),
        };

    /// <summary>The queues that a team is responsible for.</summary>
    public async ValueTask<IReadOnlySet<Guid>> OfTeamAsync(Guid teamId, CancellationToken cancellationToken) =>
        await WithAsync(q => q.TeamIds.Contains(teamId), cancellationToken);

    /// <summary>The agents who take sessions of some queues.</summary>
    public async ValueTask<IReadOnlySet<Guid>> MembersAsync(Func<Queue, bool> of, CancellationToken cancellationToken) =>
        (await configuration.AtLeastAsync(0, cancellationToken)).Queues.Values.Where(of).SelectMany(q => q.Members).ToHashSet();

    private async ValueTask<HashSet<Guid>> WithAsync(Func<Queue, bool> isIt, CancellationToken cancellationToken) =>
        (await configuration.AtLeastAsync(0, cancellationToken)).Queues.Values.Where(isIt).Select(q => q.Id).ToHashSet();
}
