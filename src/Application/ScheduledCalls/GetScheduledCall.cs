using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>One booked call.</summary>
/// <param name="ScheduledCallId">The booking.</param>
public sealed record GetScheduledCall(Guid ScheduledCallId) : IQuery<ScheduledCallDetails>
{
    /// <inheritdoc/>
    public Requirement Requirement => ScheduledCallReaders.Of(ScheduledCallId);
}

/// <summary>All there is to know about one booked call.</summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="Version">Its stream's version: the <c>ETag</c>.</param>
/// <param name="QueueId">Whose agents talk with the consumer.</param>
/// <param name="Channel">The queue's channel.</param>
/// <param name="ConsumerId">Who is called.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="PhoneNumber">Where: whole for staff who may look at sessions of the queue, else its end; null once the consumer is forgotten.</param>
/// <param name="StartsAt">The slot's beginning.</param>
/// <param name="EndsAt">The slot's end.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Reason">Why it was missed, or why nobody was reached; or null.</param>
/// <param name="SessionId">The session it became, or null.</param>
/// <param name="Data">Custom data for the session.</param>
/// <param name="BookedAt">When it was booked.</param>
public sealed record ScheduledCallDetails(
    Guid ScheduledCallId,
    long Version,
    Guid QueueId,
    Channel Channel,
    Guid ConsumerId,
    string Language,
    string? PhoneNumber,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    ScheduledCallStatus Status,
    string? Reason,
    Guid? SessionId,
    IReadOnlyDictionary<string, string> Data,
    DateTimeOffset BookedAt)
{
    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(ScheduledCallDetails)}({ScheduledCallId})";
}

/// <summary>Answers <see cref="GetScheduledCall"/>.</summary>
public sealed class GetScheduledCallHandler(AggregateReader reader, Authorizer authorizer, ScheduledCallNumbers numbers, CurrentCall call)
    : IRequestHandler<GetScheduledCall, Result<ScheduledCallDetails>>
{
    /// <inheritdoc/>
    public async Task<Result<ScheduledCallDetails>> Handle(GetScheduledCall request, CancellationToken cancellationToken)
    {
        var booking = await reader.LoadFreshAsync(Aggregates.ScheduledCall, request.ScheduledCallId, cancellationToken);
        if (!booking.State.Exists)
            return (Result<ScheduledCallDetails>)ScheduledCallDecider.WhyNotOpen(booking.State)!;
        var number = await numbers.FindAsync(booking.State.Id, cancellationToken);
        var isStaff = await authorizer.RefusalAsync(call.Context.Caller, ScheduledCallReaders.Staff(booking.State.Id), cancellationToken) is null;
        var data = await numbers.DataAsync(booking.State.Id, cancellationToken);
        return Of(booking, isStaff ? number.Value : ScheduledCallDecider.Masked(number), data);
    }

    private static ScheduledCallDetails Of(Versioned<ScheduledCall> booking, string? number, IReadOnlyDictionary<string, string> data)
    {
        var state = booking.State;
        return new ScheduledCallDetails(
            state.Id, booking.Version, state.QueueId, state.Channel, state.ConsumerId, state.Language, number, state.StartsAt, state.EndsAt, state.Status,
            state.Reason, state.SessionId, data, state.BookedAt);
    }
}
