using ContactCenter.Domain.Hours;
using NodaTime;
using NodaTime.Text;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>
/// Hours of operation a second time, slow and on other principles: it watches the wall clock minute by minute through some days and asks of each
/// interval whether the clock has shown its opening yet and will still show less than its closing. No mapping of local times, no search, no cache.
/// </summary>
internal sealed class SlowHours
{
    private static readonly Duration Minute = Duration.FromMinutes(1);

    private readonly HoursSchedule schedule;
    private readonly LocalDateTime[] highest;
    private readonly LocalDateTime[] lowest;
    private readonly Dictionary<LocalDate, (LocalDateTime Opens, LocalDateTime Closes)[]> dates;

    public SlowHours(HoursSchedule schedule, Instant from, Instant to)
    {
        this.schedule = schedule;
        var zone = DateTimeZoneProviders.Tzdb[schedule.TimeZone];

        // Three days more on either side: what has been shown, and what will be.
        First = from - Duration.FromDays(3);
        var minutes = (int)(to + Duration.FromDays(3) - First).TotalMinutes;
        LocalDateTime[] shown = [.. Enumerable.Range(0, minutes).Select(i => At(i).InZone(zone).LocalDateTime)];
        dates = shown.Select(s => s.Date).Distinct().ToDictionary(d => d, d => Intervals(d).ToArray());
        highest = [.. shown];
        for (var i = 1; i < minutes; i++)
            highest[i] = LocalDateTime.Max(highest[i - 1], highest[i]);
        lowest = [.. shown];
        for (var i = minutes - 2; i >= 0; i--)
            lowest[i] = LocalDateTime.Min(lowest[i + 1], lowest[i]);
    }

    private Instant First { get; }

    public bool IsOpen(Instant instant) => OpenOn((int)(instant - First).TotalMinutes) is not null;

    /// <summary>The same with the rule that says so: of the latest date whose hours are open, else of the date that the clock shows.</summary>
    public (bool IsOpen, string Rule) WhatApplies(Instant instant)
    {
        var open = OpenOn((int)(instant - First).TotalMinutes);
        var date = open ?? instant.InZone(DateTimeZoneProviders.Tzdb[schedule.TimeZone]).Date;
        return (open is not null, ExceptionOn(date)?.Name ?? (schedule.Open24Hours ? "around the clock" : $"{date.DayOfWeek}"));
    }

    private LocalDate? OpenOn(int minute)
    {
        for (var date = highest[minute].Date.PlusDays(2); date >= lowest[minute].Date.PlusDays(-2); date = date.PlusDays(-1))
        {
            if (dates.GetValueOrDefault(date, []).Any(i => i.Opens <= highest[minute] && lowest[minute] < i.Closes))
                return date;
        }

        return null;
    }

    private Instant At(int minute) => First + (minute * Minute);

    private IEnumerable<(LocalDateTime Opens, LocalDateTime Closes)> Intervals(LocalDate date)
    {
        var exception = ExceptionOn(date);
        var tomorrow = ExceptionOn(date.PlusDays(1));
        foreach (var interval in exception?.Intervals ?? Week(date))
        {
            var opens = date + LocalTimePattern.ExtendedIso.Parse($"{interval.Opens}:00").Value;
            var midnight = date.PlusDays(1).AtMidnight();
            var closes = interval.Closes == "24:00" ? midnight : date + LocalTimePattern.ExtendedIso.Parse($"{interval.Closes}:00").Value;
            if (closes < opens)
                closes = tomorrow is null || ReferenceEquals(tomorrow, exception) ? closes.PlusDays(1) : midnight;
            yield return (opens, closes);
        }
    }

    private IReadOnlyList<HoursInterval> Week(LocalDate date) => schedule.Open24Hours
        ? [new HoursInterval("00:00", "24:00")]
        : schedule.Weekly.On(date.ToDateOnly().DayOfWeek);

    private ExceptionalHours? ExceptionOn(LocalDate date) =>
        schedule.Exceptions.Where(e => Names(e, date)).OrderBy(e => e.Yearly).ThenBy(e => e.To.DayNumber - e.From.DayNumber)
            .ThenBy(e => e.From).ThenBy(e => e.Name, StringComparer.Ordinal).FirstOrDefault();

    // A yearly exception names a date if one of its repetitions, each counted out, holds it.
    private static bool Names(ExceptionalHours exception, LocalDate date)
    {
        var (from, to) = (LocalDate.FromDateOnly(exception.From), LocalDate.FromDateOnly(exception.To));
        if (!exception.Yearly)
            return from <= date && date <= to;

        var years = Math.Max(date.Year - from.Year - 1, 0);
        return Enumerable.Range(years, 3).Any(y => from.PlusYears(y) <= date && date <= to.PlusYears(y));
    }
}
