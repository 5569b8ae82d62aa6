using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The agent gives the session to another queue of its channel that takes transfers now (AHD-7). It waits there anew, or
/// goes where the queue deflects to.
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="QueueId">Where to.</param>
public sealed record TransferSession(Guid AgentId, Guid SessionId, Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Transfer.RequirementOf(SessionId, AgentId);
}

/// <summary>The shape of <see cref="TransferSession"/>.</summary>
public sealed class TransferSessionValidator : AbstractValidator<TransferSession>
{
    /// <summary>Its rules.</summary>
    public TransferSessionValidator()
    {
        RuleFor(r => r.QueueId).Id();
    }
}

/// <summary>Handles <see cref="TransferSession"/>.</summary>
public sealed class TransferSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, ArrivalWork arrivals) : IRequestHandler<TransferSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TransferSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var target = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var before = session.State;
        var isShown = await arrivals.IsTargetAsync(target.State, before, cancellationToken);
        var arrival = await arrivals.AtAsync(target.State, before.Kind, before.Language, cancellationToken);
        var transferred = SessionDecider.Transfer(before, request.AgentId, target.State, call.Now, isShown, arrival);
        if (work.Append(Aggregates.Session, session, transferred) is { } refusal)
            return refusal;
        if (transferred.Events.Count == 0)
            return await work.CommitAsync(session, cancellationToken);

        var furtherRefusal =
            await sessions.StartWrapUpAsync(session, cancellationToken)
            ?? await sessions.PauseForQueueAsync(before, cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }
}
