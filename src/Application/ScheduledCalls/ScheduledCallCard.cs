using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>One booked call as lists see it. What is kept of it holds nothing personal; the number's end is added when it is asked for.</summary>
public sealed record ScheduledCallCard
{
    /// <summary>The booking.</summary>
    public required Guid ScheduledCallId { get; init; }

    /// <summary>Its stream's version.</summary>
    public required long Version { get; init; }

    /// <summary>Whose agents talk with the consumer.</summary>
    public required Guid QueueId { get; init; }

    /// <summary>The queue's channel.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Who is called.</summary>
    public required Guid ConsumerId { get; init; }

    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>The number's last two digits, or null once the consumer is forgotten.</summary>
    public string? PhoneNumber { get; init; }

    /// <summary>The slot's beginning.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>The slot's end.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Where it stands.</summary>
    public required ScheduledCallStatus Status { get; init; }

    /// <summary>Why it was missed, or why nobody was reached; or null.</summary>
    public string? Reason { get; init; }

    /// <summary>The session it became, or null.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>When it was booked.</summary>
    public required DateTimeOffset BookedAt { get; init; }
}

/// <summary>Folds booked calls.</summary>
public sealed class ScheduledCallsProjection : Projection<ScheduledCallCard>
{
    /// <inheritdoc/>
    public override string Name => "scheduled_calls";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<ScheduledCallCard>> Columns { get; } =
    [
        new("starts_at", ColumnType.Instant, c => c.StartsAt, Indexed: true, Required: true),
        new("status", ColumnType.Text, c => c.Status, Indexed: true, Required: true),
        new("queue_id", ColumnType.Id, c => c.QueueId, Required: true),
        new("booked_at", ColumnType.Instant, c => c.BookedAt, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.ScheduledCall.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is ScheduledCallEvent ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override ScheduledCallCard? Evolve(ScheduledCallCard? view, StoredEvent happened) => happened.Data switch
    {
        ScheduledCallBooked e => new ScheduledCallCard
        {
            ScheduledCallId = e.ScheduledCallId,
            Version = happened.Version,
            QueueId = e.QueueId,
            Channel = e.Channel,
            ConsumerId = e.ConsumerId,
            Language = e.Language,
            StartsAt = e.StartsAt,
            EndsAt = e.StartsAt.AddMinutes(e.Minutes),
            Status = ScheduledCallStatus.Booked,
            BookedAt = e.BookedAt,
        },
        ScheduledCallEvent e when view is not null => After(view, e) with { Version = happened.Version },
        _ => view,
    };

    private static ScheduledCallCard After(ScheduledCallCard view, ScheduledCallEvent happened) => happened switch
    {
        ScheduledCallMoved e => view with { StartsAt = e.StartsAt, EndsAt = e.StartsAt.AddMinutes(e.Minutes) },
        ScheduledCallCancelled => view with { Status = ScheduledCallStatus.Cancelled },
        ScheduledCallPlaced e => view with { Status = ScheduledCallStatus.Calling, SessionId = e.SessionId },
        ScheduledCallReached => view with { Status = ScheduledCallStatus.Reached },
        ScheduledCallNotReached e => view with { Status = ScheduledCallStatus.NotReached, Reason = e.Reason },
        ScheduledCallMissed e => view with { Status = ScheduledCallStatus.Missed, Reason = e.Reason },
        _ => view,
    };
}
