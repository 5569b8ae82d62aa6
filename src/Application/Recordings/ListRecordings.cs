using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>A page of recordings of calls within the caller's reach. Never their audio.</summary>
/// <param name="Status">In this status, or null for all.</param>
/// <param name="SessionId">Of this call, or null for all.</param>
/// <param name="QueueId">Of calls of this queue, or null for all.</param>
/// <param name="From">Begun at or after, or null.</param>
/// <param name="To">Begun before, or null.</param>
/// <param name="Page">Which part; sorts by <c>startedAt</c>, <c>status</c>, <c>readyAt</c>.</param>
public sealed record ListRecordings(
    RecordingStatus? Status, Guid? SessionId, Guid? QueueId, DateTimeOffset? From, DateTimeOffset? To, PageRequest Page) : IQuery<Page<RecordingCard>>
{
    internal static readonly Sorting Sorting = new(("startedAt", "started_at"), ("status", "status"), ("readyAt", "ready_at"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.RecordingsRead);
}

/// <summary>The shape of <see cref="ListRecordings"/>.</summary>
public sealed class ListRecordingsValidator : AbstractValidator<ListRecordings>
{
    /// <summary>Its rules.</summary>
    public ListRecordingsValidator()
    {
        RuleFor(r => r.Status).IsInEnum();
        this.Span(r => r.From, r => r.To);
        this.PageRules(r => r.Page, ListRecordings.Sorting);
    }
}

/// <summary>Answers <see cref="ListRecordings"/>.</summary>
public sealed class ListRecordingsHandler(IReadModel<RecordingCard> recordings, MonitoringScope scope, CurrentCall call)
    : IRequestHandler<ListRecordings, Result<Page<RecordingCard>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<RecordingCard>>> Handle(ListRecordings request, CancellationToken cancellationToken)
    {
        var filters = new List<Filter>();
        if (await scope.QueuesAsync(call.Context.Caller, Permissions.RecordingsRead, cancellationToken) is { } within)
            filters.Add(new("queue_id", FilterOperator.AnyOf, within.ToList(), Moves: true));
        if (request.Status is { } status)
            filters.Add(new("status", FilterOperator.Is, status));
        if (request.SessionId is { } sessionId)
            filters.Add(new("session_id", FilterOperator.Is, sessionId));
        if (request.QueueId is { } queueId)
            filters.Add(new("queue_id", FilterOperator.Is, queueId));
        if (request.From is { } from)
            filters.Add(new("started_at", FilterOperator.AtLeast, from));
        if (request.To is { } to)
            filters.Add(new("started_at", FilterOperator.Below, to));
        return await recordings.PageAsync(ListRecordings.Sorting.Query(filters, request.Page), cancellationToken);
    }
}
