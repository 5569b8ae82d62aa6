using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.ScheduledCalls;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>A booking is given up, and its place is free for others. Needs <c>If-Match</c>.</summary>
/// <param name="ScheduledCallId">The booking.</param>
public sealed record CancelScheduledCall(Guid ScheduledCallId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => ScheduledCallReaders.Changing(ScheduledCallId);
}

/// <summary>Handles <see cref="CancelScheduledCall"/>.</summary>
public sealed class CancelScheduledCallHandler(UnitOfWork work, CurrentCall call, BookingWork bookings) : IRequestHandler<CancelScheduledCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CancelScheduledCall request, CancellationToken cancellationToken)
    {
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, request.ScheduledCallId, cancellationToken);
        var before = booking.State;
        var cancelled = ScheduledCallDecider.Cancel(before, call.Now);
        var refusal =
            LookedAt.Refusal(call.Context, booking)
            ?? work.Append(Aggregates.ScheduledCall, booking, cancelled);
        if (refusal is not null)
            return refusal;
        if (cancelled.Events.Count == 0)
            return await work.CommitAsync(booking, cancellationToken);

        var failure = await bookings.FreeSlotAsync(before, cancellationToken) ?? await bookings.UncountAsync(before, cancellationToken);
        return failure is null ? await work.CommitAsync(booking, cancellationToken) : failure;
    }
}
