using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>
/// The number of a booked call, read from the log each time and kept nowhere: once its consumer is forgotten nobody has it.
/// </summary>
public sealed class ScheduledCallNumbers(IEventStore store)
{
    /// <summary>The number (E.164); forgotten, or of no booking, it is null.</summary>
    public async Task<PersonalText> FindAsync(Guid scheduledCallId, CancellationToken cancellationToken) =>
        await store.ReadStreamAsync(Aggregates.ScheduledCall.Stream(scheduledCallId), 0, 1, cancellationToken) is [{ Data: ScheduledCallBooked booked }]
            ? booked.PhoneNumber
            : PersonalText.Forgotten;
}
