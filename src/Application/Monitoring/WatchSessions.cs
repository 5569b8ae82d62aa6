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
public sealed record WatchSessions(SessionKind? Kind, SessionStage? Stage, SessionFilter Filter, LogPosition? ResumeAfter)
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
public sealed class WatchSessionsHandler(SessionBoard board, SessionViews views, SessionRows rows, CurrentCall call, TimeProvider time)
    : IRequestHandler<WatchSessions, Result<IAsyncEnumerable<BoardChange<SessionRow>>>>
{
    /// <inheritdoc/>
    public Task<Result<IAsyncEnumerable<BoardChange<SessionRow>>>> Handle(WatchSessions request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var changes = ScopedBoard.WatchAsync(
            board,
            async token =>
            {
                var view = await views.OfAsync(caller, request.Kind, request.Stage, request.Filter, time.GetUtcNow(), token);
                return (view.Shows, view.Queues);
            },
            request.ResumeAfter,
            time,
            CancellationToken.None);
        return Task.FromResult(Result<IAsyncEnumerable<BoardChange<SessionRow>>>.Ok(NamedAsync(changes, CancellationToken.None)));
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
