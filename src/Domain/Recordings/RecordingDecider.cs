using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Recordings;

/// <summary>
/// The rules of a recording: no audio without consent, never older than its limit, never attached twice.
/// This part is the call's time; the way to the CRM is in the other.
/// </summary>
public static partial class RecordingDecider
{
    /// <summary>Recording begins with segment 1, in the same write as the call's connection (REC-3).</summary>
    /// <param name="r">The recording.</param>
    /// <param name="recordingId">The new recording.</param>
    /// <param name="s">The call, connected to an agent or to somebody outside, with the policy that applies to it.</param>
    /// <param name="retention">Where recordings stay that begin now.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> Start(Recording r, Guid recordingId, Session s, RecordingRetention retention, DateTimeOffset now)
    {
        if (r.Status != RecordingStatus.None)
            return Decision<RecordingEvent>.Nothing;
        if (s.Kind != SessionKind.Call)
            return RecordingErrors.NotACall;
        if (!s.IsTalking)
            return RecordingErrors.NotConnected;
        if (!s.MayBeRecorded)
            return RecordingErrors.NoConsent;

        return new RecordingStarted(
            recordingId, s.Id, s.AgentId, s.QueueId, s.ConnectedAt ?? now, now, RecordedSpace.Conversation, retention.Policy, retention.NewRecordingsArePublic);
    }

