using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Recordings;

/// <summary>What comes next on a recording's way to the CRM.</summary>
public enum UploadStep
{
    /// <summary>Nothing before the time of the next attempt.</summary>
    Wait,

    /// <summary>Nothing was said: there is nothing to attach, and it goes.</summary>
    PurgeEmpty,

    /// <summary>The parts that are missing are attached, and the whole is confirmed.</summary>
    Attach,

    /// <summary>What is confirmed goes.</summary>
    PurgeConfirmed,

    /// <summary>Its seven days are over: it goes, whatever the CRM has of it (REC-9).</summary>
    PurgeAtLimit,
}

/// <content>The way to the CRM, and out of here (REC-6 to REC-9).</content>
public static partial class RecordingDecider
{
    /// <summary>The longest first wait after a failed attempt; it doubles with each further one.</summary>
    public static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait after any failed attempt; a CRM that asks for a longer one is asked again by then.</summary>
    public static readonly TimeSpan LongestBackoff = TimeSpan.FromHours(1);

    /// <summary>Where thousands wait for a CRM that limits by the minute, the log is not to tell it of each by the minute.</summary>
    public static readonly TimeSpan HoldToldAgain = TimeSpan.FromMinutes(5);

    /// <summary>What there is to do for a recording that is to go to the CRM; what is not confirmed its purge refuses.</summary>
    public static UploadStep NextStep(Recording r, DateTimeOffset now) => r.Status switch
    {
        RecordingStatus.Ready when r.IsEmpty => UploadStep.PurgeEmpty,
        RecordingStatus.Ready when now >= r.PurgeBy => UploadStep.PurgeAtLimit,
        RecordingStatus.Ready when now < r.RetryAt => UploadStep.Wait,
        RecordingStatus.Ready => UploadStep.Attach,
        _ => UploadStep.PurgeConfirmed,
    };

