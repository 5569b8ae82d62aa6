using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>
/// A slot's beginning has come: the consumer is called, or the call is missed. A timer that fires again, on two nodes, or for a
/// slot that the booking has left finds nothing to do.
/// </summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="StartsAt">The instant whose timer fired.</param>
public sealed record PlaceScheduledCall(Guid ScheduledCallId, DateTimeOffset StartsAt) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="PlaceScheduledCall"/>: booking and session in one write, with the leg as its effect.</summary>
public sealed class PlaceScheduledCallHandler(UnitOfWork work, CurrentCall call, BookingWork bookings, ScheduledCallNumbers numbers, ArrivalWork arrivals)
    : IRequestHandler<PlaceScheduledCall, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PlaceScheduledCall request, CancellationToken cancellationToken)
    {
        var booking = await work.LoadAsync(Aggregates.ScheduledCall, request.ScheduledCallId, cancellationToken);
        var before = booking.State;
        if (!ScheduledCallDecider.IsDue(before, request.StartsAt))
            return await work.CommitAsync(booking, cancellationToken);

        var queue = (await work.LoadAsync(Aggregates.Queue, before.QueueId, cancellationToken)).State;
        var session = await work.LoadAsync(Aggregates.Session, ScheduledCallIds.SessionOf(before.Id), cancellationToken);
        var number = await numbers.FindAsync(before.Id, cancellationToken);
        var placed = ScheduledCallDecider.Place(before, request.StartsAt, queue, session.State, session.Stream.Id, !number.IsForgotten, call.Now);
        var refusal =
            work.Append(Aggregates.ScheduledCall, booking, placed)
            ?? (placed.Events.Any(e => e is ScheduledCallPlaced) ? await BeginAsync(before, session, queue, cancellationToken) : null)
            ?? await bookings.UncountAsync(before, cancellationToken);
        return refusal is null ? await work.CommitAsync(booking, cancellationToken) : refusal;
    }

    private async ValueTask<DomainError?> BeginAsync(ScheduledCall booking, Versioned<Session> session, Queue queue, CancellationToken cancellationToken)
    {
        var data = await numbers.DataAsync(booking.Id, cancellationToken);
        var asked = new SessionRequest(
            session.Stream.Id, SessionKind.Call, booking.Channel, booking.ConsumerId, booking.Language, booking.Consent, data, booking.Flags, booking.Voice,
            Recording: await arrivals.RecordingOfAsync(line: null, cancellationToken));
        return work.Append(Aggregates.Session, session, SessionDecider.PlaceScheduled(session.State, asked, booking.Id, queue, call.Now));
    }
}
