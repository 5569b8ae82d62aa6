using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Recordings;

/// <summary>A fact about one call's recording. Stream <c>recording-{id}</c>. Audio is never an event.</summary>
public abstract record RecordingEvent : IDomainEvent
{
    private protected RecordingEvent()
    {
    }
}

/// <summary>What is recorded of a call (REC-1).</summary>
public enum RecordedSpace
{
    /// <summary>What consumer and agent say to each other.</summary>
    Conversation,

    /// <summary>The message that the consumer leaves.</summary>
    Voicemail,
}

/// <summary>
/// Recording began with segment 1, in the same write as the call's connection, or when a caller was given the tone to
/// speak after. Consent was checked.
/// </summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="AgentId">Who speaks with the consumer, or null: nobody.</param>
/// <param name="QueueId">The call's queue; a voicemail's is the one whose agents get it.</param>
/// <param name="CallStartedAt">When the call began that the recording is a part of: with its first agent, without any queue.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Space">What is recorded.</param>
/// <param name="Policy">Where it stays.</param>
/// <param name="IsPublic">Whether the consumer may hear it, if it stays here (REC-12).</param>
[EventType("recording.started.v2")]
public sealed record RecordingStarted(
    Guid RecordingId, Guid SessionId, Guid? AgentId, Guid QueueId, DateTimeOffset CallStartedAt, DateTimeOffset StartedAt,
    RecordedSpace Space = RecordedSpace.Conversation, RetentionPolicy Policy = RetentionPolicy.Crm, bool IsPublic = false)
    : RecordingEvent;

/// <summary>Why a recording has a gap.</summary>
public enum PauseReason
{
    /// <summary>The agent paused it (REC-4).</summary>
    Agent,

    /// <summary>The consumer is on hold (REC-1).</summary>
    Hold,

    /// <summary>Sensitive data is spoken or typed (SMA-6).</summary>
    Redaction,

    /// <summary>The call waits in a queue again (REC-1).</summary>
    Queue,

    /// <summary>The consumer does not want to be recorded any more (REC-3).</summary>
    Consent,

    /// <summary>The agent consults somebody before a warm transfer (REC-1).</summary>
    Consultation,
}

/// <summary>The running segment ends; what follows is nowhere. Several reasons may hold at once.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Segment">Which ends.</param>
/// <param name="Reason">Why.</param>
/// <param name="PausedAt">When.</param>
/// <param name="DueAt">When it has lasted so long that it seems forgotten, or null: it never does.</param>
[EventType("recording.paused.v1")]
public sealed record RecordingPaused(
    Guid RecordingId, Guid SessionId, int Segment, PauseReason Reason, DateTimeOffset PausedAt, DateTimeOffset? DueAt = null) : RecordingEvent;

/// <summary>A further reason to be silent came while it was paused already.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Reason">Which.</param>
/// <param name="ExtendedAt">When.</param>
/// <param name="DueAt">When it has lasted so long that it seems forgotten, or null: it never does.</param>
[EventType("recording.pause_extended.v1")]
public sealed record RecordingPauseExtended(Guid RecordingId, PauseReason Reason, DateTimeOffset ExtendedAt, DateTimeOffset? DueAt = null) : RecordingEvent;

/// <summary>
/// A pause or a redaction lasts longer than it should: somebody seems to have forgotten it (REC-4). A redaction ends with
/// this; a pause goes on, for only the agent knows whether it may.
/// </summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Reason">Which of the reasons.</param>
/// <param name="Since">Since when it holds.</param>
/// <param name="NoticedAt">When it was noticed.</param>
[EventType("recording.pause_forgotten.v1")]
public sealed record RecordingPauseForgotten(
    Guid RecordingId, Guid SessionId, PauseReason Reason, DateTimeOffset Since, DateTimeOffset NoticedAt) : RecordingEvent;

/// <summary>One of several reasons ended; it stays paused for the others.</summary>
[EventType("recording.pause_narrowed.v1")]
public sealed record RecordingPauseNarrowed(Guid RecordingId, PauseReason Reason, DateTimeOffset NarrowedAt) : RecordingEvent;

/// <summary>No reason is left: a new segment begins.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Segment">Which begins, from 2.</param>
/// <param name="ResumedAt">When.</param>
/// <param name="Space">What is recorded, as before the pause.</param>
[EventType("recording.resumed.v2")]
public sealed record RecordingResumed(
    Guid RecordingId, Guid SessionId, int Segment, DateTimeOffset ResumedAt, RecordedSpace Space = RecordedSpace.Conversation) : RecordingEvent;

/// <summary>The media engine closed a segment; it is whole in encrypted storage.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="Segment">Which, from 1.</param>
/// <param name="Samples">Length at 8 kHz; 0 for a segment that was lost.</param>
/// <param name="Sha256">Of its plain PCM; empty for a lost one.</param>
/// <param name="CompletedAt">When.</param>
[EventType("recording.segment_completed.v1")]
public sealed record SegmentCompleted(Guid RecordingId, int Segment, long Samples, string Sha256, DateTimeOffset CompletedAt) : RecordingEvent;

