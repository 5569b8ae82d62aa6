using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Tests.Hours.Timetable;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>What users of other contact centers ran into with their hours, each as the trouble it was.</summary>
public sealed class PainPointTests
{
    [Fact]
    public void Split_shifts_close_over_lunch_and_open_again() =>
        Open(Daily("America/Sao_Paulo", "08:00-12:00 13:30-18:00 19:00-21:00"), "2026-06-01", "2026-06-01").ShouldBe(
            """
            06-01T08:00-03:00 → 06-01T12:00-03:00
            06-01T13:30-03:00 → 06-01T18:00-03:00
            06-01T19:00-03:00 → 06-01T21:00-03:00
            """);

    [Fact]
    public void A_night_shift_needs_no_fake_time_zone() =>
        Open(new HoursSchedule("Asia/Kathmandu", Weekly: new WeeklyHours(Sunday: Intervals("20:00-04:00"))), "2026-06-01", "2026-06-08").ShouldBe(
            "06-01T00:00+05:45 → 06-01T04:00+05:45\n06-07T20:00+05:45 → 06-08T04:00+05:45");

    [Fact]
    public void Closing_at_midnight_is_midnight_and_not_a_minute_before()
    {
        var hours = CompiledHours.Of(Daily("Europe/Berlin", "18:00-24:00"));
        hours.IsOpen(At("2026-06-01T23:59:59.9999999+02:00")).ShouldBeTrue();
        hours.IsOpen(At("2026-06-02T00:00:00+02:00")).ShouldBeFalse();
    }

    [Fact]
    public void Two_shifts_that_meet_are_open_without_a_gap() =>
        Open(Daily("Europe/Berlin", "06:00-14:00 14:00-22:00"), "2026-06-01", "2026-06-01").ShouldBe("06-01T06:00+02:00 → 06-01T22:00+02:00");

    [Fact]
    public void Holidays_are_entered_once_and_close_every_year()
    {
        var hours = CompiledHours.Of(Daily("America/New_York", "09:00-17:00", Holiday("Independence Day", "2026-07-04", yearly: true)));
        foreach (var year in Enumerable.Range(2026, 30))
        {
            hours.IsOpen(At($"{year}-07-03T12:00-04:00")).ShouldBeTrue();
            hours.IsOpen(At($"{year}-07-04T12:00-04:00")).ShouldBeFalse();
        }
    }

    [Fact]
    public void Nobody_is_an_hour_off_when_the_clock_is_changed()
    {
        var hours = CompiledHours.Of(Daily("Europe/Berlin", "09:00-17:00"));
        foreach (var opened in hours.OpenIntervals(At("2026-01-01T00:00+01:00"), At("2028-01-01T00:00+01:00")))
        {
            (opened.Opens.TimeOfDay, opened.Closes.TimeOfDay).ShouldBe((TimeSpan.FromHours(9), TimeSpan.FromHours(17)));
            (opened.Closes - opened.Opens).ShouldBe(TimeSpan.FromHours(8));
        }
    }

    [Fact]
    public void The_day_asked_about_decides_and_not_the_day_of_asking()
    {
        var hours = CompiledHours.Of(new HoursSchedule("Europe/Berlin", Weekly: new WeeklyHours(Wednesday: Intervals("09:00-17:00"))));
        var asked = new[] { "2026-06-03T12:00+02:00", "2026-06-02T12:00+02:00", "2031-06-04T12:00+02:00", "1999-06-02T12:00+02:00" };
        asked.Select(at => hours.IsOpen(At(at))).ShouldBe([true, false, true, true]);
    }

    [Fact]
    public void Hours_do_not_depend_on_who_is_signed_in()
    {
        // No name of a person's presence can be given: the question takes an instant or a date, and nothing else.
        var asking = typeof(CompiledHours).GetMethods().Where(m => m.DeclaringType == typeof(CompiledHours) && !m.IsSpecialName && !m.IsStatic);
        asking.SelectMany(m => m.GetParameters()).Select(p => p.ParameterType).Distinct()
            .ShouldBe([typeof(DateTimeOffset), typeof(DateOnly)], ignoreOrder: true);
    }

