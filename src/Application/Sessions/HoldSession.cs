using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent puts the consumer on hold; nothing is recorded meanwhile (REC-1).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record HoldSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Hold.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="HoldSession"/>.</summary>
public sealed class HoldSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<HoldSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(HoldSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var held = SessionDecider.Hold(session.State, request.AgentId, call.Now);
        if (work.Append(Aggregates.Session, session, held) is { } refusal)
            return refusal;
        if (held.Events.Count > 0 && await sessions.PauseRecordingAsync(session.State, PauseReason.Hold, cancellationToken) is { } recordingRefusal)
            return recordingRefusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
