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
/// <param name="SlotId">The slot.</param>
/// <param name="QueueId">Whose.</param>
/// <param name="StartsAt">Its beginning.</param>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="TakenAt">When.</param>
/// <param name="ConsumerId">Who is called; null in places of before that was kept.</param>
[EventType("call_slot.taken.v1")]
public sealed record SlotTaken(
    Guid SlotId, Guid QueueId, DateTimeOffset StartsAt, Guid ScheduledCallId, DateTimeOffset TakenAt, Guid? ConsumerId = null) : SlotEvent;

/// <summary>A booking gave its place back.</summary>
[EventType("call_slot.freed.v1")]
public sealed record SlotFreed(Guid SlotId, Guid ScheduledCallId, DateTimeOffset FreedAt) : SlotEvent;

/// <summary>Who has a place in one slot: the fold of its events, and its rules.</summary>
public sealed record SlotBook
{
    /// <summary>Before the first event.</summary>
    public static SlotBook Initial { get; } = new();

    /// <summary>The bookings in it, and whose they are.</summary>
    public ImmutableDictionary<Guid, Guid?> Bookings { get; init; } = ImmutableDictionary<Guid, Guid?>.Empty;

    /// <summary>The state after one more event.</summary>
    public SlotBook Apply(SlotEvent happened) => happened switch
    {
        SlotTaken e => this with { Bookings = Bookings.SetItem(e.ScheduledCallId, e.ConsumerId) },
        SlotFreed e => this with { Bookings = Bookings.Remove(e.ScheduledCallId) },
        _ => throw new UnreachableException($"SlotBook does not know {happened.GetType().Name}."),
    };

    /// <summary>A booking takes a place, if one is free and its consumer has none: nobody talks with two agents at once.</summary>
    /// <param name="slotId">The slot's id.</param>
    /// <param name="queueId">Whose.</param>
    /// <param name="startsAt">Its beginning.</param>
    /// <param name="capacity">How many places it has by the rules of now; those who have one keep it if there are fewer.</param>
    /// <param name="scheduledCallId">The booking.</param>
    /// <param name="consumerId">Whose it is.</param>
    /// <param name="now">The time.</param>
    public Decision<SlotEvent> Take(Guid slotId, Guid queueId, DateTimeOffset startsAt, int capacity, Guid scheduledCallId, Guid consumerId, DateTimeOffset now)
    {
        if (Bookings.ContainsKey(scheduledCallId))
            return Decision<SlotEvent>.Nothing;
        if (Bookings.ContainsValue(consumerId))
            return ScheduledCallErrors.ConsumerInSlot;
        return Bookings.Count < capacity
            ? new SlotTaken(slotId, queueId, startsAt.ToUniversalTime(), scheduledCallId, now, consumerId)
            : ScheduledCallErrors.SlotTaken;
    }

    /// <summary>A booking gives its place back, if it has one.</summary>
    public Decision<SlotEvent> Free(Guid slotId, Guid scheduledCallId, DateTimeOffset now) =>
        Bookings.ContainsKey(scheduledCallId) ? new SlotFreed(slotId, scheduledCallId, now) : Decision<SlotEvent>.Nothing;
}
