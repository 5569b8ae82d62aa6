using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Voicemails;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// A page of messages of the queues within the caller's reach, also of those left before somebody joined the queue. What
/// is for the CRM alone is not among them.
/// </summary>
/// <param name="QueueId">Of this queue, or null for all.</param>
/// <param name="Unread">Only those nobody took care of, only the others, or null for all.</param>
/// <param name="Page">Which part; sorts by <c>leftAt</c>.</param>
public sealed record ListVoicemails(Guid? QueueId, bool? Unread, PageRequest Page) : IQuery<Page<VoicemailCard>>
{
    internal static readonly Sorting Sorting = new(("leftAt", "left_at"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.TicketsRead);
}

/// <summary>The shape of <see cref="ListVoicemails"/>.</summary>
public sealed class ListVoicemailsValidator : AbstractValidator<ListVoicemails>
{
    /// <summary>Its rules.</summary>
    public ListVoicemailsValidator() => this.PageRules(r => r.Page, ListVoicemails.Sorting);
}

/// <summary>Answers <see cref="ListVoicemails"/>.</summary>
public sealed class ListVoicemailsHandler(IReadModel<VoicemailCard> voicemails, MonitoringScope scope, CurrentCall call)
    : IRequestHandler<ListVoicemails, Result<Page<VoicemailCard>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<VoicemailCard>>> Handle(ListVoicemails request, CancellationToken cancellationToken)
    {
        var filters = new List<Filter> { new("is_assigned", FilterOperator.Is, Value: true) };
        if (await scope.QueuesAsync(call.Context.Caller, Permissions.TicketsRead, cancellationToken) is { } within)
            filters.Add(new("queue_id", FilterOperator.AnyOf, within.ToList(), Moves: true));
        if (request.QueueId is { } queueId)
            filters.Add(new("queue_id", FilterOperator.Is, queueId));
        if (request.Unread is { } unread)
            filters.Add(new("status", FilterOperator.Is, unread ? VoicemailStatus.Unread : VoicemailStatus.Read));
        return await voicemails.PageAsync(ListVoicemails.Sorting.Query(filters, request.Page), cancellationToken);
    }
}
