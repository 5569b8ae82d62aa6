using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording's seven days are over: it is destroyed, uploaded or not (REC-9).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record PurgeRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="PurgeRecording"/>.</summary>
public sealed class PurgeRecordingHandler(RecordingSteps recordings, RecordingMetrics metrics, ILogger<PurgeRecordingHandler> logger)
    : IRequestHandler<PurgeRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PurgeRecording request, CancellationToken cancellationToken)
    {
        var before = (await recordings.LoadAsync(request.RecordingId, cancellationToken)).State;
        var answer = await recordings.PurgeAsync(request.RecordingId, PurgeReason.Limit, cancellationToken);
        if (answer is { IsOk: true, Value.Position: not "0" } && before.Status != RecordingStatus.Confirmed)
        {
            metrics.PurgedUnuploaded();
            logger.LogError("Recording {RecordingId} was destroyed at its limit; the CRM never confirmed it.", request.RecordingId);
        }

        return answer;
    }
}