    [Fact]
    public void An_answer_is_never_stale_because_nothing_is_remembered_between_questions()
    {
        var hours = CompiledHours.Of(Daily("Europe/Berlin", "09:00-17:00"));
        hours.IsOpen(At("2026-06-01T08:59:59+02:00")).ShouldBeFalse();
        hours.IsOpen(At("2026-06-01T09:00+02:00")).ShouldBeTrue();
        hours.IsOpen(At("2026-06-01T08:59:59+02:00")).ShouldBeFalse();
    }

    [Fact]
    public void Asking_whether_it_is_open_allocates_nothing()
    {
        var holidays = Enumerable.Range(1, 9).Select(m => Holiday($"Holiday {m}", $"2026-0{m}-10", yearly: m % 2 == 0)).Append(Other("Fair", "08:00-23:00", "2026-10-25"));
        var hours = CompiledHours.Of(Daily("Europe/Berlin", "06:00-12:00 13:00-18:00 22:00-02:00", [.. holidays]));
        var first = At("2026-01-01T00:00Z");
        Ask(hours, first).ShouldBeGreaterThan(0);

        // The zone's own cache is shared with the other tests, which may push out what was there: then it is filled again.
        Enumerable.Range(0, 10_000).Any(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Ask(hours, first);
            return GC.GetAllocatedBytesForCurrentThread() == before;
        }).ShouldBeTrue();
    }

    [Fact]
    public void Whether_it_ever_closes_is_found_out_once_whatever_it_takes()
    {
        // Open around the clock, with exceptions: every date up to the last of them has to be looked at.
        var hours = CompiledHours.Of(new HoursSchedule("Europe/Berlin", Open24Hours: true, Exceptions: [Other("Fair", "00:00-24:00", "2026-10-25")]));
        hours.IsAlwaysOpen.ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        hours.IsAlwaysOpen.ShouldBeTrue();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
        CompiledHours.Of(new HoursSchedule("Europe/Berlin", Open24Hours: true, Exceptions: [Holiday("Christmas", "2099-12-25")])).IsAlwaysOpen.ShouldBeFalse();
    }

    [Fact]
    public void The_most_specific_hours_that_are_set_apply_alone()
    {
        var (own, other, since) = (Spec.Id(1), Spec.Id(2), At("2026-01-01T00:00:00Z"));
        var closed = Daily("Asia/Kathmandu", "");
        var all = new HoursOfOperation(Daily("Europe/Berlin", "09:00-17:00"), [new(Channel.Ivr, closed)], [new("de", closed)]);
        var center = CenterConfiguration.Initial.Apply(new HoursOfOperationSet(all, since)).Apply(new QueueHoursSet(own, closed, since));
        LevelOf(own, Channel.Ivr, "de").ShouldBe(Rule.QueueHours);
        LevelOf(other, Channel.Ivr, "de").ShouldBe(Rule.ChannelHours);
        LevelOf(other, Channel.Web, "de-AT").ShouldBe(Rule.LanguageHours);
        LevelOf(other, Channel.Web, "fr").ShouldBe(Rule.GlobalHours);
        center.HoursOf(other, Channel.Web, "fr").Hours!.Schedule.ShouldBe(all.Global);

        Rule LevelOf(Guid queueId, Channel channel, string language) => center.HoursOf(queueId, channel, language).Level;
    }

    // A year, so that both changes of the clock are asked about.
    private static int Ask(CompiledHours hours, DateTimeOffset first)
    {
        var open = 0;
        for (var hour = 0; hour < 366 * 24; hour++)
        {
            var at = first.AddHours(hour);
            open += hours.IsOpen(at) && hours.WhatApplies(at).IsOpen ? 1 : 0;
        }

        return open;
    }
}
