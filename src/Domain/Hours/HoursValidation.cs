using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Hours;

/// <summary>One thing that is wrong with a schedule.</summary>
/// <param name="Path">Where, for example <c>weekly.monday[1].closes</c>.</param>
/// <param name="Rule">Which rule it breaks, for example <c>interval_empty</c>.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record HoursFault(string Path, string Rule, string Message);

/// <summary>Says everything that is wrong with a schedule, before it is stored (AHD-1).</summary>
public static partial class HoursValidation
{
    /// <summary>The most intervals that may open on one date.</summary>
    public const int MostIntervals = 20;

    /// <summary>The most exceptions of a schedule.</summary>
    public const int MostExceptions = 400;

    /// <summary>The longest name of an exception, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The first date an exception may have.</summary>
    public static readonly DateOnly FirstDate = new(1970, 1, 1);

    /// <summary>The last date an exception may have.</summary>
    public static readonly DateOnly LastDate = new(2199, 12, 31);

    /// <summary>Why the schedule cannot be stored, per field, or null if it can.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="prefix">Written before each path, for example <c>hours.</c>.</param>
    public static ValidationError? WhyNot(HoursSchedule schedule, string prefix = "") => Faults(schedule) is { Count: > 0 } faults
        ? new ValidationError("request.invalid", "The request is not valid.", faults
            .GroupBy(f => prefix + f.Path, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray(), StringComparer.Ordinal))
        : null;

    /// <summary>Everything that is wrong, empty if nothing is.</summary>
    public static IReadOnlyList<HoursFault> Faults(HoursSchedule schedule) =>
        [.. OfZone(schedule), .. OfWeek(schedule), .. OfExceptions(schedule.Exceptions)];

    private static IEnumerable<HoursFault> OfZone(HoursSchedule schedule)
    {
        if (!HoursZones.IsKnown(schedule.TimeZone))
            yield return new("timeZone", "zone_unknown", "Not a time zone of the IANA database, such as Europe/Berlin.");
    }

    private static IEnumerable<HoursFault> OfWeek(HoursSchedule schedule)
    {
        var weekdays = Enum.GetValues<DayOfWeek>();
        if (schedule.Open24Hours && Array.Exists(weekdays, d => schedule.Weekly.On(d).Count > 0))
            yield return new("weekly", "weekly_beside_24_hours", "Open 24 hours leaves nothing to the week: leave the weekdays empty.");

        foreach (var weekday in weekdays)
        {
            var path = $"weekly.{weekday.ToString().ToLowerInvariant()}";
            var next = schedule.Weekly.On((DayOfWeek)(((int)weekday + 1) % 7));
            foreach (var fault in OfDay(schedule.Weekly.On(weekday), next, path))
                yield return fault;
        }
    }

    // What opens on one date, and what opens on the next.
    private static IEnumerable<HoursFault> OfDay(IReadOnlyList<HoursInterval> intervals, IReadOnlyList<HoursInterval> next, string path)
    {
        if (intervals.Count > MostIntervals)
            return [new(path, "too_many_intervals", $"At most {MostIntervals} intervals can open on a day.")];

        return [.. intervals.SelectMany((interval, i) => OfInterval(interval, $"{path}[{i}]")), .. Overlaps(intervals, next, path)];
    }

    private static IEnumerable<HoursFault> OfInterval(HoursInterval? interval, string path)
    {
        var (opens, closes) = (HoursSlot.IsOpening(interval?.Opens, out var from), HoursSlot.IsClosing(interval?.Closes, out var to));
        if (!opens)
            yield return new($"{path}.opens", "time_malformed", "Give a time as HH:mm, from 00:00 to 23:59.");
        if (!closes)
            yield return new($"{path}.closes", "time_malformed", "Give a time as HH:mm, from 00:00 to 24:00.");
        if (opens && closes && from == to)
            yield return new($"{path}.closes", "interval_empty", "Closes when it opens. 00:00 to 24:00 is a whole day.");
    }

    private static IEnumerable<HoursFault> Overlaps(IReadOnlyList<HoursInterval> intervals, IReadOnlyList<HoursInterval> next, string path)
    {
        var slots = Readable(intervals);
        for (var i = 1; i < slots.Count; i++)
        {
            if (slots[i].Slot.From < slots[i - 1].Slot.To)
                yield return new($"{path}[{slots[i].Index}].opens", "intervals_overlap", "Opens before another interval of the day closes.");
        }

        if (slots.Count > 0 && Readable(next) is [var morning, ..] && morning.Slot.From < slots[^1].Slot.To - TimeSpan.TicksPerDay)
            yield return new($"{path}[{slots[^1].Index}].closes", "overlaps_next_day", "Closes after the next day has opened.");
    }

    private static List<(HoursSlot Slot, int Index)> Readable(IReadOnlyList<HoursInterval> intervals) =>
    [
        .. intervals.Select((interval, i) => (Read: HoursSlot.TryRead(interval, out var slot), Slot: slot, Index: i))
            .Where(s => s.Read).Select(s => (s.Slot, s.Index)).OrderBy(s => s.Slot.From).ThenBy(s => s.Slot.To),
    ];
}
