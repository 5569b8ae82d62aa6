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
public sealed record ListQueues(Channel? Channel, Guid? ParentId, Guid? TeamId, bool? Archived, string? Search, PageRequest Page) : IQuery<Page<QueueRow>>
{
    internal static readonly Sorting Sorting = new(("path", "path"), ("name", "name"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SettingsRead), Requirement.Permission(Permissions.MonitoringRead));
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
    : IRequestHandler<ListQueues, Result<Page<QueueRow>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<QueueRow>>> Handle(ListQueues request, CancellationToken cancellationToken)
    {
        var within = await QueueView.ReachAsync(scope, call.Context.Caller, cancellationToken);
        var filters = new QueueView(request.Channel, request.ParentId, request.TeamId, request.Archived, request.Search, within).ToFilters();
        var page = await queues.PageAsync(ListQueues.Sorting.Query(filters, request.Page), cancellationToken);
        if (!page.IsOk)
            return page.Error;
        return new Page<QueueRow>([.. page.Value.Items.Select(board.LineOf)], page.Value.NextCursor);
    }
}
