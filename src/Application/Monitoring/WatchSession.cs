using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>One session on the monitoring pages, live, until it ends or leaves the caller's reach (MON-4).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ResumeAfter">The position of the last change seen, or null.</param>
public sealed record WatchSession(Guid SessionId, LogPosition? ResumeAfter = null) : IQuery<IAsyncEnumerable<BoardChange<SessionRow>>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead, Target.Session(SessionId));
}

/// <summary>Answers <see cref="WatchSession"/>.</summary>
public sealed class WatchSessionHandler(SessionWatcher watcher, UnitOfWork work, AggregateReader reader, CurrentCall call)
    : IRequestHandler<WatchSession, Result<IAsyncEnumerable<BoardChange<SessionRow>>>>
{
    /// <inheritdoc/>
    public async Task<Result<IAsyncEnumerable<BoardChange<SessionRow>>>> Handle(WatchSession request, CancellationToken cancellationToken)
    {
        var session = (await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken)).State;
        var refusal = SessionDecider.WhyNotLive(session);
        if (refusal is not null && (request.ResumeAfter is null || session.Status == SessionStatus.None))
            return Result<IAsyncEnumerable<BoardChange<SessionRow>>>.Refused(refusal);
        // Whoever saw it live is told that it is over.
        var resumeAfter = refusal is null ? request.ResumeAfter : null;
        var changes = watcher.WatchAsync(call.Context.Caller, null, null, new SessionFilter(), s => s.SessionId == request.SessionId, resumeAfter);
        return Result<IAsyncEnumerable<BoardChange<SessionRow>>>.Ok(UntilOverAsync(request, changes, CancellationToken.None));
    }

    /// <summary>The board may be a moment behind: what it does not show yet is told once it does.</summary>
    private async IAsyncEnumerable<BoardChange<SessionRow>> UntilOverAsync(
        WatchSession request, IAsyncEnumerable<BoardChange<SessionRow>> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var begun = false;
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            switch (change)
            {
                case BoardSnapshot<SessionRow> { Rows.Count: 0 } when begun || await IsOverAsync(request.SessionId, cancellationToken):
                    yield return new BoardRowRemoved<SessionRow>(change.Position, request.SessionId.ToString());
                    yield break;
                case BoardSnapshot<SessionRow> { Rows.Count: 0 }:
                    continue;
                case BoardRowChanged<SessionRow> first when !begun && request.ResumeAfter is null:
                    yield return new BoardSnapshot<SessionRow>(first.Position, [first.Row]);
                    break;
                default:
                    yield return change;
                    break;
            }

            begun = true;
            if (change is BoardRowRemoved<SessionRow>)
                yield break;
        }
    }

    private async Task<bool> IsOverAsync(Guid sessionId, CancellationToken cancellationToken) =>
        (await reader.LoadFreshAsync(Aggregates.Session, sessionId, cancellationToken)).State.Status == SessionStatus.Ended;
}
