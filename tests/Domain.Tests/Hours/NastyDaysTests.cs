using ContactCenter.Domain.Hours;
using static ContactCenter.Domain.Tests.Hours.Timetable;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>The days on which a zone's clock is changed, as tables: what is open, in the clock's own words (ADR 0031).</summary>
public sealed class NastyDaysTests
{
    /// <summary>Zone, daily hours, date, and what is open on that date.</summary>
    public static TheoryData<string, string, string, string> Changes => new()
    {
        // Berlin skips 02:00 to 03:00.
        { "Europe/Berlin", "09:00-17:00", "2026-03-29", "03-29T09:00+02:00 → 03-29T17:00+02:00" },
        { "Europe/Berlin", "02:30-06:00", "2026-03-29", "03-29T03:00+02:00 → 03-29T06:00+02:00" },
        { "Europe/Berlin", "01:00-02:30", "2026-03-29", "03-29T01:00+01:00 → 03-29T03:00+02:00" },
        { "Europe/Berlin", "02:15-02:45", "2026-03-29", "" },
        { "Europe/Berlin", "02:00-03:00", "2026-03-29", "" },
        { "Europe/Berlin", "00:00-24:00", "2026-03-29", "03-29T00:00+01:00 → 03-30T00:00+02:00" },

        // Berlin has 02:00 to 03:00 twice.
        { "Europe/Berlin", "09:00-17:00", "2026-10-25", "10-25T09:00+01:00 → 10-25T17:00+01:00" },
        { "Europe/Berlin", "02:30-06:00", "2026-10-25", "10-25T02:30+02:00 → 10-25T06:00+01:00" },
        { "Europe/Berlin", "01:00-02:30", "2026-10-25", "10-25T01:00+02:00 → 10-25T02:30+01:00" },
        { "Europe/Berlin", "02:15-02:45", "2026-10-25", "10-25T02:15+02:00 → 10-25T02:45+01:00" },
        { "Europe/Berlin", "01:00-02:00", "2026-10-25", "10-25T01:00+02:00 → 10-25T02:00+02:00" },
        { "Europe/Berlin", "03:00-04:00", "2026-10-25", "10-25T03:00+01:00 → 10-25T04:00+01:00" },
        { "Europe/Berlin", "01:00-03:00", "2026-10-25", "10-25T01:00+02:00 → 10-25T03:00+01:00" },
        { "Europe/Berlin", "00:00-24:00", "2026-10-25", "10-25T00:00+02:00 → 10-26T00:00+01:00" },

        { "America/New_York", "01:30-02:30", "2026-03-08", "03-08T01:30-05:00 → 03-08T03:00-04:00" },
        { "America/New_York", "01:30-02:30", "2026-11-01", "11-01T01:30-04:00 → 11-01T02:30-05:00" },

        // São Paulo skipped midnight itself, and later had the last hour of a Saturday twice.
        { "America/Sao_Paulo", "00:00-08:00", "2018-11-04", "11-04T01:00-02:00 → 11-04T08:00-02:00" },
        { "America/Sao_Paulo", "00:00-24:00", "2018-11-04", "11-04T01:00-02:00 → 11-05T00:00-02:00" },
        { "America/Sao_Paulo", "23:30-24:00", "2018-02-17", "02-17T23:30-02:00 → 02-18T00:00-03:00" },
        { "America/Sao_Paulo", "09:00-23:15", "2018-02-17", "02-17T09:00-02:00 → 02-17T23:15-03:00" },

        // Lord Howe changes by half an hour.
        { "Australia/Lord_Howe", "02:15-05:00", "2026-10-04", "10-04T02:30+11:00 → 10-04T05:00+11:00" },
        { "Australia/Lord_Howe", "01:45-05:00", "2026-04-05", "04-05T01:45+11:00 → 04-05T05:00+10:30" },
        { "Australia/Lord_Howe", "00:00-01:45", "2026-04-05", "04-05T00:00+11:00 → 04-05T01:45+10:30" },

        // Kathmandu is never a whole hour away, and moved to 05:45 at New Year 1986.
        { "Asia/Kathmandu", "09:00-17:00", "2026-07-01", "07-01T09:00+05:45 → 07-01T17:00+05:45" },
        { "Asia/Kathmandu", "00:00-01:00", "1986-01-01", "01-01T00:15+05:45 → 01-01T01:00+05:45" },

        // Casablanca leaves summer time for Ramadan, on a Sunday of the moon's choosing: 2024-03-10 to 2024-04-14.
        { "Africa/Casablanca", "02:30-08:00", "2024-03-10", "03-10T02:30+01:00 → 03-10T08:00+00:00" },
        { "Africa/Casablanca", "09:00-17:00", "2024-03-20", "03-20T09:00+00:00 → 03-20T17:00+00:00" },
        { "Africa/Casablanca", "02:30-08:00", "2024-04-14", "04-14T03:00+01:00 → 04-14T08:00+01:00" },
        { "Africa/Casablanca", "09:00-17:00", "2024-04-15", "04-15T09:00+01:00 → 04-15T17:00+01:00" },

        // St. John's went back at one past midnight, into the day before.
        { "America/St_Johns", "00:00-01:00", "2010-11-07", "11-07T00:00-02:30 → 11-07T01:00-03:30" },

        { "Europe/Berlin", "09:00-17:00", "2028-02-29", "02-29T09:00+01:00 → 02-29T17:00+01:00" },
        { "Europe/Berlin", "18:00-24:00", "2028-02-29", "02-29T18:00+01:00 → 03-01T00:00+01:00" },
        { "Europe/Berlin", "18:00-00:00", "2028-02-29", "02-29T18:00+01:00 → 03-01T00:00+01:00" },
    };

