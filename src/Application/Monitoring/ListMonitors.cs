using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>A page of who monitored what: for auditors alone, since who is monitored is not to know.</summary>
/// <param name="SessionId">Of this session, or null for all.</param>
/// <param name="ById">By this user or key, or null for all.</param>
/// <param name="Live">Only those that go on, only the others, or null for all.</param>
/// <param name="Page">Which part; sorts by <c>startedAt</c>.</param>
public sealed record ListMonitors(Guid? SessionId, Guid? ById, bool? Live, PageRequest Page) : IQuery<Page<MonitorCard>>
{
    internal static readonly Sorting Sorting = new(("startedAt", "started_at"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.AuditRead, Target.Everything);
}

/// <summary>The shape of <see cref="ListMonitors"/>.</summary>
public sealed class ListMonitorsValidator : AbstractValidator<ListMonitors>
{
    /// <summary>Its rules.</summary>
    public ListMonitorsValidator() => this.PageRules(r => r.Page, ListMonitors.Sorting);
}

/// <summary>Answers <see cref="ListMonitors"/>.</summary>
public sealed class ListMonitorsHandler(IReadModel<MonitorCard> monitors) : IRequestHandler<ListMonitors, Result<Page<MonitorCard>>>
{
    /// <inheritdoc/>
    public Task<Result<Page<MonitorCard>>> Handle(ListMonitors request, CancellationToken cancellationToken)
    {
        List<Filter> filters = [];
        if (request.SessionId is { } sessionId)
            filters.Add(new("session_id", FilterOperator.Is, sessionId));
        if (request.ById is { } byId)
            filters.Add(new("by_id", FilterOperator.Is, byId.ToString()));
        if (request.Live is { } live)
            filters.Add(new("is_live", FilterOperator.Is, live));
        return monitors.PageAsync(ListMonitors.Sorting.Query(filters, request.Page), cancellationToken);
    }
}
