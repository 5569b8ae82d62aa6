using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Recordings;

/// <content>Recordings that stay here (REC-11, REC-12).</content>
public static partial class RecordingDecider
{
    /// <summary>Pieces that somebody fetches so long after the beginning belong to the same listening.</summary>
    public static readonly TimeSpan OneListening = TimeSpan.FromHours(1);

    /// <summary>
    /// Somebody plays it: told of each time (REC-12). Players fetch in pieces: a piece that is not the beginning belongs to
    /// the listening that began before, if one did. One that goes to the CRM is heard in no way but that of
    /// <see cref="RecordingAccessDecider"/> (REC-10).
    /// </summary>
    /// <param name="r">The recording.</param>
    /// <param name="fromStart">Whether the beginning is asked for.</param>
    /// <param name="by">Who.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> Play(Recording r, bool fromStart, Guid by, DateTimeOffset now)
    {
        if (r.Status != RecordingStatus.Kept)
            return r.Status == RecordingStatus.None ? RecordingErrors.NotFound : RecordingErrors.NotKept;
        var isListening = r.PlayedAt.TryGetValue(by, out var began) && now < began + OneListening;
        return fromStart || !isListening ? new RecordingPlayed(r.Id, r.SessionId, by, now) : Decision<RecordingEvent>.Nothing;
    }

    /// <summary>It is to be destroyed, by hand. What is ordered cannot be taken back; ordered again it stays as it is.</summary>
    public static Decision<RecordingEvent> Delete(Recording r, DateTimeOffset now) => r switch
    {
        { Status: RecordingStatus.None } => RecordingErrors.NotFound,
        { Status: RecordingStatus.Kept } => new RecordingDeletionOrdered(r.Id, r.SessionId, PurgeReason.Deleted, now),
        { DeletedFor: not null } => Decision<RecordingEvent>.Nothing,
        _ => RecordingErrors.NotKept,
    };

    /// <summary>The schedule has it destroyed if it is old enough by what holds now, whenever it was made.</summary>
    /// <param name="r">The recording.</param>
    /// <param name="keptFor">How long recordings are kept after they began, or null: without limit.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> Expire(Recording r, TimeSpan? keptFor, DateTimeOffset now) =>
        r.Status == RecordingStatus.Kept && now - r.StartedAt >= keptFor
            ? new RecordingDeletionOrdered(r.Id, r.SessionId, PurgeReason.Expired, now)
            : Decision<RecordingEvent>.Nothing;
}
