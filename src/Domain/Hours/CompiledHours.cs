namespace ContactCenter.Domain.Hours;

/// <summary>
/// A schedule ready to answer for any instant (AHD-1): made once, kept, shared between threads. It knows nobody's presence; who is signed in
/// never changes an answer. Instants that are answered are given in the schedule's zone, so that they read as its wall clock.
/// </summary>
public sealed class CompiledHours
{
    // Two years hold every yearly date and, apart from exceptions, every kind of week.
    private const int SearchedDays = 2 * 366;

    private readonly HoursCalendar calendar;
    private readonly ZoneClock clock;
    private readonly Lazy<bool> isAlwaysOpen;
    private CompiledHours? ordinary;

    private CompiledHours(HoursSchedule schedule)
    {
        Schedule = schedule;
        calendar = new HoursCalendar(schedule);
        clock = HoursZones.Clock(schedule.TimeZone);
        isAlwaysOpen = new(() => IsOpen(DateTimeOffset.UnixEpoch) && NextChange(DateTimeOffset.UnixEpoch) is null, LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>What was written down.</summary>
    public HoursSchedule Schedule { get; }

    /// <summary>The same hours as if there were no exceptions. Made when first asked for, by two threads at once perhaps twice.</summary>
    public CompiledHours Ordinary => Schedule.Exceptions.Count == 0 ? this : ordinary ??= Of(Schedule with { Exceptions = [] });

    /// <summary>Makes a valid schedule ready; throws for one that <see cref="HoursValidation"/> refuses because it cannot be read.</summary>
    public static CompiledHours Of(HoursSchedule schedule) => new(schedule);

    /// <summary>True if there is no instant at which it is closed. All dates are looked at when first asked for, as exceptions may lie anywhere; then never again.</summary>
    public bool IsAlwaysOpen => isAlwaysOpen.Value;

    /// <summary>True if it is open at this instant. Allocates nothing.</summary>
    public bool IsOpen(DateTimeOffset at) => IsOpen(at.UtcTicks);

    /// <summary>Whether it is open, and the rule that says so. Allocates nothing.</summary>
    public HoursAnswer WhatApplies(DateTimeOffset at)
    {
        var reading = clock.Read(at.UtcTicks);
        var (day, rule, slot) = Find(reading);
        if (rule is not null)
            return new HoursAnswer(IsOpen: true, Date(day), rule, rule.Slots[slot].Source);

        var today = DayOf(reading.Now);
        return new HoursAnswer(IsOpen: false, Date(today), calendar.RuleOf(today), Interval: null);
    }

    /// <summary>The rule of one local date: an exception, or the week's.</summary>
    public HoursRule RuleOf(DateOnly date) => calendar.RuleOf(date.DayNumber);

    /// <summary>The first instant after this one at which it opens or closes, or null if it never does again.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset after) =>
        NextChange(after.UtcTicks) is { } change ? clock.Local(change) : null;

    /// <summary>The first instant, this one included, at which it is open, or null if there is none.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset from) => IsOpen(from) ? clock.Local(from.UtcTicks) : NextChange(from);

    /// <summary>
    /// All that is open from one instant (inclusive) to another (exclusive): ordered, cut to these ends, neither overlapping nor touching.
    /// </summary>
    public IEnumerable<OpenInterval> OpenIntervals(DateTimeOffset from, DateTimeOffset to)
    {
        var (cursor, end) = (from.UtcTicks, to.UtcTicks);
        if (!IsOpen(cursor))
            cursor = NextChange(cursor) ?? end;
        while (cursor < end)
        {
            var closes = Math.Min(NextChange(cursor) ?? end, end);
            yield return new OpenInterval(clock.Local(cursor), clock.Local(closes));
            cursor = closes < end ? NextChange(closes) ?? end : end;
        }
    }

    private static int DayOf(long wall) => (int)(wall / TimeSpan.TicksPerDay);

    private static DateOnly Date(int day) => DateOnly.FromDayNumber(Math.Clamp(day, 0, DateOnly.MaxValue.DayNumber));

    private bool IsOpen(long utc) => Find(clock.Read(utc)).Rule is not null;

    // The interval that is open, the latest date's if several are: at most yesterday's nights and today's hours, except around a change of the clock.
    private (int Day, HoursRule? Rule, int Slot) Find(in ZoneClock.Reading reading)
    {
        var next = calendar.RuleOf(DayOf(reading.Highest) + 1);
        for (var day = DayOf(reading.Highest); day >= DayOf(reading.Lowest) - 1; day--)
        {
            var rule = calendar.RuleOf(day);
            var midnight = day * TimeSpan.TicksPerDay;
            for (var i = 0; i < rule.Slots.Length; i++)
            {
                ref readonly var slot = ref rule.Slots[i];
                if (midnight + slot.From <= reading.Highest && reading.Lowest < midnight + End(slot, rule, next) && !reading.Skipped(day))
                    return (day, rule, i);
            }

            next = rule;
        }

        return default;
    }

    private static long End(in HoursSlot slot, HoursRule rule, HoursRule next) =>
        slot.RunsPastMidnight && rule.EndsAtMidnightBefore(next) ? TimeSpan.TicksPerDay : slot.To;

    // Closings come from intervals in the order in which these open: one that closes earlier than its predecessor lies inside it.
    private long? NextChange(long after)
    {
        var open = IsOpen(after);
        foreach (var (opens, closes) in Spans(after))
        {
            var change = open ? closes : opens;
            if (change > after && IsOpen(change) != open)
                return change;
        }

        return null;
    }

    private IEnumerable<(long Opens, long Closes)> Spans(long after)
    {
        if (calendar.IsSteady)
            yield break;

        var first = Math.Max(DayOf(after) - 3, 1);
        var last = Math.Min(Math.Max(first, calendar.LastDate) + SearchedDays, DateOnly.MaxValue.DayNumber - 2);
        var rule = calendar.RuleOf(first);
        for (var day = first; day <= last; day++)
        {
            var next = calendar.RuleOf(day + 1);
            if (rule.Slots.Length > 0 && clock.Has(day))
            {
                foreach (var slot in rule.Slots)
                {
                    var midnight = day * TimeSpan.TicksPerDay;
                    yield return (clock.FirstAt(midnight + slot.From), clock.LastBefore(midnight + End(slot, rule, next)));
                }
            }

            rule = next;
        }
    }
}
