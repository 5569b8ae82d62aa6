using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>
/// A fact about who has a place in one slot. Stream <c>callslot-{id}</c>, whose id follows from queue and beginning: two who
/// take the last place at once meet in it.
/// </summary>
public abstract record SlotEvent : IDomainEvent
{
    private protected SlotEvent()
    {
    }
}

/// <summary>A booking has a place.</summary>
[EventType("call_slot.taken.v1")]
public sealed record SlotTaken(Guid SlotId, Guid QueueId, DateTimeOffset StartsAt, Guid ScheduledCallId, DateTimeOffset TakenAt) : SlotEvent;

/// <summary>A booking gave its place back.</summary>
[EventType("call_slot.freed.v1")]
public sealed record SlotFreed(Guid SlotId, Guid ScheduledCallId, DateTimeOffset FreedAt) : SlotEvent;

/// <summary>Who has a place in one slot: the fold of its events, and its rules.</summary>
public sealed record SlotBook
{
    /// <summary>Before the first event.</summary>
    public static SlotBook Initial { get; } = new();

    /// <summary>The bookings in it.</summary>
    public ImmutableHashSet<Guid> Bookings { get; init; } = [];

    /// <summary>The state after one more event.</summary>
    public SlotBook Apply(SlotEvent happened) => happened switch
    {
        SlotTaken e => this with { Bookings = Bookings.Add(e.ScheduledCallId) },
        SlotFreed e => this with { Bookings = Bookings.Remove(e.ScheduledCallId) },
        _ => throw new UnreachableException($"SlotBook does not know {happened.GetType().Name}."),
    };

    /// <summary>A booking takes a place, if one is free.</summary>
    /// <param name="slotId">The slot's id.</param>
    /// <param name="queueId">Whose.</param>
    /// <param name="startsAt">Its beginning.</param>
    /// <param name="capacity">How many places it has by the rules of now; those who have one keep it if there are fewer.</param>
    /// <param name="scheduledCallId">The booking.</param>
    /// <param name="now">The time.</param>
    public Decision<SlotEvent> Take(Guid slotId, Guid queueId, DateTimeOffset startsAt, int capacity, Guid scheduledCallId, DateTimeOffset now)
    {
        if (Bookings.Contains(scheduledCallId))
            return Decision<SlotEvent>.Nothing;
        return Bookings.Count < capacity
            ? new SlotTaken(slotId, queueId, startsAt.ToUniversalTime(), scheduledCallId, now)
            : ScheduledCallErrors.SlotTaken;
    }

    /// <summary>A booking gives its place back, if it has one.</summary>
    public Decision<SlotEvent> Free(Guid slotId, Guid scheduledCallId, DateTimeOffset now) =>
        Bookings.Contains(scheduledCallId) ? new SlotFreed(slotId, scheduledCallId, now) : Decision<SlotEvent>.Nothing;
}
