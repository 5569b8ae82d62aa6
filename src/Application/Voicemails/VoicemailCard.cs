using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Voicemails;

/// <summary>One voicemail as lists see it: no name, no number, no words.</summary>
public sealed record VoicemailCard
{
    /// <summary>The voicemail, and its session.</summary>
    public required Guid VoicemailId { get; init; }

    /// <summary>Its stream's version.</summary>
    public required long Version { get; init; }

    /// <summary>Where it stands.</summary>
    public required VoicemailStatus Status { get; init; }

    /// <summary>Who called.</summary>
    public required Guid ConsumerId { get; init; }

    /// <summary>The queue whose agents get it.</summary>
    public required Guid QueueId { get; init; }

    /// <summary>Its menu path at the time.</summary>
    public IReadOnlyList<string> QueuePath { get; init; } = [];

    /// <summary>Whether the caller was deflected outside the hours (AHD-4).</summary>
    public bool FromDeflection { get; init; }

    /// <summary>How long it is.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether there is a number to call back.</summary>
    public bool HasNumber { get; init; }

    /// <summary>Whether somebody wrote down what was said.</summary>
    public bool HasTranscript { get; init; }

    /// <summary>When it was left; until then, when it was begun.</summary>
    public required DateTimeOffset LeftAt { get; init; }

    /// <summary>Who took care of it, or null.</summary>
    public Guid? ReadBy { get; init; }

    /// <summary>When, or null.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}

/// <summary>Folds voicemails.</summary>
public sealed class VoicemailsProjection : Projection<VoicemailCard>
{
    /// <inheritdoc/>
    public override string Name => "voicemails";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<VoicemailCard>> Columns { get; } =
    [
        new("left_at", ColumnType.Instant, v => v.LeftAt, Indexed: true, Required: true),
        new("status", ColumnType.Text, v => v.Status, Indexed: true, Required: true),
        new("queue_id", ColumnType.Id, v => v.QueueId, Indexed: true, Required: true),
        new("is_assigned", ColumnType.Flag, v => v.Status is VoicemailStatus.Unread or VoicemailStatus.Read, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Voicemail.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is VoicemailEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override VoicemailCard? Evolve(VoicemailCard? view, StoredEvent happened) => happened.Data switch
    {
        VoicemailStarted e => new VoicemailCard
        {
            VoicemailId = e.VoicemailId,
            Version = happened.Version,
            Status = VoicemailStatus.Greeting,
            ConsumerId = e.ConsumerId,
            QueueId = e.QueueId,
            QueuePath = e.QueuePath,
            FromDeflection = e.FromDeflection,
            LeftAt = e.StartedAt,
        },
        VoicemailEvent e when view is not null => After(view, e) is { } after ? after with { Version = happened.Version } : null,
        _ => view,
    };

    private static VoicemailCard? After(VoicemailCard view, VoicemailEvent happened) => happened switch
    {
        VoicemailNumberAsked => view with { Status = VoicemailStatus.AskingNumber },
        VoicemailNumberGiven => view with { HasNumber = true },
        VoicemailGreeted => view with { Status = VoicemailStatus.Greeting },
        VoicemailRecordingBegun => view with { Status = VoicemailStatus.Recording },
        VoicemailLeft e => view with { Status = VoicemailStatus.Left, Seconds = e.Seconds, LeftAt = e.LeftAt },
        VoicemailAssigned => view with { Status = VoicemailStatus.Unread },
        VoicemailRead e => view with { Status = VoicemailStatus.Read, ReadBy = e.ReadBy, ReadAt = e.ReadAt },
        VoicemailTranscribed => view with { HasTranscript = true },
        VoicemailDiscarded => null,
        _ => view,
    };
}
