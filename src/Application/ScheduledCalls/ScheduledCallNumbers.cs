using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>
/// The number of a booked call and what was said with it, read from the log each time and kept nowhere: once its consumer is
/// forgotten nobody has them.
/// </summary>
public sealed class ScheduledCallNumbers(IEventStore store)
{
    /// <summary>How many are read at a time for a list: no list takes all connections.</summary>
    private const int AtOnce = 8;

    /// <summary>The number (E.164); forgotten, or of no booking, it is null.</summary>
    public async Task<PersonalText> FindAsync(Guid scheduledCallId, CancellationToken cancellationToken) =>
        await BookedAsync(scheduledCallId, cancellationToken) is { } booked ? booked.PhoneNumber : PersonalText.Forgotten;

    /// <summary>The cards with the ends of their numbers, as far as their consumers are not forgotten.</summary>
    public async Task<IReadOnlyList<ScheduledCallCard>> WithEndsAsync(IReadOnlyList<ScheduledCallCard> cards, CancellationToken cancellationToken)
    {
        var shown = cards.ToArray();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, shown.Length, limits, async (i, token) =>
            shown[i] = shown[i] with { PhoneNumber = ScheduledCallDecider.Masked(await FindAsync(shown[i].ScheduledCallId, token)) });
        return shown;
    }

    /// <summary>The custom data for the session, without what is forgotten.</summary>
    public async Task<IReadOnlyDictionary<string, string>> DataAsync(Guid scheduledCallId, CancellationToken cancellationToken) =>
        (await BookedAsync(scheduledCallId, cancellationToken))?.Data.Where(d => !d.Value.IsForgotten).ToDictionary(d => d.Key, d => d.Value.Value!, StringComparer.Ordinal)
        ?? [];

    private async Task<ScheduledCallBooked?> BookedAsync(Guid scheduledCallId, CancellationToken cancellationToken) =>
        await store.ReadStreamAsync(Aggregates.ScheduledCall.Stream(scheduledCallId), 0, 1, cancellationToken) is [{ Data: ScheduledCallBooked booked }] ? booked : null;
}
