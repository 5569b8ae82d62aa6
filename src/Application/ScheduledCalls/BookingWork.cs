using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>
/// What booking, moving, cancelling and placing do to slots and limits, so that one write holds all of it. Each step answers
/// why it was refused, or null.
/// </summary>
public sealed class BookingWork(UnitOfWork work, CurrentCall call)
{
    /// <summary>A booking takes a place of a slot.</summary>
    public async ValueTask<DomainError?> TakeSlotAsync(ScheduledCall booking, Queue queue, DateTimeOffset startsAt, CancellationToken cancellationToken)
    {
        var slotId = ScheduledCallIds.SlotOf(queue.Id, startsAt);
        var slot = await work.LoadAsync(Aggregates.CallSlot, slotId, cancellationToken);
        var taken = slot.State.Take(slotId, queue.Id, startsAt, queue.ScheduledCalls.CallsPerSlot, booking.Id, booking.ConsumerId, call.Now);
        return work.Append(Aggregates.CallSlot, slot, taken);
    }

    /// <summary>A booking gives its place back.</summary>
    public async ValueTask<DomainError?> FreeSlotAsync(ScheduledCall booking, CancellationToken cancellationToken)
    {
        var slotId = ScheduledCallIds.SlotOf(booking.QueueId, booking.StartsAt);
        var slot = await work.LoadAsync(Aggregates.CallSlot, slotId, cancellationToken);
        return work.Append(Aggregates.CallSlot, slot, slot.State.Free(slotId, booking.Id, call.Now));
    }

    /// <summary>A new booking counts against the limits of its consumer and its number.</summary>
    public async ValueTask<DomainError?> CountAsync(ScheduledCall booking, CancellationToken cancellationToken)
    {
        foreach (var (holderId, limit) in HoldersOf(booking))
        {
            var holder = await work.LoadAsync(Aggregates.BookingHolder, holderId, cancellationToken);
            if (work.Append(Aggregates.BookingHolder, holder, holder.State.Take(holderId, limit, booking.Id, call.Now)) is { } tooMany)
                return tooMany;
        }

        return null;
    }

    /// <summary>A booking that is open no more counts no more.</summary>
    public async ValueTask<DomainError?> UncountAsync(ScheduledCall booking, CancellationToken cancellationToken)
    {
        foreach (var (holderId, _) in HoldersOf(booking))
        {
            var holder = await work.LoadAsync(Aggregates.BookingHolder, holderId, cancellationToken);
            work.Append(Aggregates.BookingHolder, holder, holder.State.Return(holderId, booking.Id, call.Now));
        }

        return null;
    }

    private static (Guid HolderId, int Limit)[] HoldersOf(ScheduledCall booking) =>
    [
        (ScheduledCallIds.HolderOf(booking.ConsumerId, booking.QueueId), BookingHolder.PerConsumerAndQueue),
        (booking.NumberId, BookingHolder.PerNumber),
    ];
}