    /// <summary>What the caller says after the tone is recorded, unless they said no to it: who speaks then has agreed (REC-3).</summary>
    /// <param name="r">The recording.</param>
    /// <param name="recordingId">The new recording.</param>
    /// <param name="s">The call, whose caller leaves a message.</param>
    /// <param name="queueId">The queue whose agents get it.</param>
    /// <param name="retention">Where recordings stay that begin now.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> StartVoicemail(
        Recording r, Guid recordingId, Session s, Guid queueId, RecordingRetention retention, DateTimeOffset now)
    {
        if (r.Status != RecordingStatus.None)
            return Decision<RecordingEvent>.Nothing;
        if (s.Status != SessionStatus.LeavingMessage)
            return RecordingErrors.NotConnected;
        return s.Consent == RecordingConsent.Denied
            ? RecordingErrors.NoConsent
            : new RecordingStarted(
                recordingId, s.Id, AgentId: null, queueId, now, now, RecordedSpace.Voicemail, retention.Policy, retention.NewRecordingsArePublic);
    }

    /// <summary>A reason to be silent comes up: the running segment ends (REC-1, REC-4).</summary>
    /// <param name="r">The recording.</param>
    /// <param name="reason">Which.</param>
    /// <param name="now">The time.</param>
    /// <param name="patience">How long it may last before it seems forgotten, or null: as long as it takes.</param>
    public static Decision<RecordingEvent> Pause(Recording r, PauseReason reason, DateTimeOffset now, TimeSpan? patience = null)
    {
        if (WhyNotActive(r) is { } refusal)
            return refusal;
        if (r.PausedFor.ContainsKey(reason))
            return Decision<RecordingEvent>.Nothing;
        return r.Status == RecordingStatus.Paused
            ? new RecordingPauseExtended(r.Id, reason, now, now + patience)
            : new RecordingPaused(r.Id, r.SessionId, r.Segments, reason, now, now + patience);
    }

    /// <summary>A reason to be silent is gone: with the last one a new segment begins.</summary>
    public static Decision<RecordingEvent> Resume(Recording r, PauseReason reason, DateTimeOffset now)
    {
        if (WhyNotActive(r) is { } refusal)
            return refusal;
        if (!r.PausedFor.ContainsKey(reason))
            return Decision<RecordingEvent>.Nothing;
        return r.PausedFor.Count > 1
            ? new RecordingPauseNarrowed(r.Id, reason, now)
            : new RecordingResumed(r.Id, r.SessionId, r.Segments + 1, now, r.Space);
    }

    /// <summary>The consumer does not want to be recorded any more: silent from here on; a recording that is over stays as it is.</summary>
    public static Decision<RecordingEvent> WithdrawConsent(Recording r, DateTimeOffset now) =>
        WhyNotActive(r) is null ? Pause(r, PauseReason.Consent, now) : Decision<RecordingEvent>.Nothing;

    /// <summary>
    /// The time of a pause is up. Nothing is left to do if it has ended, or if it is another by now. A redaction ends, an
    /// agent's pause goes on; both are told of (REC-4).
    /// </summary>
    /// <param name="r">The recording.</param>
    /// <param name="reason">Which of the reasons.</param>
    /// <param name="dueAt">The time that is up.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> NoticePause(Recording r, PauseReason reason, DateTimeOffset dueAt, DateTimeOffset now)
    {
        if (WhyNotActive(r) is not null || !r.PausedFor.TryGetValue(reason, out var pause) || pause.DueAt != dueAt || now < dueAt)
            return Decision<RecordingEvent>.Nothing;
        var forgotten = new RecordingPauseForgotten(r.Id, r.SessionId, reason, pause.Since, now);
        return reason == PauseReason.Redaction
            ? Decision<RecordingEvent>.Happens([forgotten, .. Resume(r.Apply(forgotten), reason, now).Events])
            : forgotten;
    }

    /// <summary>
    /// The call waits in a queue again: silent for that, and no longer for the hold or the consultation, which the one who
    /// began them cannot end any more.
    /// </summary>
    public static Decision<RecordingEvent> PauseForQueue(Recording r, DateTimeOffset now)
    {
        var paused = Pause(r, PauseReason.Queue, now);
        return paused.Rejection is not null ? paused : With(paused, ResumeFromHold(paused.Events.Aggregate(r, (state, happened) => state.Apply(happened)), now));
    }

    /// <summary>The hold is over, and the consultation that it was for, if it was for one.</summary>
    public static Decision<RecordingEvent> ResumeFromHold(Recording r, DateTimeOffset now) =>
        Resume(r, now, PauseReason.Consultation, PauseReason.Hold);

    /// <summary>
    /// The call goes on with somebody outside: the hold is over, and the agent's pause with it, which nobody there could end
    /// (REC-1). A redaction stays: it ends by itself.
    /// </summary>
    public static Decision<RecordingEvent> ResumeOutside(Recording r, DateTimeOffset now) =>
        Resume(r, now, PauseReason.Consultation, PauseReason.Hold, PauseReason.Agent);

    private static Decision<RecordingEvent> Resume(Recording r, DateTimeOffset now, params ReadOnlySpan<PauseReason> reasons)
    {
        var resumed = Decision<RecordingEvent>.Nothing;
        foreach (var reason in reasons)
        {
            var further = Resume(resumed.Events.Aggregate(r, (state, happened) => state.Apply(happened)), reason, now);
            if (further.Rejection is not null)
                return further;
            resumed = With(resumed, further);
        }

        return resumed;
    }

    private static Decision<RecordingEvent> With(Decision<RecordingEvent> first, Decision<RecordingEvent> then) =>
        Decision<RecordingEvent>.Happens([.. first.Events, .. then.Events]);

    /// <summary>A segment is whole in storage; with the last one of a call that is over the recording is ready.</summary>
    /// <param name="r">The recording.</param>
    /// <param name="segment">Which, from 1.</param>
    /// <param name="samples">Its length at 8 kHz; 0 for a lost one.</param>
    /// <param name="sha256">Of its plain PCM; empty for a lost one.</param>
    /// <param name="now">The time.</param>
    public static Decision<RecordingEvent> CompleteSegment(Recording r, int segment, long samples, string sha256, DateTimeOffset now)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (segment < 1 || segment > r.Segments)
            return RecordingErrors.UnknownSegment;
        if (r.Closed.ContainsKey(segment) || r.Status == RecordingStatus.Purged)
            return Decision<RecordingEvent>.Nothing;
        if (samples < 0)
            return ValidationError.Field("samples", "Must not be negative.");

        return WithReady(r, new SegmentCompleted(r.Id, segment, samples, sha256, now), now);
    }

    /// <summary>The call is over. The recording is ready at once if no segment is open.</summary>
    /// <param name="r">The recording.</param>
    /// <param name="callStartedAt">When the call began, before any queue: its own length is kept too, and is never shorter than what is recorded (REC-1).</param>
    /// <param name="now">When the call ended; the seven days run from here (REC-9).</param>
    /// <param name="engineLost">True if its media engine died with it.</param>
    public static Decision<RecordingEvent> Stop(Recording r, DateTimeOffset callStartedAt, DateTimeOffset now, bool engineLost = false)
    {
        if (r.Status == RecordingStatus.None)
            return RecordingErrors.NotFound;
        if (r.Status is not (RecordingStatus.Recording or RecordingStatus.Paused))
            return Decision<RecordingEvent>.Nothing;

        var callSeconds = Math.Max(0, (now - callStartedAt).TotalSeconds);
        return WithReady(r, new RecordingStopped(r.Id, r.SessionId, callSeconds, now, engineLost), now);
    }

    // One that holds no audio becomes ready as well, wherever it was to stay: only a look into the storage can say that it is purged.
    private static Decision<RecordingEvent> WithReady(Recording r, RecordingEvent happened, DateTimeOffset now)
    {
        var after = r.Apply(happened);
        if (after is not { Status: RecordingStatus.Stopped, AllClosed: true, StoppedAt: { } stoppedAt })
            return happened;
        var isVoicemail = after.Space == RecordedSpace.Voicemail;
        return Decision<RecordingEvent>.Happens(happened, after is { Policy: RetentionPolicy.Hosted, IsEmpty: false }
            ? new RecordingKept(r.Id, r.SessionId, after.RecordedSeconds, now, isVoicemail)
            : new RecordingReady(r.Id, r.SessionId, after.RecordedSeconds, now, stoppedAt + Recording.Limit, isVoicemail));
    }

    private static DomainError? WhyNotActive(Recording r) => r.Status switch
    {
        RecordingStatus.None => RecordingErrors.NotFound,
        RecordingStatus.Recording or RecordingStatus.Paused => null,
        _ => RecordingErrors.NotActive,
    };
}
