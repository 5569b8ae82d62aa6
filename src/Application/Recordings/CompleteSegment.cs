using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The media engine closed a segment; it is whole in encrypted storage, or lost (0 samples).</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Segment">Which, from 1.</param>
/// <param name="Samples">Its length at 8 kHz.</param>
/// <param name="Sha256">Of its plain PCM, hexadecimal; empty for a lost one.</param>
public sealed record CompleteSegment(Guid RecordingId, int Segment, long Samples, string Sha256) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="CompleteSegment"/>.</summary>
public sealed class CompleteSegmentHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<CompleteSegment, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CompleteSegment request, CancellationToken cancellationToken)
    {
        var recording = await work.LoadAsync(Aggregates.Recording, request.RecordingId, cancellationToken);
        var completed = RecordingDecider.CompleteSegment(recording.State, request.Segment, request.Samples, request.Sha256, call.Now);
        if (work.Append(Aggregates.Recording, recording, completed) is { } refusal)
            return refusal;
        return await work.CommitAsync(recording, cancellationToken);
    }
}
