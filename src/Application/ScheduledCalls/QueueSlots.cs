using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.ScheduledCalls;

/// <summary>The slots of a queue by the hours and rules of now, whoever has places in them.</summary>
public sealed class QueueSlots(ConfigurationWork configuration, CurrentCall call)
{
    /// <summary>Those that can be booked now, in order, and the zone on whose clock they lie.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="language">BCP 47, or null for the center's default: hours may differ by language.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    /// <param name="cancellationToken">Ends the wait for the configuration.</param>
    public async ValueTask<(string TimeZone, IReadOnlyList<CallSlot> Slots)> BookableAsync(
        Queue queue, string? language, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        var (hours, zone) = HoursOf(queue, language, center);
        return ScheduledCallDecider.WhyNotBookable(queue, center.IsLeaf(queue.Id)) is null
            ? (zone, CallSlots.Bookable(queue.ScheduledCalls, hours, zone, call.Now, from, to))
            : (zone, []);
    }

    /// <summary>The one that begins at an instant and can be booked now, or null; and whether the queue is chosen from the menu.</summary>
    public async ValueTask<(CallSlot? Slot, bool IsLeaf)> FindAsync(Queue queue, string language, DateTimeOffset startsAt, CancellationToken cancellationToken)
    {
        var center = await configuration.ReadAsync(cancellationToken);
        var isLeaf = center.IsLeaf(queue.Id);
        if (ScheduledCallDecider.WhyNotBookable(queue, isLeaf) is not null)
            return (null, isLeaf);
        var (hours, zone) = HoursOf(queue, language, center);
        return (CallSlots.Find(queue.ScheduledCalls, hours, zone, call.Now, startsAt), isLeaf);
    }

    private static (CompiledHours? Hours, string TimeZone) HoursOf(Queue queue, string? language, CenterConfiguration center)
    {
        var (hours, _) = center.HoursOf(queue.Id, queue.Channel, center.LanguageOf(language));
        return (hours, hours?.Schedule.TimeZone ?? center.Settings.Center.TimeZone);
    }
}
