using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The agent pauses the recording of their call; what is said meanwhile is nowhere (REC-4).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record PauseRecording(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.PauseRecording.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="PauseRecording"/>.</summary>
public sealed class PauseRecordingHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, ConfigurationWork configuration) : IRequestHandler<PauseRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PauseRecording request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.WhyNotRecordedBy(session.State, request.AgentId) is { } refusal)
            return refusal;
        var recording = await sessions.RecordingOfAsync(request.SessionId, cancellationToken);
        var patience = TimeSpan.FromSeconds((await configuration.ReadAsync(cancellationToken)).Settings.Recording.PauseSeconds);
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.Pause(recording.State, PauseReason.Agent, call.Now, patience)) is { } recordingRefusal)
            return recordingRefusal;
        return await work.CommitAsync(recording, cancellationToken);
    }
}
