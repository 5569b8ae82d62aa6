using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Recordings;

/// <summary>A recording that is ready goes to the CRM's ticket; once confirmed it is deleted here (REC-6).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record UploadRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
