using NodaTime;
using NodaTime.TimeZones;

namespace ContactCenter.Domain.Hours;

/// <summary>
/// A zone's wall clock, in ticks since 0001-01-01 like <see cref="DateTime.Ticks"/>. All that daylight saving needs is here: an interval is
/// open from the first instant at which the clock shows its opening or later, to the last at which it shows less than its closing (ADR 0031).
/// </summary>
internal sealed class ZoneClock(DateTimeZone zone)
{
    // No clock was ever set by more than a day, so a change further away than two says nothing about now.
    private const long Horizon = 2 * TimeSpan.TicksPerDay;

    /// <summary>What the clock shows at an instant, and what it shows at most until then and at least from then on. Allocates nothing.</summary>
    public Reading Read(long utc)
    {
        var here = zone.GetZoneInterval(AsInstant(utc));
        var now = utc + here.WallOffset.Ticks;
        var (highest, lowest, skippedFrom, skippedTo) = (now, now, 0L, 0L);
        if (here.HasStart && utc - AsTicks(here.Start) < Horizon)
        {
            var before = AsTicks(here.Start) + zone.GetZoneInterval(here.Start - Duration.Epsilon).WallOffset.Ticks;
            highest = Math.Max(highest, before - 1);
            (skippedFrom, skippedTo) = (before, AsTicks(here.Start) + here.WallOffset.Ticks);
        }

        if (here.HasEnd && AsTicks(here.End) - utc < Horizon)
            lowest = Math.Min(lowest, AsTicks(here.End) + zone.GetZoneInterval(here.End).WallOffset.Ticks);

        return new Reading(now, highest, lowest, skippedFrom, skippedTo);
    }

    /// <summary>The first instant at which the clock shows this or later.</summary>
    public long FirstAt(long wall)
    {
        var mapping = Map(wall);
        return mapping.Count == 0 ? AsTicks(mapping.EarlyInterval.End) : AsTicks(mapping.First().ToInstant());
    }

    /// <summary>The end of the last instant at which the clock shows less than this: the earlier of two where a repeated hour begins.</summary>
    public long LastBefore(long wall)
    {
        var mapping = Map(wall - 1);
        return mapping.Count == 0 ? AsTicks(mapping.EarlyInterval.End) : AsTicks(mapping.Last().ToInstant()) + 1;
    }

    /// <summary>False for a date that was left out, as 2011-12-30 in Samoa.</summary>
    public bool Has(int day) => FirstAt(day * TimeSpan.TicksPerDay) < LastBefore((day + 1) * TimeSpan.TicksPerDay);

    /// <summary>The stretches between changes of the clock, and how far it is ahead of UTC in each.</summary>
    public IEnumerable<(long Begins, long Ends, long Offset)> Stretches(long from, long to)
    {
        while (from < to)
        {
            var here = zone.GetZoneInterval(AsInstant(from));
            var ends = here.HasEnd ? Math.Min(AsTicks(here.End), to) : to;
            yield return (from, ends, here.WallOffset.Ticks);
            from = ends;
        }
    }

    /// <summary>The instant as it reads in this zone.</summary>
    public DateTimeOffset Local(long utc) => AsInstant(utc).InZone(zone).ToDateTimeOffset();

    private static Instant AsInstant(long utc) => Instant.FromUnixTimeTicks(utc - DateTime.UnixEpoch.Ticks);

    private static long AsTicks(Instant instant) => instant.ToUnixTimeTicks() + DateTime.UnixEpoch.Ticks;

    private ZoneLocalMapping Map(long wall) => zone.MapLocal(LocalDateTime.FromDateTime(new DateTime(wall)));

    /// <summary>Ticks of the wall clock around one instant.</summary>
    internal readonly record struct Reading(long Now, long Highest, long Lowest, long SkippedFrom, long SkippedTo)
    {
        public bool Skipped(int day) => SkippedFrom <= day * TimeSpan.TicksPerDay && (day + 1) * TimeSpan.TicksPerDay <= SkippedTo;
    }
}

/// <summary>The zones hours can be kept in.</summary>
public static class HoursZones
{
    /// <summary>Which edition of the zone data decides, for example <c>TZDB: 2025b</c>: shown with previews, because governments change their minds.</summary>
    public static string DataVersion => TzdbDateTimeZoneSource.Default.VersionId;

    /// <summary>True for a name of the IANA database, spelt as there.</summary>
    public static bool IsKnown(string? timeZone) => timeZone is not null && TzdbDateTimeZoneSource.Default.CanonicalIdMap.ContainsKey(timeZone);

    /// <summary>An instant as it reads on the clocks of a known zone.</summary>
    public static DateTimeOffset Local(string timeZone, DateTimeOffset at) => Clock(timeZone).Local(at.UtcTicks);

    /// <summary>The first instant of the day that it is in a known zone, and that of the next.</summary>
    public static (DateTimeOffset Begins, DateTimeOffset Ends) DayOf(string timeZone, DateTimeOffset at)
    {
        var clock = Clock(timeZone);
        var midnight = clock.Local(at.UtcTicks).Date.Ticks;
        // Where the clock is set back over midnight it is yesterday again for a while.
        var begins = Math.Min(clock.FirstAt(midnight), at.UtcTicks);
        var ends = Math.Max(clock.FirstAt(midnight + TimeSpan.TicksPerDay), at.UtcTicks + 1);
        return (new DateTimeOffset(begins, TimeSpan.Zero), new DateTimeOffset(ends, TimeSpan.Zero));
    }

    internal static ZoneClock Clock(string timeZone) => new(DateTimeZoneProviders.Tzdb[timeZone]);
}
