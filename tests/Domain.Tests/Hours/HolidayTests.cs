using ContactCenter.Domain.Hours;
using static ContactCenter.Domain.Tests.Hours.Timetable;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>Dated exceptions, and who owns which night (ADR 0031).</summary>
public sealed class HolidayTests
{
    private const string Zone = "Europe/Berlin";

    [Fact]
    public void A_holiday_closes_its_whole_date_also_for_the_night_before_it() =>
        Open(Daily(Zone, "22:00-06:00", Holiday("Christmas", "2026-12-25")), "2026-12-24", "2026-12-26").ShouldBe(
            """
            12-24T00:00+01:00 → 12-24T06:00+01:00
            12-24T22:00+01:00 → 12-25T00:00+01:00
            12-26T22:00+01:00 → 12-27T00:00+01:00
            """);

    [Fact]
    public void A_date_with_other_hours_is_open_in_these_alone() =>
        Open(Daily(Zone, "22:00-06:00", Other("Inventory", "03:00-04:00", "2026-12-25")), "2026-12-25", "2026-12-25").ShouldBe(
            "12-25T03:00+01:00 → 12-25T04:00+01:00");

    [Fact]
    public void A_holiday_s_own_night_runs_into_the_next_date() =>
        Open(Daily(Zone, "09:00-17:00", Other("New Year's Eve", "20:00-03:00", "2026-12-31")), "2026-12-31", "2027-01-01").ShouldBe(
            "12-31T20:00+01:00 → 01-01T03:00+01:00\n01-01T09:00+01:00 → 01-01T17:00+01:00");

    [Fact]
    public void A_holiday_s_own_night_ends_where_the_next_holiday_begins() =>
        Open(Daily(Zone, "", Other("New Year's Eve", "20:00-03:00", "2026-12-31"), Holiday("New Year", "2027-01-01")), "2026-12-31", "2027-01-01").ShouldBe(
            "12-31T20:00+01:00 → 01-01T00:00+01:00");

    [Fact]
    public void Nights_run_through_an_exception_of_several_dates() =>
        Open(Daily(Zone, "", Other("Long evenings", "20:00-02:00", "2026-12-01", "2026-12-03")), "2026-11-30", "2026-12-05").ShouldBe(
            """
            12-01T20:00+01:00 → 12-02T02:00+01:00
            12-02T20:00+01:00 → 12-03T02:00+01:00
            12-03T20:00+01:00 → 12-04T02:00+01:00
            """);

    [Theory]
    [InlineData("2025-12-25", true)]
    [InlineData("2026-12-25", false)]
    [InlineData("2027-12-25", false)]
    [InlineData("2190-12-25", false)]
    [InlineData("2027-12-24", true)]
    public void A_yearly_holiday_comes_every_year_from_its_first_on(string date, bool open) =>
        IsOpen(Daily(Zone, "09:00-17:00", Holiday("Christmas", "2026-12-25", yearly: true)), $"{date}T12:00+01:00").ShouldBe(open);

    [Theory]
    [InlineData("2027-12-23", true)]
    [InlineData("2027-12-24", false)]
    [InlineData("2028-01-02", false)]
    [InlineData("2028-01-03", true)]
    [InlineData("2026-01-01", true)]
    public void A_yearly_holiday_may_run_over_New_Year(string date, bool open) =>
        IsOpen(Daily(Zone, "09:00-17:00", Holiday("Between the years", "2026-12-24", "2027-01-02", yearly: true)), $"{date}T12:00+01:00").ShouldBe(open);

    [Theory]
    [InlineData("2028-02-29", false)]
    [InlineData("2027-03-01", false)]
    [InlineData("2027-03-03", true)]
    public void A_yearly_holiday_around_the_leap_day_holds_it_when_it_comes(string date, bool open) =>
        IsOpen(Daily(Zone, "09:00-17:00", Holiday("Carnival", "2026-02-27", "2026-03-02", yearly: true)), $"{date}T12:00+01:00").ShouldBe(open);

    [Fact]
    public void A_date_of_its_own_speaks_before_a_yearly_one()
    {
        var schedule = Daily(Zone, "09:00-17:00", Holiday("Epiphany", "2026-01-06", yearly: true), Other("We work this year", "10:00-14:00", "2027-01-06"));
        HoursValidation.Faults(schedule).ShouldBeEmpty();
        IsOpen(schedule, "2027-01-06T12:00+01:00").ShouldBeTrue();
        IsOpen(schedule, "2028-01-06T12:00+01:00").ShouldBeFalse();
        Applies(schedule, "2027-01-06T16:00+01:00").Rule.Exception!.Name.ShouldBe("We work this year");
    }

