using System.Text.Json;
using ContactCenter.Domain.Hours;
using static ContactCenter.Domain.Tests.Hours.Timetable;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>What may be stored, and what is refused by which rule, where.</summary>
public sealed class ScheduleTests
{
    private const string Zone = "Europe/Berlin";

    public static TheoryData<HoursSchedule, string, string> Refused => new()
    {
        { new HoursSchedule("Europe/Atlantis"), "timeZone", "zone_unknown" },
        { new HoursSchedule("europe/berlin"), "timeZone", "zone_unknown" },
        { new HoursSchedule("UTC+05:30"), "timeZone", "zone_unknown" },
        { new HoursSchedule(""), "timeZone", "zone_unknown" },
        { new HoursSchedule(null!), "timeZone", "zone_unknown" },
        { Week("09:00-17:00") with { Open24Hours = true }, "weekly", "weekly_beside_24_hours" },
        { Week("09:00-12:00 9am00-17:00"), "weekly.monday[1].opens", "time_malformed" },
        { Week("24:00-02:00"), "weekly.monday[0].opens", "time_malformed" },
        { Week("09:00-12:60"), "weekly.monday[0].closes", "time_malformed" },
        { Week("09:00-24:01"), "weekly.monday[0].closes", "time_malformed" },
        { Week("09:00-29:00"), "weekly.monday[0].closes", "time_malformed" },
        { new HoursSchedule(Zone, Weekly: new WeeklyHours(Monday: [new("9:00", "17:00")])), "weekly.monday[0].opens", "time_malformed" },
        { new HoursSchedule(Zone, Weekly: new WeeklyHours(Monday: [new("09:00", null!)])), "weekly.monday[0].closes", "time_malformed" },
        { Week("09:00-09:00"), "weekly.monday[0].closes", "interval_empty" },
        { Week("00:00-00:00"), "weekly.monday[0].closes", "interval_empty" },
        { Week("13:00-17:00 09:00-13:01"), "weekly.monday[0].opens", "intervals_overlap" },
        { Week("00:00-24:00 09:00-10:00"), "weekly.monday[1].opens", "intervals_overlap" },
        { Week("09:00-10:00 22:00-06:00", tuesday: "05:59-07:00"), "weekly.monday[1].closes", "overlaps_next_day" },
        { new HoursSchedule(Zone, Weekly: new WeeklyHours(Sunday: Intervals("22:00-06:00"), Monday: Intervals("05:00-08:00"))), "weekly.sunday[0].closes", "overlaps_next_day" },
        { Week(string.Join(' ', Enumerable.Range(1, 21).Select(h => $"{h:00}:00-{h:00}:30"))), "weekly.monday", "too_many_intervals" },
        { With(Holiday("", "2026-01-01")), "exceptions[0].name", "name_needed" },
        { With(Holiday(new string('x', 101), "2026-01-01")), "exceptions[0].name", "name_needed" },
        { With(Holiday("Past", "2026-01-01"), Holiday("Backwards", "2026-02-02", "2026-02-01")), "exceptions[1].from", "dates_reversed" },
        { With(Holiday("Antiquity", "1066-10-14", "2026-01-01")), "exceptions[0].from", "date_out_of_range" },
        { With(Holiday("For ever", "2026-01-01", "9999-12-31")), "exceptions[0].to", "date_out_of_range" },
        { With(Holiday("Leap day", "2028-02-29", "2028-03-01", yearly: true)), "exceptions[0].from", "yearly_leap_day" },
        { With(Holiday("Leap days", "2028-02-27", "2028-02-29", yearly: true)), "exceptions[0].to", "yearly_leap_day" },
        { With(Holiday("Long", "2026-01-01", "2027-01-01", yearly: true)), "exceptions[0].to", "yearly_too_long" },
        { With(new ExceptionalHours("Both", Date("2026-01-01"), Date("2026-01-01"), Closed: true, Intervals: Intervals("09:00-10:00"))), "exceptions[0].intervals", "closed_with_intervals" },
        { With(new ExceptionalHours("Neither", Date("2026-01-01"), Date("2026-01-01"))), "exceptions[0].intervals", "hours_needed" },
        { With(Other("Broken", "09:00-08:61", "2026-01-01")), "exceptions[0].intervals[0].closes", "time_malformed" },
        { With(Other("Overlap", "09:00-12:00 11:00-13:00", "2026-01-01")), "exceptions[0].intervals[1].opens", "intervals_overlap" },
        { With(Other("Nights", "05:00-12:00 22:00-06:00", "2026-01-01", "2026-01-02")), "exceptions[0].intervals[1].closes", "overlaps_next_day" },
        { With(Holiday("Closed", "2026-01-01", "2026-01-05"), Other("Open", "09:00-10:00", "2026-01-05")), "exceptions[1].from", "date_claimed_twice" },
        { With(Holiday("New Year", "2026-12-31", "2027-01-01", yearly: true), Other("Sale", "09:00-10:00", "2030-01-01", yearly: true)), "exceptions[1].from", "date_claimed_twice" },
        { With([.. Enumerable.Range(0, 401).Select(i => Holiday("Day", $"{Date("2026-01-01").AddDays(i):O}"))]), "exceptions", "too_many_exceptions" },
        { With(null!, Holiday("New Year", "2026-01-01")), "exceptions[0]", "exception_missing" },
    };

