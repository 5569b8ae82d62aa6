using System.Collections.Immutable;
using System.Diagnostics;

namespace ContactCenter.Domain.Recordings;

/// <summary>Where a recording stands.</summary>
public enum RecordingStatus
{
    /// <summary>No such recording.</summary>
    None,

    /// <summary>A segment runs.</summary>
    Recording,

    /// <summary>Nothing is recorded for now.</summary>
    Paused,

    /// <summary>The call is over; segments still close.</summary>
    Stopped,

    /// <summary>Waits for the CRM.</summary>
    Ready,

    /// <summary>Stays here (REC-11).</summary>
    Kept,

    /// <summary>Is to be destroyed; nobody hears it any more.</summary>
    Deleting,

    /// <summary>The CRM has every part; the purge is next.</summary>
    Confirmed,

    /// <summary>Gone.</summary>
    Purged,
}

/// <summary>One of the reasons for which a recording is silent.</summary>
/// <param name="Since">Since when.</param>
/// <param name="DueAt">When it seems forgotten, or null: never, or it was noticed already.</param>
public sealed record RecordingPause(DateTimeOffset Since, DateTimeOffset? DueAt);

/// <summary>The state of one recording: the fold of its events.</summary>
public sealed record Recording
{
    /// <summary>Samples a second of everything recorded.</summary>
    public const int SampleRate = 8000;

    /// <summary>Kept at most this long after the call, whatever happens (REC-9).</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromDays(7);

    /// <summary>Before the first event.</summary>
    public static Recording Initial { get; } = new();

    /// <summary>The recording's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    public RecordingStatus Status { get; init; }

    /// <summary>The call.</summary>
    public Guid SessionId { get; init; }

    /// <summary>What is recorded.</summary>
    public RecordedSpace Space { get; init; }

    /// <summary>Where it stays.</summary>
    public RetentionPolicy Policy { get; init; }

    /// <summary>Whether the consumer may hear it while it is kept.</summary>
    public bool IsPublic { get; init; }

    /// <summary>When each listener began to hear it last.</summary>
    public ImmutableDictionary<Guid, DateTimeOffset> PlayedAt { get; init; } = ImmutableDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>Why it is to be destroyed, or null: it is not.</summary>
    public PurgeReason? DeletedFor { get; init; }

    /// <summary>Segments begun so far.</summary>
    public int Segments { get; init; }

    /// <summary>Samples of each closed segment, by number.</summary>
    public ImmutableSortedDictionary<int, long> Closed { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>Why it is paused; empty while it records.</summary>
    public ImmutableSortedDictionary<PauseReason, RecordingPause> PausedFor { get; init; } = ImmutableSortedDictionary<PauseReason, RecordingPause>.Empty;

    /// <summary>Attachments so far, by part, from 1.</summary>
    public ImmutableSortedDictionary<int, string> Attached { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>True for a part that is still to be attached (REC-8).</summary>
    public bool Lacks(int part) => !Attached.ContainsKey(part);

    /// <summary>How many parts the upload has; 0 before the first is attached.</summary>
    public int Parts { get; init; }

    /// <summary>Failed attempts so far.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due after a failed one, or null.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>When it was last told that the CRM takes nothing for now, or null.</summary>
    public DateTimeOffset? HeldAt { get; init; }

    /// <summary>Until when, as told then, or null.</summary>
    public DateTimeOffset? HeldUntil { get; init; }

    /// <summary>When recording began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When recording stopped for good, or null.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Purged then, whatever happens; null until stopped, and for one that stays here.</summary>
    public DateTimeOffset? PurgeBy => Policy == RetentionPolicy.Crm ? StoppedAt + Limit : null;

    /// <summary>True if nothing was said while it recorded: there is nothing to upload.</summary>
    public bool IsEmpty => Closed.Values.Sum() == 0;

    /// <summary>Audio kept, in seconds.</summary>
    public double RecordedSeconds => Closed.Values.Sum() / (double)SampleRate;

    /// <summary>True if the CRM holds every part: it can be played there.</summary>
    public bool IsAttached => Parts > 0 && Attached.Count == Parts;

    /// <summary>True once all of it is stored, whatever became of it then.</summary>
    public bool IsWhole => Status is RecordingStatus.Ready or RecordingStatus.Kept or RecordingStatus.Deleting or RecordingStatus.Confirmed;

    /// <summary>True if it was ever silent, and so lacks something that may have been said.</summary>
    public bool HasGaps => Segments > 1 || PausedFor.Count > 0;

    /// <summary>True if every segment begun is closed.</summary>
    public bool AllClosed => Closed.Count == Segments;

    /// <summary>The state after one more event.</summary>
    public Recording Apply(RecordingEvent happened) => happened switch
    {
        RecordingStarted e => this with
        {
            Id = e.RecordingId,
            SessionId = e.SessionId,
            Status = RecordingStatus.Recording,
            Space = e.Space,
            Policy = e.Policy,
            IsPublic = e.IsPublic,
            Segments = 1,
            StartedAt = e.StartedAt,
        },
        RecordingPaused e => this with { Status = RecordingStatus.Paused, PausedFor = PausedFor.SetItem(e.Reason, new(e.PausedAt, e.DueAt)) },
        RecordingPauseExtended e => this with { PausedFor = PausedFor.SetItem(e.Reason, new(e.ExtendedAt, e.DueAt)) },
        RecordingPauseForgotten e => this with { PausedFor = PausedFor.SetItem(e.Reason, new(e.Since, DueAt: null)) },
        RecordingPauseNarrowed e => this with { PausedFor = PausedFor.Remove(e.Reason) },
        RecordingResumed e => this with { Status = RecordingStatus.Recording, PausedFor = PausedFor.Clear(), Segments = e.Segment },
        SegmentCompleted e => this with { Closed = Closed.SetItem(e.Segment, e.Samples) },
        RecordingStopped e => this with { Status = RecordingStatus.Stopped, StoppedAt = e.StoppedAt },
        RecordingReady => this with { Status = RecordingStatus.Ready },
        RecordingKept => this with { Status = RecordingStatus.Kept },
        RecordingPlayed e => this with { PlayedAt = PlayedAt.SetItem(e.By, e.PlayedAt) },
        RecordingDeletionOrdered e => this with { Status = RecordingStatus.Deleting, DeletedFor = e.Reason },
        RecordingPartAttached e => this with { Attached = Attached.SetItem(e.Part, e.AttachmentId), Parts = e.Parts },
        RecordingUploadFailed e => this with { Attempts = e.Attempt, RetryAt = e.RetryAt },
        RecordingUploadHeld e => this with { HeldAt = e.HeldAt, HeldUntil = e.RetryAt },
        RecordingUploadConfirmed => this with { Status = RecordingStatus.Confirmed },
        RecordingPurged => this with { Status = RecordingStatus.Purged },
        _ => throw new UnreachableException($"Recording does not know {happened.GetType().Name}."),
    };
}
