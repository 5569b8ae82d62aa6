using ContactCenter.Application.Messaging;

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