    public static TheoryData<HoursSchedule> Accepted =>
    [
        new HoursSchedule(Zone),
        new HoursSchedule("US/Eastern", Open24Hours: true),
        Week("09:00-12:00 12:00-17:00"),
        Week("22:00-06:00", tuesday: "06:00-08:00"),
        Week("00:00-24:00", tuesday: "00:00-24:00"),
        With(Holiday("Leap day", "2028-02-29")),
        With(Other("One night", "05:00-12:00 22:00-06:00", "2026-01-01")),
        With(Holiday("Company holidays", "2026-12-21", "2027-01-03"), Holiday("Christmas", "2026-12-25")),
        With(Other("A", "09:00-10:00 11:00-12:00", "2026-01-01"), Other("B", "11:00-12:00 09:00-10:00", "2026-01-01")),
        With(Holiday("Epiphany", "2026-01-06", yearly: true), Other("Open this year", "09:00-10:00", "2027-01-06")),
        With(Holiday("Year's end", "2026-12-31", yearly: true), Other("Sale", "09:00-10:00", "2026-01-01", yearly: true)),
        With([.. Enumerable.Range(0, 400).Select(i => Holiday("Day", $"{Date("2026-01-01").AddDays(i):O}"))]),
    ];

    [Theory, MemberData(nameof(Refused))]
    public void What_cannot_be_carried_out_is_refused_where_it_stands(HoursSchedule schedule, string path, string rule)
    {
        var fault = HoursValidation.Faults(schedule).ShouldHaveSingleItem();
        (fault.Path, fault.Rule).ShouldBe((path, rule));
    }

    [Theory, MemberData(nameof(Accepted))]
    public void What_can_be_carried_out_is_accepted_and_answers(HoursSchedule schedule)
    {
        HoursValidation.WhyNot(schedule).ShouldBeNull();
        CompiledHours.Of(schedule).WhatApplies(At("2026-01-01T12:00Z")).Rule.ShouldNotBeNull();
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_and_under_the_field_s_whole_path()
    {
        var refused = HoursValidation.WhyNot(Week("09:00-09:00 10:00-26:00") with { TimeZone = "Mars" }, prefix: "hours.").ShouldNotBeNull();
        refused.Fields.Keys.ShouldBe(["hours.timeZone", "hours.weekly.monday[0].closes", "hours.weekly.monday[1].closes"]);
    }

    [Fact]
    public void Schedules_are_compared_by_value_down_to_the_last_minute()
    {
        HoursSchedule Made(string closes = "17:00") =>
            Daily(Zone, $"09:00-{closes}", Other("Fair", "10:00-12:00", "2026-05-01"), Holiday("Christmas", "2026-12-25", yearly: true));

        Made().ShouldBe(Made());
        Made().GetHashCode().ShouldBe(Made().GetHashCode());
        Made().ShouldNotBe(Made("17:01"));
        Made().ShouldNotBe(Made() with { Exceptions = [] });
        Made().ShouldNotBe(Made() with { Weekly = WeeklyHours.Closed });
    }

    [Fact]
    public void A_schedule_is_plain_JSON_and_comes_back_the_same()
    {
        var web = new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
        const string Written = """
            {"timeZone":"Europe/Berlin","weekly":{"monday":[{"opens":"09:00","closes":"24:00"}]},
             "exceptions":[{"name":"Christmas","from":"2026-12-24","to":"2026-12-26","yearly":true,"closed":true}]}
            """;
        var read = JsonSerializer.Deserialize<HoursSchedule>(Written, web).ShouldNotBeNull();
        read.ShouldBe(new HoursSchedule(
            Zone, Weekly: new WeeklyHours(Monday: Intervals("09:00-24:00")), Exceptions: [Holiday("Christmas", "2026-12-24", "2026-12-26", yearly: true)]));
        JsonSerializer.Deserialize<HoursSchedule>(JsonSerializer.Serialize(read, web), web).ShouldBe(read);
    }

    [Fact]
    public void The_edition_of_the_zone_data_is_told() => HoursZones.DataVersion.ShouldMatch(@"^TZDB: 20\d\d[a-z]");

    private static HoursSchedule Week(string monday, string tuesday = "") =>
        new(Zone, Weekly: new WeeklyHours(Monday: Intervals(monday), Tuesday: Intervals(tuesday)));

    private static HoursSchedule With(params ExceptionalHours[] exceptions) => new(Zone, Exceptions: exceptions);
}
