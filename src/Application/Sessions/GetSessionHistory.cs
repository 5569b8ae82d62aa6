using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

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
