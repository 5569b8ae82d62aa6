using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.ScheduledCalls;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>A page of booked calls of the queues within the caller's reach.</summary>
/// <param name="QueueId">Of this queue, or null for all.</param>
/// <param name="Status">In this status, or null for all.</param>
/// <param name="From">Beginning at or after, or null.</param>
/// <param name="To">Beginning before, or null.</param>
/// <param name="Page">Which part; sorts by <c>startsAt</c>, <c>bookedAt</c>, <c>status</c>.</param>
public sealed record ListScheduledCalls(Guid? QueueId, ScheduledCallStatus? Status, DateTimeOffset? From, DateTimeOffset? To, PageRequest Page)
    : IQuery<Page<ScheduledCallCard>>
{
    internal static readonly Sorting Sorting = new(("startsAt", "starts_at"), ("bookedAt", "booked_at"), ("status", "status"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead), Requirement.Permission(Permissions.SessionsHandle), Requirement.Permission(Permissions.SessionsEnd));
}

/// <summary>The shape of <see cref="ListScheduledCalls"/>.</summary>
public sealed class ListScheduledCallsValidator : AbstractValidator<ListScheduledCalls>
{
    /// <summary>Its rules.</summary>
    public ListScheduledCallsValidator()
    {
        RuleFor(r => r.Status).IsInEnum();
        this.Span(r => r.From, r => r.To);
        this.PageRules(r => r.Page, ListScheduledCalls.Sorting);
    }
}

/// <summary>Answers <see cref="ListScheduledCalls"/>.</summary>
public sealed class ListScheduledCallsHandler(IReadModel<ScheduledCallCard> calls, MonitoringScope scope, ScheduledCallNumbers numbers, CurrentCall call)
    : IRequestHandler<ListScheduledCalls, Result<Page<ScheduledCallCard>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<ScheduledCallCard>>> Handle(ListScheduledCalls request, CancellationToken cancellationToken)
    {
        var filters = new List<Filter>();
        if (await ReachAsync(cancellationToken) is { } within)
            filters.Add(new("queue_id", FilterOperator.AnyOf, within.ToList(), Moves: true));
        if (request.QueueId is { } queueId)
            filters.Add(new("queue_id", FilterOperator.Is, queueId));
        if (request.Status is { } status)
            filters.Add(new("status", FilterOperator.Is, status));
        if (request.From is { } from)
            filters.Add(new("starts_at", FilterOperator.AtLeast, from));
        if (request.To is { } to)
            filters.Add(new("starts_at", FilterOperator.Below, to));
        var page = await calls.PageAsync(ListScheduledCalls.Sorting.Query(filters, request.Page), cancellationToken);
        return page.IsOk ? page.Value with { Items = await numbers.WithEndsAsync(page.Value.Items, cancellationToken) } : page;
    }

    /// <summary>The queues that any of the permissions reaches; null for all.</summary>
    private async ValueTask<IReadOnlySet<Guid>?> ReachAsync(CancellationToken cancellationToken)
    {
        var reached = new HashSet<Guid>();
        foreach (var permission in (string[])[Permissions.SessionsRead, Permissions.SessionsHandle, Permissions.SessionsEnd])
        {
            if (await scope.QueuesAsync(call.Context.Caller, permission, cancellationToken) is not { } within)
                return null;
            reached.UnionWith(within);
        }

        return reached;
    }
}
