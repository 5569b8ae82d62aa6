using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Recordings;

/// <summary>One recording as lists see it. Never its audio.</summary>
public sealed record RecordingCard
{
    /// <summary>The recording.</summary>
    public required Guid RecordingId { get; init; }

    /// <summary>Its stream's version.</summary>
    public required long Version { get; init; }

    /// <summary>The call.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Who spoke with the consumer first, or null: the consumer left a message.</summary>
    public required Guid? AgentId { get; init; }

    /// <summary>What is recorded.</summary>
    public RecordedSpace Space { get; init; }

    /// <summary>Where it stays.</summary>
    public RetentionPolicy Policy { get; init; }

    /// <summary>Whether the consumer may hear it while it is kept (REC-12).</summary>
    public bool IsPublic { get; init; }

    /// <summary>The queue of the call, where it is now or ended; of a message, the queue whose agents get it.</summary>
    public required Guid QueueId { get; init; }

    /// <summary>Where it stands.</summary>
    public required RecordingStatus Status { get; init; }

    /// <summary>When recording began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it stopped for good, or null.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Segments begun.</summary>
    public int Segments { get; init; } = 1;

    /// <summary>The call's own length, or null while it runs (REC-1).</summary>
    public double? CallSeconds { get; init; }

    /// <summary>Audio kept (REC-1).</summary>
    public double RecordedSeconds { get; init; }

    /// <summary>What it is made of, in order: segments, and gaps with their reasons.</summary>
    public IReadOnlyList<RecordingSpan> Manifest { get; init; } = [];

    /// <summary>Since when it waits for the CRM, or is kept; or null.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Purged then, whatever happens (REC-9); null until it stopped, and for one that stays here.</summary>
    public DateTimeOffset? PurgeBy { get; init; }

    /// <summary>Failed uploads so far.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last upload failed, or was not begun, or null (REC-8).</summary>
    public UploadFailure? LastFailure { get; init; }

    /// <summary>When it is tried again, or null.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Parts attached so far.</summary>
    public int PartsAttached { get; init; }

    /// <summary>The ticket they are attached to, or null.</summary>
    public string? TicketId { get; init; }

    /// <summary>When it was destroyed here, or null.</summary>
    public DateTimeOffset? PurgedAt { get; init; }

    /// <summary>Why it was destroyed, or null.</summary>
    public PurgeReason? PurgeReason { get; init; }
}

/// <summary>Folds recordings. Each goes with its call from queue to queue, so that whoever reaches the call sees it, and nobody else (MON-9).</summary>
public sealed class RecordingsProjection : Projection<RecordingCard>
{
    /// <inheritdoc/>
    public override string Name => "recordings";

    /// <inheritdoc/>
    public override int Version => 6;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<RecordingCard>> Columns { get; } =
    [
        new("started_at", ColumnType.Instant, r => r.StartedAt, Indexed: true, Required: true),
        new("status", ColumnType.Text, r => r.Status, Indexed: true, Required: true),
        new("session_id", ColumnType.Id, r => r.SessionId, Indexed: true, Required: true),
        new("agent_id", ColumnType.Id, r => r.AgentId),
        new("queue_id", ColumnType.Id, r => r.QueueId, Required: true),
        new("ready_at", ColumnType.Instant, r => r.ReadyAt),
        // Of those alone that were lost at their limit (REC-9).
        new("lost_at", ColumnType.Instant, r => r.PurgeReason == PurgeReason.Limit ? r.PurgedAt : null, Indexed: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Recording.Category, Aggregates.Session.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data switch
    {
        RecordingEvent => happened.Stream.Id.ToString(),
        SessionEvent e when QueueAfter(e) is not null => RecordingId.Of(happened.Stream.Id).ToString(),
        _ => null,
    };

    /// <inheritdoc/>
    public override RecordingCard? Evolve(RecordingCard? view, StoredEvent happened) => happened.Data switch
    {
        RecordingStarted e => new RecordingCard
        {
            RecordingId = e.RecordingId,
            Version = happened.Version,
            SessionId = e.SessionId,
            AgentId = e.AgentId,
            Space = e.Space,
            Policy = e.Policy,
            IsPublic = e.IsPublic,
            QueueId = e.QueueId,
            Status = RecordingStatus.Recording,
            StartedAt = e.StartedAt,
            Manifest = RecordingManifest.Empty.Apply(e).Spans,
        },
        RecordingEvent e when view is not null => After(view, e) with { Version = happened.Version, Manifest = new RecordingManifest { Spans = [.. view.Manifest] }.Apply(e).Spans },
        SessionEvent e when view is { Space: RecordedSpace.Conversation } && QueueAfter(e) is { } queueId => view with { QueueId = queueId },
        _ => view,
    };

    /// <summary>Where a call is after an event that moves it, or null.</summary>
    private static Guid? QueueAfter(SessionEvent happened) => happened switch
    {
        SessionDeflected e => e.QueueId,
        SessionQueued e => e.QueueId,
        SessionTransferred e => e.ToQueueId,
        VirtualAgentJoined e => e.QueueId,
        _ => null,
    };

    private static RecordingCard After(RecordingCard view, RecordingEvent happened) => happened switch
    {
        RecordingPaused => view with { Status = RecordingStatus.Paused },
        RecordingResumed e => view with { Status = RecordingStatus.Recording, Segments = e.Segment },
        SegmentCompleted e => view with { RecordedSeconds = view.RecordedSeconds + ((double)e.Samples / Recording.SampleRate) },
        RecordingStopped e => view with
        {
            Status = RecordingStatus.Stopped,
            StoppedAt = e.StoppedAt,
            CallSeconds = e.CallSeconds,
            PurgeBy = view.Policy == RetentionPolicy.Crm ? e.StoppedAt + Recording.Limit : null,
        },
        RecordingReady e => view with { Status = RecordingStatus.Ready, RecordedSeconds = e.RecordedSeconds, ReadyAt = e.ReadyAt, PurgeBy = e.PurgeBy },
        RecordingKept e => view with { Status = RecordingStatus.Kept, RecordedSeconds = e.RecordedSeconds, ReadyAt = e.KeptAt },
        RecordingDeletionOrdered => view with { Status = RecordingStatus.Deleting },
        RecordingPartAttached e => view with { PartsAttached = view.PartsAttached + 1, TicketId = e.TicketId },
        RecordingUploadFailed e => view with { Attempts = e.Attempt, LastFailure = e.Reason, RetryAt = e.RetryAt },
        RecordingUploadHeld e => view with { LastFailure = e.Reason, RetryAt = e.RetryAt },
        RecordingUploadConfirmed e => view with { Status = RecordingStatus.Confirmed, TicketId = e.TicketId, RetryAt = null },
        RecordingPurged e => view with { Status = RecordingStatus.Purged, PurgedAt = e.PurgedAt, PurgeReason = e.Reason, RetryAt = null },
        _ => view,
    };
}
