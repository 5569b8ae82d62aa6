using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording's seven days are over: it is destroyed, uploaded or not (REC-9).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record PurgeRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
