using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.ScheduledCalls;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>A booking goes to another slot of its queue: it leaves the one and has the other in one write. Needs <c>If-Match</c>.</summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="StartsAt">The other slot's beginning.</param>
public sealed record MoveScheduledCall(Guid ScheduledCallId, DateTimeOffset StartsAt) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => ScheduledCallReaders.Changing(ScheduledCallId);
}

/// <summary>The shape of <see cref="MoveScheduledCall"/>.</summary>
public sealed class MoveScheduledCallValidator : AbstractValidator<MoveScheduledCall>
{
    /// <summary>Its rules.</summary>
    public MoveScheduledCallValidator()
    {
        RuleFor(r => r.StartsAt).SlotStart();
    }
}

/// <summary>Handles <see cref="MoveScheduledCall"/>.</summary>
public sealed class MoveScheduledCallHandler(UnitOfWork work, CurrentCall call, QueueSlots slots, BookingWork bookings) : IRequestHandler<MoveScheduledCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(MoveScheduledCall request, CancellationToken cancellationToken)
    {
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, request.ScheduledCallId, cancellationToken);
        var before = booking.State;
        var queue = (await work.LoadAsync(Aggregates.Queue, before.QueueId, cancellationToken)).State;
        var (slot, isLeaf) = await slots.FindAsync(queue, before.Language, request.StartsAt, cancellationToken);
        var moved = ScheduledCallDecider.Move(before, request.StartsAt, queue, isLeaf, slot, call.Now);
        var refusal =
            LookedAt.Refusal(call.Context, booking)
            ?? work.Append(Aggregates.ScheduledCall, booking, moved);
        if (refusal is not null)
            return refusal;
        if (moved.Events.Count == 0)
            return await work.CommitAsync(booking, cancellationToken);

        var full =
            await bookings.TakeSlotAsync(before, queue, request.StartsAt, cancellationToken)
            ?? await bookings.FreeSlotAsync(before, cancellationToken);
        return full is null ? await work.CommitAsync(booking, cancellationToken) : full;
    }
}
