using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>A session was found that waits or is connected for too long: it ends if it is stuck, and the center wants that (END-4).</summary>
/// <param name="SessionId">The session.</param>
public sealed record EndStuckSession(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndStuckSession"/>.</summary>
public sealed class EndStuckSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<EndStuckSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndStuckSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var rules = (await work.LoadAsync(Aggregates.Settings, SettingsPages.Monitoring, cancellationToken)).State.Monitoring;
        var queue = (await work.LoadAsync(Aggregates.Queue, session.State.QueueId, cancellationToken)).State;
        var ended = SessionDecider.EndStuck(session.State, rules, queue, call.Now);
        if (ended.Events.Count > 0 && await sessions.EndAsync(session, ended, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
