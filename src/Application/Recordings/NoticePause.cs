using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>The time of a pause or a redaction is up: it seems forgotten (REC-4). Nothing happens if it ended before.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Reason">Which of the reasons for its silence.</param>
/// <param name="DueAt">The time that is up.</param>
public sealed record NoticePause(Guid RecordingId, PauseReason Reason, DateTimeOffset DueAt) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="NoticePause"/>, and raises the alarm.</summary>
public sealed class NoticePauseHandler(UnitOfWork work, CurrentCall call, RecordingMetrics metrics, ILogger<NoticePauseHandler> logger)
    : IRequestHandler<NoticePause, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(NoticePause request, CancellationToken cancellationToken)
    {
        var recording = await work.LoadAsync(Aggregates.Recording, request.RecordingId, cancellationToken);
        if (work.Append(Aggregates.Recording, recording, RecordingDecider.NoticePause(recording.State, request.Reason, request.DueAt, call.Now)) is { } refusal)
            return refusal;
        var noticed = await work.CommitAsync(recording, cancellationToken);
        if (noticed is { IsOk: true, Value.Position: not "0" })
        {
            metrics.PauseForgotten(request.Reason);
            logger.LogWarning("Recording {RecordingId} is silent for longer than it should be: {Reason} seems forgotten.", request.RecordingId, request.Reason);
        }

        return noticed;
    }
}
