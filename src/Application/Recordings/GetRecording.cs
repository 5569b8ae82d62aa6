using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using MediatR;

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
/// <param name="CallSeconds">The call's own length, time in queue and on hold too; or null while it runs.</param>
/// <param name="StartedAt">When recording began.</param>
/// <param name="StoppedAt">When it stopped for good, or null.</param>
/// <param name="Attempts">Failed uploads so far.</param>
/// <param name="Attachments">The CRM's attachments so far, by part.</param>
/// <param name="PurgeBy">Purged then, whatever happens; null until stopped.</param>
/// <param name="Manifest">What it is made of, in order: segments, and gaps with their reasons.</param>
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
    DateTimeOffset? PurgeBy,
    IReadOnlyList<RecordingSpan> Manifest);

/// <summary>Handles <see cref="GetRecording"/>.</summary>
public sealed class GetRecordingHandler(UnitOfWork work, IEventStore store) : IRequestHandler<GetRecording, Result<RecordingDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<RecordingDetails>> Handle(GetRecording request, CancellationToken cancellationToken)
    {
        RecordingDetails? details = null;
        var recording = await work.LoadAsync(Aggregates.Recording, request.RecordingId, cancellationToken);
        if (recording.Version > 0)
        {
            double? callSeconds = null;
            var manifest = RecordingManifest.Empty;
            await foreach (var stored in store.ReadAllAsync(recording.Stream, cancellationToken))
            {
                callSeconds = (stored.Data as RecordingStopped)?.CallSeconds ?? callSeconds;
                manifest = stored.Data is RecordingEvent happened ? manifest.Apply(happened) : manifest;
            }

            details = Details(recording, callSeconds, manifest);
        }

        return details is null ? new NotFoundError("recording.not_found", "There is no such recording.") : details;
    }

    private static RecordingDetails Details(Versioned<Recording> recording, double? callSeconds, RecordingManifest manifest)
    {
        var state = recording.State;
        return new RecordingDetails(
            state.Id, recording.Version, state.SessionId, state.Status, state.Segments, state.RecordedSeconds, callSeconds,
            state.StartedAt, state.StoppedAt, state.Attempts, [.. state.Attached.Values], state.PurgeBy, manifest.Spans);
    }
}
