using ContactCenter.Domain.Hours;
using NodaTime;
using NodaTime.Text;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>Schedules in few words, and instants as a zone's clock and offset show them.</summary>
internal static class Timetable
{
    /// <summary>The same hours on every weekday: <c>"09:00-12:00 13:00-17:30"</c>; <c>""</c> is closed.</summary>
    public static HoursSchedule Daily(string zone, string hours, params ExceptionalHours[] exceptions)
    {
        var day = Intervals(hours);
        return new HoursSchedule(zone, Weekly: new WeeklyHours(day, day, day, day, day, day, day), Exceptions: exceptions);
    }

    public static ExceptionalHours Holiday(string name, string from, string? to = null, bool yearly = false) =>
        new(name, Date(from), Date(to ?? from), yearly, Closed: true);

    public static ExceptionalHours Other(string name, string hours, string from, string? to = null, bool yearly = false) =>
        new(name, Date(from), Date(to ?? from), yearly, Intervals: Intervals(hours));

    public static HoursInterval[] Intervals(string hours) =>
        [.. hours.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(h => new HoursInterval(h[..5], h[6..]))];

    public static DateOnly Date(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd");

    public static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant);

    /// <summary>The local days' open time, as the zone's clock showed it: <c>"03-29T01:30+01:00 → 03-29T03:30+02:00"</c>, one a line.</summary>
    public static string Open(HoursSchedule schedule, string firstDate, string lastDate)
    {
        HoursValidation.Faults(schedule).ShouldBeEmpty();
        var (from, to) = Days(schedule, firstDate, lastDate);
        return string.Join('\n', CompiledHours.Of(schedule).OpenIntervals(from.ToDateTimeOffset(), to.ToDateTimeOffset())
            .Select(o => $"{o.Opens:MM-ddTHH:mmzzz} → {o.Closes:MM-ddTHH:mmzzz}"));
    }

    public static (Instant From, Instant To) Days(HoursSchedule schedule, string firstDate, string lastDate)
    {
        var zone = DateTimeZoneProviders.Tzdb[schedule.TimeZone];
        var (first, last) = (LocalDatePattern.Iso.Parse(firstDate).Value, LocalDatePattern.Iso.Parse(lastDate).Value);
        return (zone.AtLeniently(first.AtMidnight()).ToInstant(), zone.AtLeniently(last.PlusDays(1).AtMidnight()).ToInstant());
    }

    /// <summary>Every minute of these days, the schedule and its slow double agree.</summary>
    public static void AgreesEveryMinute(HoursSchedule schedule, string firstDate, string lastDate)
    {
        var (from, to) = Days(schedule, firstDate, lastDate);
        var (fast, slow) = (CompiledHours.Of(schedule), new SlowHours(schedule, from, to));
        for (var instant = from; instant < to; instant += Duration.FromMinutes(1))
        {
            if (fast.IsOpen(instant.ToDateTimeOffset()) != slow.IsOpen(instant))
                Assert.Fail($"{schedule.TimeZone} at {instant}: open is {slow.IsOpen(instant)} by the clock.");
        }
    }
}
