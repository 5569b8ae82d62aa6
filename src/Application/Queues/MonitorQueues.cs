using ContactCenter.Application.Agents;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queues page: queues and what happens in each, narrowed to what the caller may watch (MON-6, MON-9).</summary>
/// <param name="Channel">Of this channel's menu, or null for all.</param>
/// <param name="ParentId">Directly below this one, or null for all.</param>
/// <param name="TeamId">Of this team, or null for all.</param>
/// <param name="Archived">Only archived ones, only others, or null for both.</param>
/// <param name="Search">With this in the menu path, or null for all.</param>
/// <param name="Page">Which part; sorts by <c>path</c>, <c>name</c>, and by the figures <c>waiting</c>, <c>longestWaiting</c>, <c>connected</c>, <c>abandoned</c>.</param>
public sealed record MonitorQueues(Channel? Channel, Guid? ParentId, Guid? TeamId, bool? Archived, string? Search, PageRequest Page) : IQuery<Page<QueueRow>>
{
    /// <summary>What no table has: where the list is in this order, it comes out of memory.</summary>
    private static readonly Dictionary<string, Func<QueueRow, long>> Figures = new(StringComparer.Ordinal)
    {
        ["waiting"] = r => r.Waiting,
        // Who waits longest waits since the earliest instant; where nobody does, it is shortest.
        ["longestWaiting"] = r => r.LongestWaitingSince is { } since ? DateTimeOffset.MaxValue.UtcTicks - since.UtcTicks : 0,
        ["connected"] = r => r.Connected,
        ["abandoned"] = r => r.Today.Abandoned,
    };

    internal static readonly Sorting Sorting = new([.. ListQueues.Sorting.Names, .. Figures.Keys.Select(name => (name, name))]);

    internal Func<QueueRow, long>? Figure => Page.Sort is { } sort ? Figures.GetValueOrDefault(sort.TrimStart('-')) : null;

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>The shape of <see cref="MonitorQueues"/>.</summary>
public sealed class MonitorQueuesValidator : AbstractValidator<MonitorQueues>
{
    /// <summary>Its rules.</summary>
    public MonitorQueuesValidator()
    {
        RuleFor(r => r.Search).MaximumLength(100);
        RuleFor(r => r.Channel).IsInEnum();
        this.PageRules(r => r.Page, MonitorQueues.Sorting);
    }
}

/// <summary>Answers <see cref="MonitorQueues"/>.</summary>
public sealed class MonitorQueuesHandler(IReadModel<QueueCard> queues, MonitoringScope scope, QueueBoard board, CurrentCall call)
    : IRequestHandler<MonitorQueues, Result<Page<QueueRow>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<QueueRow>>> Handle(MonitorQueues request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var teams = AgentReach.Teams(caller);
        var within = await scope.QueuesAsync(caller, Permissions.MonitoringRead, cancellationToken);
        var view = new QueueView(request.Channel, request.ParentId, request.TeamId, request.Archived, request.Search, within);
        if (request.Figure is { } figure)
        {
            var list = $"{request.Channel} {request.ParentId} {request.TeamId} {request.Archived} {request.Search}";
            return BoardPages.Of(board.Rows.Where(r => view.Shows(r.Queue)).Select(r => r.SeenBy(teams)), figure, r => r.Queue.QueueId.ToString(), request.Page, list);
        }

        var page = await queues.PageAsync(ListQueues.Sorting.Query(view.ToFilters(), request.Page), cancellationToken);
        return page.IsOk ? new Page<QueueRow>([.. page.Value.Items.Select(q => board.LineOf(q).SeenBy(teams))], page.Value.NextCursor) : page.Error;
    }
}
