using ContactCenter.Domain.Hours;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>Valid schedules of any kind, each with a date near which something happens: a change of its zone's clock, or one of its exceptions.</summary>
internal static class AnySchedule
{
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia",
        "Africa/Casablanca", "America/St_Johns", "America/Nuuk", "Pacific/Kwajalein", "Antarctica/Troll", "Asia/Tehran",
    ];

    // Bounds of intervals crowd around the hours at which clocks are changed.
    private static readonly int[] Minutes =
        [0, 1, 15, 30, 60, 90, 120, 135, 150, 165, 180, 240, 360, 540, 720, 1020, 1080, 1320, 1350, 1380, 1395, 1410, 1425, 1439];

    public static Gen<(HoursSchedule Schedule, DateOnly Day)> WithADay { get; } =
        from zone in Gen.Elements(Zones)
        from day in Changes(zone)
        from shift in Gen.Choose(-3, 1)
        from week in Intervals.ArrayOf(7)
        from around in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from count in Gen.Choose(0, 5)
        from exceptions in ExceptionNear(day).ArrayOf(count)
        select (Valid(new HoursSchedule(
            zone, around, around ? null : new WeeklyHours(week[0], week[1], week[2], week[3], week[4], week[5], week[6]), exceptions)), day.AddDays(shift));

    private static Gen<HoursInterval[]> Intervals { get; } =
        from count in Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Constant(1)), (3, Gen.Constant(2)), (1, Gen.Constant(4)))
        from bounds in Gen.Elements(Minutes).ArrayOf(2 * count)
        from night in Gen.Choose(0, 2)
        from whole in Gen.Choose(0, 9)
        select whole == 0 ? [new HoursInterval("00:00", "24:00")] : Apart(bounds, overnight: night == 0);

    private static Gen<DateOnly> Changes(string zone)
    {
        var (from, to) = (Instant.FromUtc(1980, 1, 1, 0, 0), Instant.FromUtc(2037, 1, 1, 0, 0));
        DateOnly[] changes =
        [
            .. DateTimeZoneProviders.Tzdb[zone].GetZoneIntervals(from, to).Where(i => i.HasEnd)
                .Select(i => i.End.InUtc().Date.ToDateOnly()).Where(d => d < new DateOnly(2037, 1, 1)),
            new(2028, 2, 28), new(2026, 12, 31),
        ];
        return Gen.Elements(changes);
    }

    private static Gen<ExceptionalHours> ExceptionNear(DateOnly day) =>
        from name in Gen.Choose(1, 999)
        from shift in Gen.Choose(-4, 4)
        from length in Gen.Frequency((4, Gen.Constant(0)), (2, Gen.Choose(1, 5)), (1, Gen.Choose(20, 80)))
        from yearly in Gen.Elements(true, false, false)
        from years in Gen.Choose(0, yearly ? 3 : 0)
        from intervals in Intervals
        let first = day.AddDays(shift).AddYears(-years)
        select new ExceptionalHours($"Exception {name}", first, first.AddDays(length), yearly, intervals.Length == 0, intervals);

    // Sorted bounds pair up to intervals that do not overlap; the last may run through the night, to before the first.
    private static HoursInterval[] Apart(int[] bounds, bool overnight)
    {
        var sorted = bounds.Distinct().Order().ToList();
        if (sorted.Count % 2 == 1)
            sorted.RemoveAt(sorted.Count - 1);
        if (overnight && sorted.Count > 1)
            sorted = [.. sorted.Skip(1), sorted[0]];
        return [.. sorted.Chunk(2).Select(pair => new HoursInterval(Time(pair[0]), Time(pair[1])))];
    }

    private static string Time(int minute) => $"{minute / 60:00}:{minute % 60:00}";

    // What validation refuses is taken out, an exception or the next day's hours at a time: what is left is any schedule that may be stored.
    private static HoursSchedule Valid(HoursSchedule schedule)
    {
        while (HoursValidation.Faults(schedule) is [var fault, ..])
        {
            schedule = fault.Path.StartsWith("exceptions", StringComparison.Ordinal)
                ? schedule with { Exceptions = [.. schedule.Exceptions.Where((_, i) => !fault.Path.StartsWith($"exceptions[{i}]", StringComparison.Ordinal))] }
                : schedule with { Weekly = Without(schedule.Weekly, fault.Path) };
        }

        return schedule;
    }

    private static WeeklyHours Without(WeeklyHours week, string path)
    {
        IReadOnlyList<HoursInterval> Kept(DayOfWeek day) =>
            path.StartsWith($"weekly.{day.ToString().ToLowerInvariant()}", StringComparison.Ordinal) ? [] : week.On(day);
        return new WeeklyHours(
            Kept(DayOfWeek.Monday), Kept(DayOfWeek.Tuesday), Kept(DayOfWeek.Wednesday), Kept(DayOfWeek.Thursday),
            Kept(DayOfWeek.Friday), Kept(DayOfWeek.Saturday), Kept(DayOfWeek.Sunday));
    }
}