/// <summary>The call is over; segments still open will close.</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="CallSeconds">The call's own length from its beginning, time in queue and on hold too, kept beside the recorded one (REC-1).</param>
/// <param name="StoppedAt">When.</param>
/// <param name="EngineLost">True if the media engine died with the call: nobody will close what is open.</param>
[EventType("recording.stopped.v1")]
public sealed record RecordingStopped(
    Guid RecordingId, Guid SessionId, double CallSeconds, DateTimeOffset StoppedAt, bool EngineLost = false) : RecordingEvent;

/// <summary>All segments are closed: it waits for the CRM (REC-6). The seven days run from the end of the call (REC-9).</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="RecordedSeconds">Audio kept.</param>
/// <param name="ReadyAt">When.</param>
/// <param name="PurgeBy">Purged then, whatever happens.</param>
/// <param name="IsVoicemail">True if it is a message that the consumer left.</param>
[EventType("recording.ready.v1")]
public sealed record RecordingReady(
    Guid RecordingId, Guid SessionId, double RecordedSeconds, DateTimeOffset ReadyAt, DateTimeOffset PurgeBy, bool IsVoicemail = false) : RecordingEvent;

/// <summary>All segments are closed: it stays here (REC-11).</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="RecordedSeconds">Audio kept.</param>
/// <param name="KeptAt">When.</param>
/// <param name="IsVoicemail">True if it is a message that the consumer left.</param>
[EventType("recording.kept.v1")]
public sealed record RecordingKept(Guid RecordingId, Guid SessionId, double RecordedSeconds, DateTimeOffset KeptAt, bool IsVoicemail = false) : RecordingEvent;

/// <summary>Somebody hears a kept recording; the bytes go out after this is durable (REC-12).</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="By">Who: a user, a key, or the call itself for its consumer.</param>
/// <param name="PlayedAt">When.</param>
[EventType("recording.played.v1")]
public sealed record RecordingPlayed(Guid RecordingId, Guid SessionId, Guid By, DateTimeOffset PlayedAt) : RecordingEvent;

/// <summary>A kept recording is to be destroyed. From here on nobody hears it, and there is no way back (REC-11).</summary>
/// <param name="RecordingId">The recording.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Reason">By hand, or by schedule.</param>
/// <param name="OrderedAt">When.</param>
[EventType("recording.deletion_ordered.v1")]
public sealed record RecordingDeletionOrdered(Guid RecordingId, Guid SessionId, PurgeReason Reason, DateTimeOffset OrderedAt) : RecordingEvent;

/// <summary>One part is attached to the ticket.</summary>
[EventType("recording.part_attached.v1")]
public sealed record RecordingPartAttached(
    Guid RecordingId, int Part, int Parts, string TicketId, string AttachmentId, long Bytes, DateTimeOffset AttachedAt) : RecordingEvent;

/// <summary>The three reasons for which deletion waits (REC-8).</summary>
public enum UploadFailure
{
    /// <summary>The CRM did not confirm.</summary>
    NotConfirmed,

    /// <summary>The CRM's API limit is reached.</summary>
    ApiLimit,

    /// <summary>The CRM takes no file of this size.</summary>
    TooLarge,
}

/// <summary>An attempt failed; the next is due later.</summary>
[EventType("recording.upload_failed.v1")]
public sealed record RecordingUploadFailed(Guid RecordingId, int Attempt, UploadFailure Reason, DateTimeOffset RetryAt, DateTimeOffset FailedAt) : RecordingEvent;

/// <summary>It was not begun, since the CRM has said that it takes nothing more for now: no attempt is counted.</summary>
[EventType("recording.upload_held.v1")]
public sealed record RecordingUploadHeld(Guid RecordingId, UploadFailure Reason, DateTimeOffset RetryAt, DateTimeOffset HeldAt) : RecordingEvent;

/// <summary>The CRM confirmed every part: it may be deleted here at once (REC-6).</summary>
[EventType("recording.upload_confirmed.v1")]
public sealed record RecordingUploadConfirmed(Guid RecordingId, string TicketId, DateTimeOffset ConfirmedAt) : RecordingEvent;

/// <summary>Why a recording is no longer here.</summary>
public enum PurgeReason
{
    /// <summary>The CRM has it (REC-6).</summary>
    Confirmed,

    /// <summary>Seven days are over (REC-9).</summary>
    Limit,

    /// <summary>Nothing was recorded.</summary>
    Empty,

    /// <summary>Deleted by hand (REC-11).</summary>
    Deleted,

    /// <summary>Deleted by the schedule (REC-11).</summary>
    Expired,
}

/// <summary>Key and audio are destroyed; checked by looking.</summary>
[EventType("recording.purged.v1")]
public sealed record RecordingPurged(Guid RecordingId, PurgeReason Reason, DateTimeOffset PurgedAt) : RecordingEvent;
