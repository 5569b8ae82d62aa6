using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>
/// A fact about the open bookings that count against one limit: of a consumer in a queue, or of a number everywhere. Stream
/// <c>bookingholder-{id}</c>.
/// </summary>
public abstract record BookingHolderEvent : IDomainEvent
{
    private protected BookingHolderEvent()
    {
    }
}

/// <summary>One more open booking.</summary>
[EventType("booking_holder.took.v1")]
public sealed record BookingTaken(Guid HolderId, Guid ScheduledCallId, DateTimeOffset TakenAt) : BookingHolderEvent;

/// <summary>A booking is open no more: placed, missed or cancelled.</summary>
[EventType("booking_holder.returned.v1")]
public sealed record BookingReturned(Guid HolderId, Guid ScheduledCallId, DateTimeOffset ReturnedAt) : BookingHolderEvent;

/// <summary>
/// The open bookings that count against one limit, and the rule: nobody takes all slots of a queue, and nobody's phone is made
/// to ring all day by somebody else.
/// </summary>
public sealed record BookingHolder
{
    /// <summary>The most open bookings of one consumer in one queue.</summary>
    public const int PerConsumerAndQueue = 3;

    /// <summary>The most open bookings of one number, over all queues and consumers.</summary>
    public const int PerNumber = 5;

    /// <summary>Before the first event.</summary>
    public static BookingHolder Initial { get; } = new();

    /// <summary>The open bookings.</summary>
    public ImmutableHashSet<Guid> Open { get; init; } = [];

    /// <summary>The state after one more event.</summary>
    public BookingHolder Apply(BookingHolderEvent happened) => happened switch
    {
        BookingTaken e => this with { Open = Open.Add(e.ScheduledCallId) },
        BookingReturned e => this with { Open = Open.Remove(e.ScheduledCallId) },
        _ => throw new UnreachableException($"BookingHolder does not know {happened.GetType().Name}."),
    };

    /// <summary>One more, if there are not too many.</summary>
    /// <param name="holderId">Whose limit.</param>
    /// <param name="limit">How many.</param>
    /// <param name="scheduledCallId">The booking.</param>
    /// <param name="now">The time.</param>
    public Decision<BookingHolderEvent> Take(Guid holderId, int limit, Guid scheduledCallId, DateTimeOffset now)
    {
        if (Open.Contains(scheduledCallId))
            return Decision<BookingHolderEvent>.Nothing;
        return Open.Count < limit ? new BookingTaken(holderId, scheduledCallId, now) : ScheduledCallErrors.TooMany;
    }

    /// <summary>One less.</summary>
    public Decision<BookingHolderEvent> Return(Guid holderId, Guid scheduledCallId, DateTimeOffset now) =>
        Open.Contains(scheduledCallId) ? new BookingReturned(holderId, scheduledCallId, now) : Decision<BookingHolderEvent>.Nothing;
}
