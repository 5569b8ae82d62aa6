using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording's time is over: its seven days, uploaded or not (REC-9), or somebody ordered it (REC-11).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record PurgeRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="PurgeRecording"/>.</summary>
public sealed class PurgeRecordingHandler(RecordingSteps recordings) : IRequestHandler<PurgeRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PurgeRecording request, CancellationToken cancellationToken)
    {
        var recording = (await recordings.LoadAsync(request.RecordingId, cancellationToken)).State;
        return await recordings.PurgeAsync(request.RecordingId, recording.DeletedFor ?? PurgeReason.Limit, cancellationToken);
    }
}
