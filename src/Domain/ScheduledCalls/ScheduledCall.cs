using System.Diagnostics;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>Where a booked call stands.</summary>
public enum ScheduledCallStatus
{
    /// <summary>No such booking.</summary>
    None,

    /// <summary>Will be placed at its slot's beginning; may be moved or cancelled.</summary>
    Booked,

    /// <summary>Rings at the consumer.</summary>
    Calling,

    /// <summary>The consumer answered; the rest is the session's.</summary>
    Reached,

    /// <summary>Nobody answered.</summary>
    NotReached,

    /// <summary>Was not placed.</summary>
    Missed,

    /// <summary>Was given up.</summary>
    Cancelled,
}

/// <summary>
/// The state of one booked call: the fold of its events. The number is not in it: states are kept in memory, and a forgotten
/// consumer's number must not be.
/// </summary>
public sealed record ScheduledCall
{
    /// <summary>Before the first event.</summary>
    public static ScheduledCall Initial { get; } = new();

    /// <summary>The booking's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    public ScheduledCallStatus Status { get; init; }

    /// <summary>Whose agents talk with the consumer.</summary>
    public Guid QueueId { get; init; }

    /// <summary>The queue's channel.</summary>
    public Channel Channel { get; init; }

    /// <summary>Who is called.</summary>
    public Guid ConsumerId { get; init; }

    /// <summary>BCP 47.</summary>
    public string Language { get; init; } = string.Empty;

    /// <summary>A keyed hash of the number.</summary>
    public Guid NumberId { get; init; }

    /// <summary>When it is placed: the slot's beginning.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>The slot's length.</summary>
    public int Minutes { get; init; }

    /// <summary>What was said about being recorded.</summary>
    public RecordingConsent Consent { get; init; }

    /// <summary>The reserved data attributes for the session.</summary>
    public CustomerFlags Flags { get; init; } = CustomerFlags.None;

    /// <summary>Simulated media only.</summary>
    public string? Voice { get; init; }

    /// <summary>When it was booked.</summary>
    public DateTimeOffset BookedAt { get; init; }

    /// <summary>The session it became, or null.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Why it was missed or nobody was reached, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>True once booked.</summary>
    public bool Exists => Status != ScheduledCallStatus.None;

    /// <summary>The slot's end.</summary>
    public DateTimeOffset EndsAt => StartsAt.AddMinutes(Minutes);

    /// <summary>The state after one more event.</summary>
    public ScheduledCall Apply(ScheduledCallEvent happened) => happened switch
    {
        ScheduledCallBooked e => this with
        {
            Id = e.ScheduledCallId,
            Status = ScheduledCallStatus.Booked,
            QueueId = e.QueueId,
            Channel = e.Channel,
            ConsumerId = e.ConsumerId,
            Language = e.Language,
            NumberId = e.NumberId,
            StartsAt = e.StartsAt,
            Minutes = e.Minutes,
            Consent = e.Consent,
            Flags = e.Flags,
            Voice = e.Voice,
            BookedAt = e.BookedAt,
        },
        ScheduledCallMoved e => this with { StartsAt = e.StartsAt, Minutes = e.Minutes },
        ScheduledCallCancelled => this with { Status = ScheduledCallStatus.Cancelled },
        ScheduledCallPlaced e => this with { Status = ScheduledCallStatus.Calling, SessionId = e.SessionId },
        ScheduledCallReached => this with { Status = ScheduledCallStatus.Reached },
        ScheduledCallNotReached e => this with { Status = ScheduledCallStatus.NotReached, Reason = e.Reason },
        ScheduledCallMissed e => this with { Status = ScheduledCallStatus.Missed, Reason = e.Reason },
        _ => throw new UnreachableException($"ScheduledCall does not know {happened.GetType().Name}."),
    };
}
