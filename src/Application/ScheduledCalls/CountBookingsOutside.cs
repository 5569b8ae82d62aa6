using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.ScheduledCalls;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>
/// How many booked calls lie outside the hours of now. They stand (ADR 0038): whoever changed the hours is told, and moves or
/// cancels them, or has agents there. Asked by whoever changed them.
/// </summary>
/// <param name="QueueId">Of this queue, or null for all.</param>
public sealed record CountBookingsOutside(Guid? QueueId) : IQuery<BookingsOutside>
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, QueueId is { } queueId ? Target.Queue(queueId) : Target.Everything);
}

/// <summary>Booked calls outside the hours.</summary>
/// <param name="Calls">How many; those booked a moment ago may be missing.</param>
public sealed record BookingsOutside(int Calls);

/// <summary>Answers <see cref="CountBookingsOutside"/>.</summary>
public sealed class CountBookingsOutsideHandler(IReadModel<ScheduledCallCard> calls, ConfigurationWork configuration, CurrentCall call)
    : IRequestHandler<CountBookingsOutside, Result<BookingsOutside>>
{
    /// <inheritdoc/>
    public async Task<Result<BookingsOutside>> Handle(CountBookingsOutside request, CancellationToken cancellationToken)
    {
        List<Filter> filters =
        [
            new("status", FilterOperator.Is, ScheduledCallStatus.Booked), new("starts_at", FilterOperator.AtLeast, call.Now.ToUniversalTime()),
        ];
        if (request.QueueId is { } queueId)
            filters.Add(new("queue_id", FilterOperator.Is, queueId));
        var center = await configuration.ReadAsync(cancellationToken);
        var (_, booked) = await calls.SnapshotAsync(filters, cancellationToken);
        return new BookingsOutside(booked.Count(b => !CallSlots.IsWithin(center.HoursOf(b.QueueId, b.Channel, b.Language).Hours, b.StartsAt, b.EndsAt)));
    }
}
