using ContactCenter.Application.Projections;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Queues;

/// <summary>What a caller sees of the queues: what was asked for, narrowed to their reach. Says the same in SQL and in memory.</summary>
/// <param name="Channel">Of this channel's menu, or null for all.</param>
/// <param name="ParentId">Directly below this one, or null for all.</param>
/// <param name="TeamId">Of this team, or null for all.</param>
/// <param name="Archived">Only archived ones, only others, or null for both.</param>
/// <param name="Search">With this in the menu path, or null for all.</param>
/// <param name="Within">The queues within reach; null for all.</param>
internal sealed record QueueView(Channel? Channel, Guid? ParentId, Guid? TeamId, bool? Archived, string? Search, IReadOnlySet<Guid>? Within)
{
    /// <summary>As filters of the read model.</summary>
    public IReadOnlyList<Filter> ToFilters()
    {
        var filters = new List<Filter>();
        if (Within is not null)
            filters.Add(new("queue_id", FilterOperator.AnyOf, Within.ToList(), Moves: true));
        if (Channel is { } channel)
            filters.Add(new("channel", FilterOperator.Is, channel));
        if (ParentId is { } parentId)
            filters.Add(new("parent_id", FilterOperator.Is, parentId));
        if (TeamId is { } teamId)
            filters.Add(new("team_ids", FilterOperator.Is, teamId));
        if (Archived is { } archived)
            filters.Add(new("is_archived", FilterOperator.Is, archived));
        if (Search is { Length: > 0 } search)
            filters.Add(new("path", FilterOperator.Contains, search));
        return filters;
    }

    /// <summary>Whether a queue is in it.</summary>
    public bool Shows(QueueCard queue) =>
        (Within?.Contains(queue.QueueId) ?? true)
        && (Channel is null || queue.Channel == Channel)
        && (ParentId is null || queue.ParentId == ParentId)
        && (TeamId is not { } team || queue.TeamIds.Contains(team))
        && (Archived is null || queue.IsArchived == Archived)
        && (Search is not { Length: > 0 } search || QueuesProjection.SearchText(queue).Contains(search, StringComparison.OrdinalIgnoreCase));
}
