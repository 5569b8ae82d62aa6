using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using static ContactCenter.Domain.Tests.Hours.Timetable;

namespace ContactCenter.Domain.Tests.ScheduledCalls;

/// <summary>The days on which a zone's clock is changed, as tables: which slots there are, in the clock's own words (ADR 0038).</summary>
public sealed class NastySlotsTests
{
    /// <summary>Zone, daily hours, length, date, and the beginnings on that date.</summary>
    public static TheoryData<string, string, int, string, string> Days => new()
    {
        // An ordinary day: what does not fit whole before closing is left out.
        { "Europe/Berlin", "09:00-10:20", 30, "2026-11-24", "09:00+01:00 09:30+01:00" },
        { "Europe/Berlin", "09:10-10:20", 30, "2026-11-24", "09:30+01:00" },
        { "Europe/Berlin", "09:00-10:00 10:15-11:00", 30, "2026-11-24", "09:00+01:00 09:30+01:00 10:30+01:00" },
        { "Europe/Berlin", "09:00-09:20", 30, "2026-11-24", "" },

        // Berlin skips 02:00 to 03:00: no slot begins there, and one that would run into it is followed at once by 03:00.
        { "Europe/Berlin", "01:00-04:00", 30, "2026-03-29", "01:00+01:00 01:30+01:00 03:00+02:00 03:30+02:00" },
        { "Europe/Berlin", "02:00-03:00", 30, "2026-03-29", "" },
        { "Europe/Berlin", "01:00-05:00", 60, "2026-03-29", "01:00+01:00 03:00+02:00 04:00+02:00" },

        // Where less than a slot's length is left before the next step, there is none: it would overlap.
        { "Europe/Berlin", "00:00-06:00", 90, "2026-03-29", "00:00+01:00 03:00+02:00 04:30+02:00" },
        { "Europe/Berlin", "00:00-24:00", 240, "2026-03-29", "04:00+02:00 08:00+02:00 12:00+02:00 16:00+02:00 20:00+02:00" },

        // Berlin has 02:00 to 03:00 twice: the same words, two instants.
        { "Europe/Berlin", "01:30-03:30", 30, "2026-10-25", "01:30+02:00 02:00+02:00 02:30+02:00 02:00+01:00 02:30+01:00 03:00+01:00" },
        { "Europe/Berlin", "02:00-03:00", 60, "2026-10-25", "02:00+02:00 02:00+01:00" },

        // Lord Howe changes by half an hour.
        { "Australia/Lord_Howe", "01:00-04:00", 30, "2026-10-04", "01:00+10:30 01:30+10:30 02:30+11:00 03:00+11:00 03:30+11:00" },
        { "Australia/Lord_Howe", "01:00-04:00", 60, "2026-10-04", "01:00+10:30 03:00+11:00" },
        { "Australia/Lord_Howe", "01:00-03:00", 30, "2026-04-05", "01:00+11:00 01:30+11:00 01:30+10:30 02:00+10:30 02:30+10:30" },

        // Kathmandu is never a whole hour away: steps are the wall clock's.
        { "Asia/Kathmandu", "09:00-10:30", 30, "2026-11-24", "09:00+05:45 09:30+05:45 10:00+05:45" },

        // São Paulo skipped midnight itself; Samoa a whole day.
        { "America/Sao_Paulo", "00:00-02:00", 30, "2018-11-04", "01:00-02:00 01:30-02:00" },
        { "Pacific/Apia", "09:00-10:00", 30, "2011-12-30", "" },
    };

    [Theory, MemberData(nameof(Days))]
    public void A_day_has_these_slots(string zone, string hours, int minutes, string date, string expected)
    {
        var (from, to) = (At($"{date}T00:00Z").AddDays(-1), At($"{date}T00:00Z").AddDays(2));
        var slots = CallSlots.Between(minutes, CompiledHours.Of(Daily(zone, hours)), zone, from, to);
        string.Join(' ', slots.Where(s => $"{s.StartsAt:yyyy-MM-dd}" == date).Select(s => $"{s.StartsAt:HH:mmzzz}")).ShouldBe(expected);
    }

    [Fact]
    public void A_holiday_has_none_and_a_night_is_one_stretch()
    {
        var nights = CompiledHours.Of(Daily("Europe/Berlin", "23:00-01:00", Holiday("Christmas", "2026-12-25")));
        string.Join(' ', CallSlots.Between(30, nights, "Europe/Berlin", At("2026-12-23T22:30+01:00"), At("2026-12-26T23:30+01:00"))
            .Select(s => $"{s.StartsAt:ddTHH:mm}"))
            .ShouldBe("23T23:00 23T23:30 24T00:00 24T00:30 24T23:00 24T23:30 26T23:00");
    }

    [Fact]
    public void Without_hours_every_step_of_the_centers_clock_is_one() =>
        CallSlots.Between(240, hours: null, "Etc/UTC", At("2026-11-24T00:00Z"), At("2026-11-25T00:00Z")).Count.ShouldBe(6);

    [Fact]
    public void What_begins_too_soon_or_too_far_ahead_cannot_be_booked()
    {
        var rules = ScheduledCallRules.Default with { Enabled = true, SlotMinutes = 30, LeadMinutes = 15, DaysAhead = 1 };
        var now = At("2026-11-24T10:00Z");
        var slots = CallSlots.Bookable(rules, hours: null, "Etc/UTC", now, now.AddDays(-3), now.AddDays(30));
        (slots[0].StartsAt, slots[^1].StartsAt).ShouldBe((At("2026-11-24T10:30Z"), At("2026-11-25T09:30Z")));
        CallSlots.Find(rules, hours: null, "Etc/UTC", At("2026-11-24T10:15Z"), At("2026-11-24T10:30Z")).ShouldNotBeNull();
        CallSlots.Find(rules, hours: null, "Etc/UTC", At("2026-11-24T10:16Z"), At("2026-11-24T10:30Z")).ShouldBeNull();
        CallSlots.Find(rules with { LeadMinutes = 0 }, hours: null, "Etc/UTC", now, now).ShouldBeNull();
        CallSlots.Find(rules, hours: null, "Etc/UTC", now, At("2026-11-24T11:10Z")).ShouldBeNull();
    }

    [Fact]
    public void Seven_days_from_now_are_looked_at_unless_others_are_asked_for_and_fourteen_at_most()
    {
        var now = At("2026-11-24T10:00Z");
        CallSlots.Asked(from: null, to: null, now).ShouldBe((now, now.AddDays(7)));
        CallSlots.Asked(now.AddDays(1), to: null, now).ShouldBe((now.AddDays(1), now.AddDays(8)));
        CallSlots.Asked(from: null, now.AddDays(14), now).ShouldBe((now, now.AddDays(14)));
        CallSlots.Asked(from: null, now.AddDays(14).AddTicks(1), now).ShouldBeNull();
        CallSlots.Asked(now.AddDays(1), now.AddDays(1), now).ShouldBeNull();
    }
}
