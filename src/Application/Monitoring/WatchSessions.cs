using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>The monitoring pages live: a snapshot, then changes; narrowed to what the caller may see (MON-6, MON-9).</summary>
/// <param name="Kind">Calls, chats, or null for both.</param>
/// <param name="Stage">Queued, connected, or null for both.</param>
/// <param name="Filter">Which ones.</param>
/// <param name="ResumeAfter">The id of the last change seen, or null.</param>
/// <param name="Only">Narrows it further, or null.</param>
public sealed record WatchSessions(SessionKind? Kind, SessionStage? Stage, SessionFilter Filter, LogPosition? ResumeAfter, SessionSelection? Only = null)
    : IQuery<IAsyncEnumerable<BoardChange<SessionRow>>>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.MonitoringRead);
}

/// <summary>The shape of <see cref="WatchSessions"/>.</summary>
public sealed class WatchSessionsValidator : AbstractValidator<WatchSessions>
{
    /// <summary>Its rules.</summary>
    public WatchSessionsValidator()
    {
        this.FilterRules(r => r.Filter);
        RuleFor(r => r.Kind).IsInEnum();
        RuleFor(r => r.Stage).IsInEnum().NotEqual(SessionStage.Ended);
    }
}

/// <summary>Answers <see cref="WatchSessions"/>.</summary>
public sealed class WatchSessionsHandler(SessionWatcher watcher, CurrentCall call)
    : IRequestHandler<WatchSessions, Result<IAsyncEnumerable<BoardChange<SessionRow>>>>
{
    /// <inheritdoc/>
    public Task<Result<IAsyncEnumerable<BoardChange<SessionRow>>>> Handle(WatchSessions request, CancellationToken cancellationToken) =>
        Task.FromResult(Result<IAsyncEnumerable<BoardChange<SessionRow>>>.Ok(watcher.WatchAsync(
            call.Context.Caller, request.Kind, request.Stage, request.Filter, (request.Only ?? SessionSelection.All).Shows, request.ResumeAfter)));
}

/// <summary>The board of sessions through one caller's eyes, with the names of today. Outlives the call that asked for it.</summary>
public sealed class SessionWatcher(SessionBoard board, SessionViews views, SessionRows rows, TimeProvider time)
{
    /// <summary>A snapshot, then changes, until cancelled.</summary>
    /// <param name="caller">Who looks.</param>
    /// <param name="kind">Calls, chats, or null for both.</param>
    /// <param name="stage">Queued, connected, or null for both.</param>
    /// <param name="filter">Which ones.</param>
    /// <param name="only">Narrows it further; pure and cheap.</param>
    /// <param name="resumeAfter">The position of the last change seen, or null.</param>
    public IAsyncEnumerable<BoardChange<SessionRow>> WatchAsync(
        Caller caller, SessionKind? kind, SessionStage? stage, SessionFilter filter, Func<MonitoredSession, bool> only, LogPosition? resumeAfter)
    {
        var changes = ScopedBoard.WatchAsync(
            board,
            async token =>
            {
                var view = await views.OfAsync(caller, kind, stage, filter, time.GetUtcNow(), token);
                return (s => view.Shows(s) && only(s), view.Basis);
            },
            resumeAfter,
            time,
            CancellationToken.None);
        return NamedAsync(changes, CancellationToken.None);
    }

    private async IAsyncEnumerable<BoardChange<SessionRow>> NamedAsync(
        IAsyncEnumerable<BoardChange<MonitoredSession>> changes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            var now = time.GetUtcNow();
            yield return change switch
            {
                BoardSnapshot<MonitoredSession> s => new BoardSnapshot<SessionRow>(s.Position, await rows.OfAsync(s.Rows, now, cancellationToken)),
                BoardRowChanged<MonitoredSession> c => new BoardRowChanged<SessionRow>(c.Position, c.Key, await rows.OfAsync(c.Row, now, cancellationToken)),
                _ => new BoardRowRemoved<SessionRow>(change.Position, ((BoardRowRemoved<MonitoredSession>)change).Key),
            };
        }
    }
}
