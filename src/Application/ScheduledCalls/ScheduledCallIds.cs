using System.Globalization;
using ContactCenter.Application.Outbox;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>Ids that follow from a booking, so that whoever does something first or again names it the same.</summary>
public static class ScheduledCallIds
{
    /// <summary>The session that a booking becomes. Its consumer's token is good for the booking before that.</summary>
    public static Guid SessionOf(Guid scheduledCallId) => DerivedId.Of(scheduledCallId, "scheduled call's session");

    /// <summary>A queue's slot that begins at an instant.</summary>
    public static Guid SlotOf(Guid queueId, DateTimeOffset startsAt) =>
        DerivedId.Of(queueId, string.Create(CultureInfo.InvariantCulture, $"call slot {startsAt.UtcTicks}"));

    /// <summary>What limits one consumer's open bookings in one queue.</summary>
    public static Guid HolderOf(Guid consumerId, Guid queueId) => DerivedId.Of(consumerId, $"scheduled calls of queue {queueId:D}");
}
