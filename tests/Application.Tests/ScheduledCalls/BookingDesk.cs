using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Queues;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Consumers;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.ScheduledCalls;

/// <summary>A contact center whose queue has slots of a quarter of an hour around the clock, with one place each.</summary>
internal sealed class BookingDesk(Center center) : IAsyncDisposable
{
    public static readonly ScheduledCallRules Rules = new(Enabled: true, SlotMinutes: 15, CallsPerSlot: 1, DaysAhead: 7, LeadMinutes: 0);

    private readonly DateTimeOffset opened = center.Host.Clock.GetUtcNow();

    public TestHost Host => center.Host;

    public Center Center => center;

    public static async Task<BookingDesk> OpenAsync(ScheduledCallRules? rules = null)
    {
        var desk = new BookingDesk(await Center.OpenAsync());
        await desk.ConfigureAsync(rules ?? Rules);
        return desk;
    }

    public async Task ConfigureAsync(ScheduledCallRules rules) => await Host.DoAsync(
        TestHost.Admin, new ConfigureScheduledCalls(center.QueueId, rules), ifMatch: Host.Stream(Aggregates.Queue, center.QueueId).Count);

    /// <summary>The beginning of one of the slots that the desk found on opening, from 0; the first is at least a quarter of an hour away.</summary>
    public DateTimeOffset Slot(int number) =>
        CallSlots.Bookable(Rules, hours: null, "Etc/UTC", opened, opened, opened.AddDays(7))[number + 1].StartsAt;

    public BookScheduledCall Wish(DateTimeOffset slot, string visitor = "visitor-1", string? number = null, Guid? id = null, string? voice = null) => new(
        id, center.QueueId, slot, number ?? $"+4930{1_000_000 + (Math.Abs(visitor.GetHashCode(StringComparison.Ordinal)) % 8_000_000)}", "en",
        new ConsumerRef(IdentityKind.Visitor, visitor, Name: null), RecordingConsent.Granted, new Dictionary<string, string> { ["order"] = "17" },
        CustomerFlags.None, voice);

    public async Task<Guid> BookAsync(DateTimeOffset slot, string visitor = "visitor-1") => (await Host.DoAsync(TestHost.Sdk, Wish(slot, visitor))).Id;

    /// <summary>Books, waits for the slot and lets its timer fire.</summary>
    public async Task<(Guid Id, Guid SessionId)> PlacedAsync()
    {
        var slot = Slot(0);
        var id = await BookAsync(slot);
        await FireAsync(id, slot);
        return (id, ScheduledCallIds.SessionOf(id));
    }

    public Task<Receipt> FireAsync(Guid id, DateTimeOffset slot, TestHost? node = null)
    {
        if (Host.Clock.GetUtcNow() < slot)
            Host.Clock.Advance(slot - Host.Clock.GetUtcNow());
        return (node ?? Host).DoAsSystemAsync(new PlaceScheduledCall(id, slot));
    }

    public Task<ScheduledCall> CallAsync(Guid id) => Host.StateAsync(Aggregates.ScheduledCall, id);

    public long Version(Guid id) => Host.Stream(Aggregates.ScheduledCall, id).Count;

    public async Task<int> TakenAsync(DateTimeOffset slot) =>
        (await Host.StateAsync(Aggregates.CallSlot, ScheduledCallIds.SlotOf(center.QueueId, slot))).Bookings.Count;

    public ValueTask DisposeAsync() => center.DisposeAsync();
}
