using ContactCenter.Application.Agents;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>A page of queues, narrowed to the caller's reach; in the order of their menu paths it reads as the tree.</summary>
/// <param name="Channel">Of this channel's menu, or null for all.</param>
/// <param name="ParentId">Directly below this one, or null for all.</param>
/// <param name="TeamId">Of this team, or null for all.</param>
/// <param name="Archived">Only archived ones, only others, or null for both.</param>
/// <param name="Search">With this in the menu path, or null for all.</param>
/// <param name="Page">Which part; sorts by <c>path</c>, <c>name</c>.</param>
public sealed record ListQueues(Channel? Channel, Guid? ParentId, Guid? TeamId, bool? Archived, string? Search, PageRequest Page) : IQuery<Page<ListedQueue>>
{
    internal static readonly Sorting Sorting = new(("path", "path"), ("name", "name"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SettingsRead), Requirement.Permission(Permissions.MonitoringRead));
}

/// <summary>A queue, and what happens in it where the caller may watch that; else null (MON-9).</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Waiting">Sessions that wait.</param>
/// <param name="Connected">Sessions with an agent.</param>
/// <param name="LongestWaitingSince">Since when the longest waiting one waits, or null.</param>
/// <param name="Today">How waits ended since midnight.</param>
/// <param name="Agents">Its members within the caller's reach, by what they are doing.</param>
public sealed record ListedQueue(
    QueueCard Queue, int? Waiting, int? Connected, DateTimeOffset? LongestWaitingSince, QueueToday? Today, QueueAgents? Agents)
{
    internal static ListedQueue Of(QueueRow row) => new(row.Queue, row.Waiting, row.Connected, row.LongestWaitingSince, row.Today, row.Agents);

    internal static ListedQueue Of(QueueCard card) => new(card, Waiting: null, Connected: null, LongestWaitingSince: null, Today: null, Agents: null);
}

/// <summary>The shape of <see cref="ListQueues"/>.</summary>
public sealed class ListQueuesValidator : AbstractValidator<ListQueues>
{
    /// <summary>Its rules.</summary>
    public ListQueuesValidator()
    {
        RuleFor(r => r.Search).MaximumLength(100);
        RuleFor(r => r.Channel).IsInEnum();
        this.PageRules(r => r.Page, ListQueues.Sorting);
    }
}

/// <summary>Answers <see cref="ListQueues"/>.</summary>
public sealed class ListQueuesHandler(IReadModel<QueueCard> queues, MonitoringScope scope, QueueBoard board, CurrentCall call)
    : IRequestHandler<ListQueues, Result<Page<ListedQueue>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<ListedQueue>>> Handle(ListQueues request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var teams = AgentReach.Teams(caller);
        var watched = await scope.QueuesAsync(caller, Permissions.MonitoringRead, cancellationToken);
        var set = await scope.QueuesAsync(caller, Permissions.SettingsRead, cancellationToken);
        var within = watched is null || set is null ? null : watched.Union(set).ToHashSet();
        var view = new QueueView(request.Channel, request.ParentId, request.TeamId, request.Archived, request.Search, within);
        var page = await queues.PageAsync(ListQueues.Sorting.Query(view.ToFilters(), request.Page), cancellationToken);
        if (!page.IsOk)
            return page.Error;
        return new Page<ListedQueue>(
            [.. page.Value.Items.Select(q => watched?.Contains(q.QueueId) ?? true ? ListedQueue.Of(board.LineOf(q).SeenBy(teams)) : ListedQueue.Of(q))], page.Value.NextCursor);
    }
}