    [Fact]
    public void Of_two_holidays_on_one_date_the_narrower_is_named()
    {
        var (week, day) = (Holiday("Company holidays", "2026-12-21", "2027-01-03"), Holiday("Christmas", "2026-12-25"));
        foreach (var schedule in new[] { Daily(Zone, "09:00-17:00", week, day), Daily(Zone, "09:00-17:00", day, week) })
        {
            HoursValidation.Faults(schedule).ShouldBeEmpty();
            Applies(schedule, "2026-12-25T12:00+01:00").Rule.Exception.ShouldBe(day);
            Applies(schedule, "2026-12-28T12:00+01:00").Rule.Exception.ShouldBe(week);
        }
    }

    [Fact]
    public void The_reason_is_the_weekday_the_exception_or_24_hours()
    {
        var monday = new HoursSchedule(Zone, Weekly: new WeeklyHours(Monday: Intervals("08:00-12:00 22:00-03:00")), Exceptions: [Holiday("Fair", "2026-06-08")]);

        var night = Applies(monday, "2026-06-02T02:00+02:00");
        (night.IsOpen, night.Date, night.Rule.Kind, night.Rule.Weekday, night.Interval).ShouldBe(
            (true, Date("2026-06-01"), HoursRuleKind.Weekly, DayOfWeek.Monday, new HoursInterval("22:00", "03:00")));

        var tuesday = Applies(monday, "2026-06-02T03:00+02:00");
        (tuesday.IsOpen, tuesday.Date, tuesday.Rule.Kind, tuesday.Rule.Weekday, tuesday.Interval).ShouldBe(
            (false, Date("2026-06-02"), HoursRuleKind.Weekly, DayOfWeek.Tuesday, null));

        var fair = Applies(monday, "2026-06-08T09:00+02:00");
        (fair.IsOpen, fair.Date, fair.Rule.Kind, fair.Rule.Exception?.Name).ShouldBe((false, Date("2026-06-08"), HoursRuleKind.Exception, "Fair"));

        var always = Applies(new HoursSchedule(Zone, Open24Hours: true), "2026-06-08T09:00+02:00");
        (always.IsOpen, always.Rule.Kind, always.Rule.Weekday).ShouldBe((true, HoursRuleKind.AroundTheClock, null));
    }

    [Fact]
    public void A_change_years_ahead_is_found()
    {
        Next(new HoursSchedule(Zone, Open24Hours: true, Exceptions: [Holiday("Move", "2045-05-01")])).ShouldBe(At("2045-05-01T00:00+02:00"));
        Next(new HoursSchedule(Zone, Exceptions: [Other("Jubilee", "10:00-18:00", "2150-07-01", yearly: true)])).ShouldBe(At("2150-07-01T10:00+02:00"));
        Next(Daily(Zone, "09:00-17:00", Holiday("Closed for years", "2020-01-01", "2060-12-31"))).ShouldBe(At("2061-01-01T09:00+01:00"));
    }

    [Fact]
    public void What_never_opens_or_never_closes_has_no_next_change()
    {
        Next(Daily(Zone, "")).ShouldBeNull();
        Next(Daily(Zone, "00:00-24:00")).ShouldBeNull();
        Next(new HoursSchedule(Zone, Open24Hours: true)).ShouldBeNull();
        Next(Daily(Zone, "", Holiday("Christmas", "2026-12-25", yearly: true))).ShouldBeNull();
    }

    [Theory]
    [InlineData("0001-01-01T00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void The_ends_of_time_have_an_answer(string instant)
    {
        var hours = CompiledHours.Of(Daily("Pacific/Apia", "22:00-06:00", Holiday("Christmas", "2026-12-25", yearly: true)));
        var at = At(instant);
        hours.WhatApplies(at).IsOpen.ShouldBe(hours.IsOpen(at));
        (hours.NextChange(at) is null || hours.NextChange(at) > at).ShouldBeTrue();
    }

    private static bool IsOpen(HoursSchedule schedule, string instant) => CompiledHours.Of(schedule).IsOpen(At(instant));

    private static HoursAnswer Applies(HoursSchedule schedule, string instant) => CompiledHours.Of(schedule).WhatApplies(At(instant));

    private static DateTimeOffset? Next(HoursSchedule schedule) => CompiledHours.Of(schedule).NextChange(At("2026-06-01T12:00+02:00"));
}
