using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Projections;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.Tests.ScheduledCalls;

/// <summary>What lists show is the fold of the log, whenever it is made.</summary>
public sealed class ReadModelTests
{
    [Fact]
    public async Task Lists_and_free_places_agree_with_what_was_decided()
    {
        await using var desk = await BookingDesk.OpenAsync(BookingDesk.Rules with { CallsPerSlot = 2 });
        var slots = Enumerable.Range(0, 4).Select(desk.Slot).ToArray();
        var (placed, moved, cancelled) = (await desk.BookAsync(slots[0], "a"), await desk.BookAsync(slots[0], "b"), await desk.BookAsync(slots[2], "c"));
        var missed = await desk.BookAsync(slots[1], "d");
        await desk.Host.DoAsync(TestHost.Sdk, new MoveScheduledCall(moved, slots[3]), ifMatch: 1);
        await desk.Host.DoAsync(TestHost.Sdk, new CancelScheduledCall(cancelled), ifMatch: 1);
        await desk.FireAsync(placed, slots[0]);
        var sessionId = ScheduledCallIds.SessionOf(placed);
        await desk.Host.Get<IMediaFacts>().ReportAsync(new LegEnded(desk.Host.NewId(), sessionId, sessionId, "busy"), CancellationToken.None);
        desk.Host.Clock.Advance(TimeSpan.FromMinutes(31));
        await desk.FireAsync(missed, slots[1]);

        var cards = Fold(new ScheduledCallsProjection(), desk.Host.Log.Events);
        cards.Count.ShouldBe(4);
        foreach (var (key, card) in cards)
        {
            var state = await desk.CallAsync(Guid.Parse(key));
            (card.Status, card.StartsAt, card.EndsAt, card.Reason, card.SessionId, card.ConsumerId)
                .ShouldBe((state.Status, state.StartsAt, state.EndsAt, state.Reason, state.SessionId, state.ConsumerId));
            (card.Version, card.PhoneNumber).ShouldBe((desk.Version(card.ScheduledCallId), null));
        }

        cards.Values.Select(c => c.Status).Order().ShouldBe(
            [ScheduledCallStatus.Booked, ScheduledCallStatus.NotReached, ScheduledCallStatus.Missed, ScheduledCallStatus.Cancelled]);
        var taken = Fold(new TakenSlotsProjection(), desk.Host.Log.Events).Values.ToDictionary(s => s.StartsAt, s => s.Taken);
        foreach (var slot in slots)
            taken.GetValueOrDefault(slot).ShouldBe(await desk.TakenAsync(slot));
    }

    private static Dictionary<string, TView> Fold<TView>(Projection<TView> projection, IEnumerable<StoredEvent> log)
        where TView : class
    {
        Dictionary<string, TView> rows = [];
        foreach (var stored in log.Where(e => projection.Concerns(e.Stream)))
        {
            if (projection.KeyOf(stored) is not { } key)
                continue;
            if (projection.Evolve(rows.GetValueOrDefault(key), stored) is { } row)
                rows[key] = row;
            else
                rows.Remove(key);
        }

        return rows;
    }
}
