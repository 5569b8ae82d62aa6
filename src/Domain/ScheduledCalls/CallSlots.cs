using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>A stretch of time in which a call can be booked, in the offsets of its zone. Its beginning tells it from others of its queue.</summary>
/// <param name="StartsAt">When calls are placed.</param>
/// <param name="EndsAt">When the next slot may begin.</param>
public readonly record struct CallSlot(DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>
/// Where a queue's slots lie (AHD-11, ADR 0038). They begin on equal steps of the wall clock from midnight, fit whole into an
/// open stretch of the hours that apply, and have their whole length: a beginning that the clock skips is none, one that it
/// shows twice is two, and where a changed clock leaves no room before the next step there is no slot.
/// </summary>
public static class CallSlots
{
    /// <summary>The longest stretch that is answered at once: at five minutes around the clock some 4,000 slots.</summary>
    public static readonly TimeSpan LongestLook = TimeSpan.FromDays(14);

    /// <summary>Which stretch of time is asked about: from now and for seven days unless said otherwise. Null if it does not end after its beginning, by at most <see cref="LongestLook"/>.</summary>
    /// <param name="from">Inclusive, or null.</param>
    /// <param name="to">Exclusive, or null.</param>
    /// <param name="now">The time.</param>
    public static (DateTimeOffset From, DateTimeOffset To)? Asked(DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now)
    {
        var begins = from ?? now;
        var ends = to ?? begins.AddDays(7);
        return ends > begins && ends - begins <= LongestLook ? (begins, ends) : null;
    }

    /// <summary>All slots that begin from one instant (inclusive) to another (exclusive), in order; none overlaps another.</summary>
    /// <param name="minutes">Their length: a divisor of 1,440.</param>
    /// <param name="hours">The hours that apply, or null if it is always open.</param>
    /// <param name="timeZone">On whose wall clock the steps lie.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    public static IReadOnlyList<CallSlot> Between(int minutes, CompiledHours? hours, string timeZone, DateTimeOffset from, DateTimeOffset to)
    {
        List<CallSlot> slots = [];
        if (from >= to)
            return slots;
        var clock = HoursZones.Clock(timeZone);
        var length = TimeSpan.FromMinutes(minutes).Ticks;
        var steps = Steps(clock, length, from.UtcTicks, to.UtcTicks + length);
        using var open = Open(hours, from, to.AddTicks(length)).GetEnumerator();
        var isOpen = open.MoveNext();
        for (var i = 0; i < steps.Count && steps[i] < to.UtcTicks; i++)
        {
            var (starts, ends) = (steps[i], steps[i] + length);
            if (i + 1 < steps.Count && steps[i + 1] < ends)
                continue;
            while (isOpen && open.Current.Closes.UtcTicks <= starts)
                isOpen = open.MoveNext();
            if (isOpen && open.Current.Opens.UtcTicks <= starts && ends <= open.Current.Closes.UtcTicks)
                slots.Add(new CallSlot(clock.Local(starts), clock.Local(ends)));
        }

        return slots;
    }

    /// <summary>Those of them that can be booked now: far enough ahead, and not too far.</summary>
    /// <param name="rules">The queue's rules; whether they are enabled does not matter here.</param>
    /// <param name="hours">The hours that apply, or null if it is always open.</param>
    /// <param name="timeZone">On whose wall clock the steps lie.</param>
    /// <param name="now">The time.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    public static IReadOnlyList<CallSlot> Bookable(
        ScheduledCallRules rules, CompiledHours? hours, string timeZone, DateTimeOffset now, DateTimeOffset from, DateTimeOffset to)
    {
        // What has begun is no longer to be had, even without a lead.
        var first = rules.LeadMinutes > 0 ? now.AddMinutes(rules.LeadMinutes) : now.AddTicks(1);
        var last = now.AddDays(rules.DaysAhead);
        return Between(rules.SlotMinutes, hours, timeZone, first > from ? first : from, last < to ? last : to);
    }

    /// <summary>The slot that begins at this instant and can be booked now, or null.</summary>
    public static CallSlot? Find(ScheduledCallRules rules, CompiledHours? hours, string timeZone, DateTimeOffset now, DateTimeOffset startsAt) =>
        Bookable(rules, hours, timeZone, now, startsAt, startsAt.AddTicks(1)) is [var slot] ? slot : null;

    /// <summary>Whether all of a stretch is open.</summary>
    /// <param name="hours">The hours that apply, or null if it is always open.</param>
    /// <param name="from">Inclusive.</param>
    /// <param name="to">Exclusive.</param>
    public static bool IsWithin(CompiledHours? hours, DateTimeOffset from, DateTimeOffset to) =>
        Open(hours, from, to).FirstOrDefault() is var open && open.Opens == from && open.Closes == to;

    private static IEnumerable<OpenInterval> Open(CompiledHours? hours, DateTimeOffset from, DateTimeOffset to) =>
        hours is null ? [new OpenInterval(from, to)] : hours.OpenIntervals(from, to);

    // Between two changes of its clock a zone's steps are equally far apart.
    private static List<long> Steps(ZoneClock clock, long length, long from, long to)
    {
        List<long> steps = [];
        foreach (var (begins, ends, offset) in clock.Stretches(from, to))
        {
            var behind = (begins + offset) % length;
            for (var step = behind == 0 ? begins : begins + length - behind; step < ends; step += length)
                steps.Add(step);
        }

        return steps;
    }
}