    public static TheoryData<string, string> Dates => new()
    {
        { "Europe/Berlin", "2026-03-29" }, { "Europe/Berlin", "2026-10-25" },
        { "America/New_York", "2026-03-08" }, { "America/New_York", "2026-11-01" },
        { "America/Sao_Paulo", "2018-11-04" }, { "America/Sao_Paulo", "2018-02-18" },
        { "Australia/Lord_Howe", "2026-04-05" }, { "Australia/Lord_Howe", "2026-10-04" },
        { "Asia/Kathmandu", "1986-01-01" }, { "Pacific/Apia", "2011-12-30" },
        { "Africa/Casablanca", "2024-03-10" }, { "Africa/Casablanca", "2024-04-14" },
        { "America/St_Johns", "2010-11-07" }, { "America/Nuuk", "2024-03-30" }, { "Europe/Berlin", "2028-02-29" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void On_a_day_the_clock_is_changed_an_interval_is_one_stretch(string zone, string hours, string date, string open) =>
        Open(Daily(zone, hours), date, date).ShouldBe(open);

    [Theory, MemberData(nameof(Dates))]
    public void On_such_a_day_every_minute_is_as_the_clock_watched_minute_by_minute_says(string zone, string date)
    {
        var (before, after) = ($"{Date(date).AddDays(-2):O}", $"{Date(date).AddDays(2):O}");
        foreach (var hours in new[] { "00:00-24:00", "22:00-06:00", "00:00-00:30 02:15-02:45 23:45-00:00", "23:30-02:30 03:00-23:15" })
        {
            AgreesEveryMinute(Daily(zone, hours), before, after);
            AgreesEveryMinute(Daily(zone, hours, Holiday("That day", date)), before, after);
            AgreesEveryMinute(Daily(zone, hours, Other("That day", "01:30-02:30 23:00-03:00", date)), before, after);
            AgreesEveryMinute(Daily(zone, hours, Other("All those days", "02:30-03:30 22:30-01:30", before, after)), before, after);
        }
    }

    [Fact]
    public void Samoa_left_out_a_Friday_and_nothing_of_that_Friday_is_open()
    {
        Open(Daily("Pacific/Apia", "09:00-17:00"), "2011-12-29", "2011-12-31").ShouldBe(
            "12-29T09:00-10:00 → 12-29T17:00-10:00\n12-31T09:00+14:00 → 12-31T17:00+14:00");
        Open(new HoursSchedule("Pacific/Apia", Weekly: new WeeklyHours(Friday: Intervals("09:00-17:00 22:00-06:00"))), "2011-12-29", "2012-01-01").ShouldBe("");
        Open(Daily("Pacific/Apia", ""), "2011-12-29", "2011-12-31").ShouldBe("");
    }

    [Fact]
    public void The_night_before_the_day_Samoa_left_out_ends_with_its_own_day() =>
        Open(new HoursSchedule("Pacific/Apia", Weekly: new WeeklyHours(Thursday: Intervals("22:00-06:00"))), "2011-12-29", "2012-01-01").ShouldBe(
            "12-29T22:00-10:00 → 12-31T00:00+14:00");

    [Fact]
    public void Around_the_clock_stays_open_across_the_day_Samoa_left_out() =>
        Open(new HoursSchedule("Pacific/Apia", Open24Hours: true), "2011-12-29", "2011-12-31").ShouldBe("12-29T00:00-10:00 → 01-01T00:00+14:00");

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-03-30", 24)]
    [InlineData("2026-10-25", 25)]
    public void A_whole_day_has_as_many_hours_as_the_clock_gives_it(string date, int hours)
    {
        var holiday = new HoursSchedule("Europe/Berlin", Exceptions: [Other("Open all day", "00:00-24:00", date)]);
        var day = CompiledHours.Of(holiday).OpenIntervals(At("2026-01-01T00:00Z"), At("2027-01-01T00:00Z")).ShouldHaveSingleItem();
        (day.Closes - day.Opens).ShouldBe(TimeSpan.FromHours(hours));
    }

    [Fact]
    public void A_break_that_the_clock_shows_twice_is_no_break() =>
        Open(Daily("Europe/Berlin", "01:00-02:15 02:45-05:00"), "2026-10-25", "2026-10-25").ShouldBe("10-25T01:00+02:00 → 10-25T05:00+01:00");

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29", "03-29T03:00+02:00 → 03-29T04:00+02:00")]
    [InlineData("Europe/Berlin", "2026-10-25", "10-25T02:30+02:00 → 10-25T04:00+01:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04", "11-04T02:30-02:00 → 11-04T04:00-02:00")]
    [InlineData("Pacific/Apia", "2011-12-30", "")]
    [InlineData("Africa/Casablanca", "2024-04-14", "04-14T03:00+01:00 → 04-14T04:00+01:00")]
    [InlineData("Europe/Berlin", "2028-02-29", "02-29T02:30+01:00 → 02-29T04:00+01:00")]
    public void An_exception_on_such_a_day_is_read_on_the_same_clock(string zone, string date, string open) =>
        Open(new HoursSchedule(zone, Exceptions: [Other("Maintenance", "02:30-04:00", date)]), "2010-01-01", "2030-01-01").ShouldBe(open);
}
