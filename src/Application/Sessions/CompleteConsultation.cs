using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent hands the call over to whom they consulted, and is out of it; the recording goes on (REC-1).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The call.</param>
public sealed record CompleteConsultation(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.HandOver.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="CompleteConsultation"/>.</summary>
public sealed class CompleteConsultationHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<CompleteConsultation, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CompleteConsultation request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var completed = SessionDecider.CompleteConsultation(session.State, request.AgentId, call.Now);
        if (work.Append(Aggregates.Session, session, completed) is { } refusal)
            return refusal;
        if (completed.Events.Count == 0)
            return await work.CommitAsync(session, cancellationToken);

        var furtherRefusal = await sessions.StartWrapUpAsync(session, cancellationToken)
            ?? await (work.After(session).Status == SessionStatus.Outside
                ? sessions.ResumeOutsideAsync(session.State, cancellationToken)
                : sessions.ResumeFromHoldAsync(session.State, cancellationToken))
            ?? await sessions.RecordAsync(session, cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }
}
