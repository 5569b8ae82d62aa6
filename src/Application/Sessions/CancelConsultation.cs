using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent ends the consultation and goes on with the consumer, who is not on hold any more.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The call.</param>
public sealed record CancelConsultation(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.CancelConsultation.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="CancelConsultation"/>.</summary>
public sealed class CancelConsultationHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<CancelConsultation, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CancelConsultation request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var cancelled = SessionDecider.CancelConsultation(session.State, request.AgentId, call.Now);
        var refusal = await sessions.AppendAsync(session, cancelled, cancellationToken)
            ?? await sessions.ResumeRecordingAsync(session.State, PauseReason.Hold, cancellationToken)
            ?? await sessions.RecordAsync(session, cancellationToken);
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
