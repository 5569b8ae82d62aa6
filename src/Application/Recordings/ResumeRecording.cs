using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The agent resumes the recording of their call, in a new segment (REC-4).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record ResumeRecording(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.ResumeRecording.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="ResumeRecording"/>.</summary>
public sealed class ResumeRecordingHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ResumeRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ResumeRecording request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.WhyNotRecordedBy(session.State, request.AgentId) is { } refusal)
            return refusal;
        var recording = await sessions.RecordingOfAsync(request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.Resume(recording.State, PauseReason.Agent, call.Now)) is { } recordingRefusal)
            return recordingRefusal;
        return await work.CommitAsync(recording, cancellationToken);
    }
}
