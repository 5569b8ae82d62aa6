using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>Why a command on a booked call is refused.</summary>
internal static class ScheduledCallErrors
{
    public static readonly NotFoundError NotFound = new("scheduled_call.not_found", "There is no such scheduled call.");
    public static readonly ConflictError IdTaken = new("scheduled_call.id_taken", "Another scheduled call has this id.");
    public static readonly ConflictError SlotTaken = new("scheduled_call.slot_taken", "Somebody else has the last place of this slot: choose another.");
    public static readonly ConflictError ConsumerInSlot = new(
        "scheduled_call.consumer_in_slot", "This consumer is called in this slot already: choose another, or keep the booking there is.");

    public static readonly ConflictError NotOpen = new("scheduled_call.not_open", "The call was placed, missed or cancelled already.");
    public static readonly ConflictError TooMany = new("scheduled_call.too_many", "This consumer or number has as many open bookings as one may have.");
    public static readonly UnprocessableError NotEnabled = new("scheduled_call.not_enabled", "Calls of this queue cannot be booked.");
    public static readonly UnprocessableError NoSuchSlot = new("scheduled_call.no_such_slot", "This is not the beginning of a slot that can be booked now.");
}
