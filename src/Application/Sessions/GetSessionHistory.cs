using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>Every fact of one session, in order (ADM-2).</summary>
/// <param name="SessionId">The session.</param>
public sealed record GetSessionHistory(Guid SessionId) : IQuery<IReadOnlyList<HistoryEntry>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.SessionsRead, Target.Session(SessionId)),
        Requirement.Permission(Permissions.AuditRead, Target.Session(SessionId)));
}

/// <summary>One fact of a stream, with who caused it.</summary>
/// <param name="Position">Its place in the log, as text.</param>
/// <param name="Version">Its place in the stream, from 1.</param>
/// <param name="Type">Its literal wire name.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Actor">Who caused it.</param>
/// <param name="Command">Through which command.</param>
/// <param name="Data">The fact.</param>
public sealed record HistoryEntry(string Position, long Version, string Type, DateTimeOffset At, Actor Actor, string Command, IDomainEvent Data);

/// <summary>Handles <see cref="GetSessionHistory"/>.</summary>
public sealed class GetSessionHistoryHandler(IEventStore store) : IRequestHandler<GetSessionHistory, Result<IReadOnlyList<HistoryEntry>>>
{
    /// <inheritdoc/>
    public async Task<Result<IReadOnlyList<HistoryEntry>>> Handle(GetSessionHistory request, CancellationToken cancellationToken)
    {
        List<HistoryEntry> entries = [];
        await foreach (var e in store.ReadAllAsync(Aggregates.Session.Stream(request.SessionId), cancellationToken))
            entries.Add(new HistoryEntry(e.Position.ToString(), e.Version, e.Type, e.RecordedAt, e.Metadata.Actor, e.Metadata.Command, e.Data));
        return entries.Count > 0 ? entries : new NotFoundError("session.not_found", "There is no such session.");
    }
}
