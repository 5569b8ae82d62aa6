using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Recordings;

/// <summary>One recording: where it stands, and how long it is beside the call (REC-1).</summary>
/// <param name="RecordingId">The recording.</param>
public sealed record GetRecording(Guid RecordingId) : IQuery<RecordingDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.RecordingsRead, Target.Recording(RecordingId));
}

/// <summary>All there is to know about one recording. Never its audio.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Segments">Segments begun.</param>
/// <param name="RecordedSeconds">Audio kept.</param>
/// <param name="CallSeconds">The call's own length, or null while it runs.</param>
/// <param name="StartedAt">When recording began.</param>
/// <param name="StoppedAt">When it stopped for good, or null.</param>
/// <param name="Attempts">Failed uploads so far.</param>
/// <param name="Attachments">The CRM's attachments so far, by part.</param>
/// <param name="PurgeBy">Purged then, whatever happens; null until stopped.</param>
public sealed record RecordingDetails(
    Guid RecordingId,
    long Version,
    Guid SessionId,
    RecordingStatus Status,
    int Segments,
    double RecordedSeconds,
    double? CallSeconds,
    DateTimeOffset StartedAt,
    DateTimeOffset? StoppedAt,
    int Attempts,
    IReadOnlyList<string> Attachments,
    DateTimeOffset? PurgeBy);
