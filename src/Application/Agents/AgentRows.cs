using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;

namespace ContactCenter.Application.Agents;

/// <summary>Which agents a caller's <c>monitoring.read</c> reaches.</summary>
public sealed class AgentReach(AgentBoard agents, MonitoringScope scope)
{
    /// <summary>
    /// The teams whose agents alone a caller is shown; null for who is shown every agent of each queue they are shown. The
    /// figures of queues count the same agents.
    /// </summary>
    public static IReadOnlyList<Guid>? Teams(Caller caller) => caller.ScopeOf(Permissions.MonitoringRead) == Scope.AssignedTeams ? caller.TeamIds : null;

    /// <summary>The agents of their teams, or the members of their queues; null for all.</summary>
    public async ValueTask<IReadOnlySet<Guid>?> AgentsAsync(Caller caller, CancellationToken cancellationToken)
    {
        switch (caller.ScopeOf(Permissions.MonitoringRead))
        {
            case Scope.All:
                return null;
            case Scope.AssignedTeams when Teams(caller) is { Count: > 0 } teams:
                return agents.Rows.Where(a => a.TeamIds.Any(teams.Contains)).Select(a => a.AgentId).ToHashSet();
            case Scope.AssignedQueues when caller.UserId is { } user:
                return await scope.MembersAsync(q => q.Members.Contains(user), cancellationToken);
            default:
                return new HashSet<Guid>();
        }
    }
}

/// <summary>Lines of the agents page, without the ids of sessions that are out of the caller's reach.</summary>
public sealed class AgentRows(MonitoringScope scope, AggregateReader reader)
{
    private static readonly ConditionalWeakTable<AgentCard, AgentRow> Whole = [];

    /// <summary>The lines of some agents.</summary>
    public async ValueTask<IReadOnlyList<AgentRow>> OfAsync(IReadOnlyList<AgentCard> cards, Caller caller, CancellationToken cancellationToken)
    {
        var queues = cards.Any(c => c.Work.Count > 0) ? await scope.QueuesAsync(caller, Permissions.MonitoringRead, cancellationToken) : null;
        var rows = new List<AgentRow>(cards.Count);
        foreach (var card in cards)
        {
            // Whoever sees all sees the same: what is made of a line is made once.
            if (queues is null && Whole.TryGetValue(card, out var whole))
            {
                rows.Add(whole);
                continue;
            }

            var inHand = new List<AgentWorkRow>(card.Work.Count);
            foreach (var one in card.Work)
                inHand.Add(new AgentWorkRow(await WithinAsync(one, queues, cancellationToken) ? one.SessionId : null, one.Kind, one.Phase));
            var row = new AgentRow(
                card.AgentId, card.Version, card.Name, card.Status, card.Presence, card.Reason, card.Since, card.Capacity, card.Channels, card.TeamIds, inHand);
            if (inHand.TrueForAll(w => w.SessionId is not null))
                Whole.AddOrUpdate(card, row);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>True if the caller may know which session it is.</summary>
    public async ValueTask<bool> ReachesAsync(Work one, Caller caller, CancellationToken cancellationToken) =>
        await WithinAsync(one, await scope.QueuesAsync(caller, Permissions.MonitoringRead, cancellationToken), cancellationToken);

    private async ValueTask<bool> WithinAsync(Work one, IReadOnlySet<Guid>? queues, CancellationToken cancellationToken) =>
        queues is null || queues.Contains((await reader.LoadAsync(Aggregates.Session, one.SessionId, cancellationToken)).State.QueueId);
}
