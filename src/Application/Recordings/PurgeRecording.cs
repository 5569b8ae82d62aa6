using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording's seven days are over: it is destroyed, uploaded or not (REC-9).</summary>
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
    public Task<Result<Receipt>> Handle(PurgeRecording request, CancellationToken cancellationToken) =>
        recordings.PurgeAsync(request.RecordingId, PurgeReason.Limit, cancellationToken);
}
