using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent gives the session to another queue of its channel, where it waits anew.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="QueueId">Where to.</param>
public sealed record TransferSession(Guid AgentId, Guid SessionId, Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
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
public sealed class TransferSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<TransferSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TransferSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var target = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var before = session.State;
        var transferred = SessionDecider.Transfer(before, request.AgentId, target.State, call.Now);
        if (work.Append(Aggregates.Session, session, transferred) is { } refusal)
            return refusal;
        if (transferred.Events.Count == 0)
            return await work.CommitAsync(session, cancellationToken);

        var furtherRefusal =
            await sessions.StartWrapUpAsync(before, cancellationToken)
            ?? await sessions.PauseForQueueAsync(before, cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }
}