    /// <summary>One part is attached to the ticket, in order (REC-7). The same part again is never attached twice (REC-8).</summary>
    /// <param name="r">The recording.</param>
    /// <param name="part">Which, from 1.</param>
    /// <param name="parts">How many there are; stays as it was for the first.</param>
    /// <param name="ticketId">The ticket.</param>
    /// <param name="attachmentId">The CRM's id of the attachment.</param>
    /// <param name="bytes">Its size.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> AttachPart(
        Recording r, int part, int parts, string ticketId, string attachmentId, long bytes, DateTimeOffset now)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (r.Attached.ContainsKey(part))
            return Decision<RecordingEvent>.Nothing;
        if (r.Status != RecordingStatus.Ready || r.IsEmpty)
            return RecordingErrors.NotReady;
        if (part != r.Attached.Count + 1 || part > parts || (r.Parts > 0 && r.Parts != parts))
            return RecordingErrors.PartOutOfOrder;

        return new RecordingPartAttached(r.Id, part, parts, ticketId, attachmentId, bytes, now);
    }

    /// <summary>
    /// An attempt failed: exponential backoff with full jitter, after what the CRM asks for, up to <see cref="LongestBackoff"/>
    /// of it (REC-8). While there is time before the purge there is another attempt, whatever the CRM asks for. A failure
    /// reported again before the next attempt is due changes nothing.
    /// </summary>
    /// <param name="r">The recording.</param>
    /// <param name="reason">Why.</param>
    /// <param name="retryAfter">How long the CRM asks to wait, or null.</param>
    /// <param name="jitter">Random, from 0 to below 1.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> FailUpload(
        Recording r, UploadFailure reason, TimeSpan? retryAfter, double jitter, DateTimeOffset now)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (r.Status is RecordingStatus.Confirmed or RecordingStatus.Purged || now < r.RetryAt)
            return Decision<RecordingEvent>.Nothing;
        if (r.Status != RecordingStatus.Ready || r.PurgeBy is not { } purgeBy)
            return RecordingErrors.NotReady;

        var longest = Math.Min(LongestBackoff.TotalSeconds, FirstBackoff.TotalSeconds * Math.Pow(2, r.Attempts));
        var wait = TimeSpan.FromSeconds(longest * Math.Clamp(jitter, 0, 1));
        var retryAt = now < purgeBy ? now + InTime(retryAfter ?? TimeSpan.Zero, wait, purgeBy - now) : purgeBy;
        return new RecordingUploadFailed(r.Id, r.Attempts + 1, reason, retryAt, now);
    }

    /// <summary>
    /// Shorter than what is left. The wait comes after what the CRM asks for, not instead of it: whoever waits for the same
    /// limit does not come at once.
    /// </summary>
    private static TimeSpan InTime(TimeSpan asked, TimeSpan wait, TimeSpan left)
    {
        asked = TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestBackoff.Ticks));
        if (asked >= left)
            asked = left / 2;
        var room = (left - asked) / 2;
        return asked + (wait < room ? wait : room);
    }

    /// <summary>
    /// What the CRM told another recording holds for this one: it waits for <see cref="UploadFailure.ApiLimit"/> without an
    /// attempt (REC-8). Told once, and again where it still holds after <see cref="HoldToldAgain"/>.
    /// </summary>
    /// <param name="r">The recording.</param>
    /// <param name="until">When it is begun, unless the CRM says otherwise again.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> HoldUpload(Recording r, DateTimeOffset until, DateTimeOffset now) =>
        NextStep(r, now) != UploadStep.Attach || now < r.HeldUntil || now < r.HeldAt + HoldToldAgain
            ? Decision<RecordingEvent>.Nothing
            : new RecordingUploadHeld(r.Id, UploadFailure.ApiLimit, until, now);

    /// <summary>The CRM confirmed every part: it may be deleted here at once (REC-6).</summary>
    public static Decision<RecordingEvent> ConfirmUpload(Recording r, string ticketId, int parts, DateTimeOffset now)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (r.Status is RecordingStatus.Confirmed or RecordingStatus.Purged)
            return Decision<RecordingEvent>.Nothing;
        if (r.Status != RecordingStatus.Ready)
            return RecordingErrors.NotReady;
        return parts > 0 && parts == r.Parts && parts == r.Attached.Count
            ? new RecordingUploadConfirmed(r.Id, ticketId, now)
            : RecordingErrors.PartsMissing;
    }

    /// <summary>
    /// Key and audio are destroyed. <see cref="PurgeReason.Limit"/> needs nothing but the time (REC-9): before it the
    /// timer changes nothing. A recording that never stopped is measured from its start. What the CRM has by then is gone as
    /// confirmed, and what holds nothing as empty: the limit is told of what is lost alone.
    /// </summary>
    public static Decision<RecordingEvent> Purge(Recording r, PurgeReason reason, DateTimeOffset now)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (r.Status == RecordingStatus.Purged)
            return Decision<RecordingEvent>.Nothing;

        var purged = new RecordingPurged(r.Id, reason, now);
        return reason switch
        {
            PurgeReason.Confirmed => r.Status == RecordingStatus.Confirmed ? purged : RecordingErrors.NotConfirmed,
            PurgeReason.Empty => r is { Status: RecordingStatus.Ready, IsEmpty: true } ? purged : RecordingErrors.NotEmpty,
            PurgeReason.Deleted or PurgeReason.Expired => r.DeletedFor == reason ? purged : RecordingErrors.NotKept,
            // The limit is that of the way to the CRM.
            _ when r.Policy != RetentionPolicy.Crm || now < (r.PurgeBy ?? r.StartedAt + Recording.Limit) => Decision<RecordingEvent>.Nothing,
            _ => purged with { Reason = AtLimit(r) },
        };
    }

    private static PurgeReason AtLimit(Recording r) => r switch
    {
        { Status: RecordingStatus.Confirmed } => PurgeReason.Confirmed,
        { Status: RecordingStatus.Ready, IsEmpty: true } => PurgeReason.Empty,
        _ => PurgeReason.Limit,
    };
}
