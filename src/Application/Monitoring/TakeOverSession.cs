using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// The supervisor becomes the session's agent, and the monitoring ends; the agent before has the work after it. The
/// supervisor's own adapter is connected and has a free place: without one nobody could go on with the consumer.
/// </summary>
/// <param name="MonitorId">Which monitoring.</param>
public sealed record TakeOverSession(Guid MonitorId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.TakeOver.RequirementOf(MonitorId);
}

/// <summary>Handles <see cref="TakeOverSession"/>.</summary>
public sealed class TakeOverSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<TakeOverSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TakeOverSession request, CancellationToken cancellationToken)
    {
        var monitor = await work.LoadAsync(Aggregates.Monitor, request.MonitorId, cancellationToken);
        var session = await work.LoadAsync(Aggregates.Session, monitor.State.SessionId, cancellationToken);
        var before = session.State;
        var userId = call.Context.Caller.UserId ?? Guid.Empty;
        var isDone = monitor.State.StopReason == MonitorEnds.TookOver && before.AgentId == userId;
        if (!isDone && MonitorDecider.WhyNotLive(monitor.State) is { } over)
            return over;

        var offerId = call.NewId();
        var taken = SessionDecider.TakeOver(before, request.MonitorId, userId, offerId, call.Now);
        if (await sessions.AppendAsync(session, taken, cancellationToken) is { } refusal)
            return refusal;
        if (taken.Events.Count > 0 && await ChangeHandsAsync(monitor, session, userId, offerId, cancellationToken) is { } notChanged)
            return notChanged;
        return await work.CommitAsync(session, cancellationToken);
    }

    private async ValueTask<DomainError?> ChangeHandsAsync(
        Versioned<SessionMonitor> monitor, Versioned<Session> session, Guid userId, Guid offerId, CancellationToken cancellationToken)
    {
        if (await sessions.StartWrapUpAsync(session, cancellationToken) is { } refusal)
            return refusal;
        var supervisor = await work.LoadAsync(Aggregates.Agent, userId, cancellationToken);
        return work.Append(Aggregates.Agent, supervisor, AgentDecider.TakeOver(supervisor.State, session.State.Id, offerId, session.State.Kind, call.Now))
            ?? work.Append(Aggregates.Monitor, monitor, MonitorDecider.Stop(monitor.State, MonitorEnds.TookOver, call.Now));
    }
}
