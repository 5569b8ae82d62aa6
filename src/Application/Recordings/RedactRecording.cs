using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// The consumer is about to say or type what nobody may keep: nothing is recorded until the redaction ends, by the agent or,
/// if they forget it, by itself (REC-4, SMA-6).
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record RedactRecording(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.RedactRecording.RequirementOf(SessionId, AgentId);
}

/// <summary>The redaction is over.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record EndRedaction(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.EndRedaction.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="RedactRecording"/>.</summary>
public sealed class RedactRecordingHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, ConfigurationWork configuration)
    : IRequestHandler<RedactRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RedactRecording request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.WhyNotRecordedBy(session.State, request.AgentId) is { } refusal)
            return refusal;
        var recording = await sessions.RecordingOfAsync(request.SessionId, cancellationToken);
        var patience = TimeSpan.FromSeconds((await configuration.ReadAsync(cancellationToken)).Settings.Recording.RedactionSeconds);
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.Pause(recording.State, PauseReason.Redaction, call.Now, patience)) is { } recordingRefusal)
            return recordingRefusal;
        return await work.CommitAsync(recording, cancellationToken);
    }
}

/// <summary>Handles <see cref="EndRedaction"/>.</summary>
public sealed class EndRedactionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<EndRedaction, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndRedaction request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.WhyNotRecordedBy(session.State, request.AgentId) is { } refusal)
            return refusal;
        var recording = await sessions.RecordingOfAsync(request.SessionId, cancellationToken);
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.Resume(recording.State, PauseReason.Redaction, call.Now)) is { } recordingRefusal)
            return recordingRefusal;
        return await work.CommitAsync(recording, cancellationToken);
    }
}
