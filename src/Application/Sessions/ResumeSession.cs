using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The hold is over.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record ResumeSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Resume.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="ResumeSession"/>.</summary>
public sealed class ResumeSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ResumeSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ResumeSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var resumed = SessionDecider.Resume(session.State, request.AgentId, call.Now);
        if (work.Append(Aggregates.Session, session, resumed) is { } refusal)
            return refusal;
        if (resumed.Events.Count > 0 && await sessions.ResumeRecordingAsync(session.State, PauseReason.Hold, cancellationToken) is { } recordingRefusal)
            return recordingRefusal;
        // Who agreed to it while on hold is recorded from here on.
        if (resumed.Events.Count > 0 && await sessions.RecordAsync(session, cancellationToken) is { } notRecorded)
            return notRecorded;
        return await work.CommitAsync(session, cancellationToken);
    }
}
