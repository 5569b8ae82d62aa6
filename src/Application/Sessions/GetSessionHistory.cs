using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>Every fact of one session, in order (ADM-2); for an auditor without the text in it.</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSessionHistory(Guid SessionId) : IQuery<ReadableEvents>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.Session(SessionId)),
        Requirement.Permission(Permissions.AuditRead, Target.Session(SessionId)));
}

/// <summary>Handles <see cref="GetSessionHistory"/>.</summary>
public sealed class GetSessionHistoryHandler(IEventStore store, Authorizer authorizer, CurrentCall call)
    : IRequestHandler<GetSessionHistory, Result<ReadableEvents>>
{
    /// <inheritdoc/>
    public async Task<Result<ReadableEvents>> Handle(GetSessionHistory request, CancellationToken cancellationToken)
    {
        List<StoredEvent> events = [];
        await foreach (var happened in store.ReadAllAsync(Aggregates.Session.Stream(request.SessionId), cancellationToken))
            events.Add(happened);
        if (events.Count == 0)
            return new NotFoundError("session.not_found", "There is no such session.");
        return new ReadableEvents(events, await authorizer.RefusalAsync(call.Context.Caller, SessionReaders.Of(request.SessionId), cancellationToken) is null);
    }
}
