using System.Text.Json;
using ContactCenter.Domain.Hours;
using FsCheck;
using FsCheck.Fluent;

namespace ContactCenter.Domain.Tests.Hours;

/// <summary>For all schedules and instants (AHD-1).</summary>
public sealed class HoursPropertyTests
{
    [Fact]
    public void Every_minute_is_as_the_clock_watched_minute_by_minute_says() => ForAnySchedule(120, (schedule, day) =>
        Timetable.AgreesEveryMinute(schedule, $"{day:O}", $"{day.AddDays(2):O}"));

    [Fact]
    public void What_is_listed_tiles_time_open_inside_and_closed_between() => ForAnySchedule(150, (schedule, day) =>
    {
        var hours = CompiledHours.Of(schedule);
        var (from, to) = Window(day, days: 40);
        var closedSince = from;
        foreach (var (opens, closes) in hours.OpenIntervals(from, to))
        {
            (opens < closes && closes <= to).ShouldBeTrue();
            (closedSince < opens || (closedSince == from && opens == from)).ShouldBeTrue("ordered, apart, and none touching the next");
            Throughout(closedSince, opens, hours, open: false);
            Throughout(opens, closes, hours, open: true);
            closedSince = closes;
        }

        Throughout(closedSince, to, hours, open: false);
    });

    [Fact]
    public void The_next_change_changes_and_none_comes_before_it() => ForAnySchedule(150, (schedule, day) =>
    {
        var hours = CompiledHours.Of(schedule);
        var (at, end) = Window(day, days: 30);
        while (hours.NextChange(at) is { } change && change < end)
        {
            change.ShouldBeGreaterThan(at);
            hours.IsOpen(change).ShouldBe(!hours.IsOpen(at));
            Throughout(at, change, hours, hours.IsOpen(at));
            at = change;
        }

        Throughout(at, end, hours, hours.IsOpen(at));
    });

    [Fact]
    public void The_next_opening_is_open_and_nothing_before_it_is() => ForAnySchedule(200, (schedule, day) =>
    {
        var hours = CompiledHours.Of(schedule);
        var (at, end) = Window(day, days: 30);
        var opening = hours.NextOpening(at);
        Throughout(at, opening < end ? opening.Value : end, hours, open: false);
        if (opening is { } open)
            hours.IsOpen(open).ShouldBeTrue();
    });

    [Fact]
    public void The_order_in_which_rules_were_written_down_decides_nothing() => ForAnySchedule(150, (schedule, day) =>
    {
        var (hours, turned) = (CompiledHours.Of(schedule), CompiledHours.Of(Turned(schedule)));
        var (from, to) = Window(day, days: 10);
        for (var at = from; at < to; at = at.AddMinutes(37))
        {
            var (one, other) = (hours.WhatApplies(at), turned.WhatApplies(at));
            (one.IsOpen, one.Date, one.Interval, one.Rule.Kind, one.Rule.Exception?.Name)
                .ShouldBe((other.IsOpen, other.Date, other.Interval, other.Rule.Kind, other.Rule.Exception?.Name));
        }
    });

    [Fact]
    public void An_instant_is_answered_alike_whatever_was_asked_before() => ForAnySchedule(50, (schedule, day) =>
    {
        var asked = CompiledHours.Of(schedule);
        var (from, to) = Window(day, days: 5);
        var backwards = Enumerable.Range(0, 100).Select(i => to.AddMinutes(-71 * i)).Where(t => t >= from).ToList();
        var answers = backwards.ToDictionary(t => t, asked.IsOpen);
        backwards.Reverse();
        foreach (var at in backwards)
            (asked.IsOpen(at), asked.WhatApplies(at).IsOpen, CompiledHours.Of(schedule).IsOpen(at)).ShouldBe((answers[at], answers[at], answers[at]));
    });

    private static void ForAnySchedule(int times, Action<HoursSchedule, DateOnly> property) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(times),
            Prop.ForAll(AnySchedule.WithADay.ToArbitrary(), made =>
            {
                try
                {
                    property(made.Schedule, made.Day);
                }
                catch (Exception e)
                {
                    Assert.Fail($"{e.Message} {JsonSerializer.Serialize(made.Schedule)} on {made.Day:O}");
                }
            }));

    private static (DateTimeOffset From, DateTimeOffset To) Window(DateOnly day, int days)
    {
        var from = new DateTimeOffset(day, new TimeOnly(3, 17), TimeSpan.Zero);
        return (from, from.AddDays(days));
    }

    private static void Throughout(DateTimeOffset from, DateTimeOffset to, CompiledHours hours, bool open)
    {
        for (var at = from; at < to; at = at.AddMinutes(13))
        {
            if (hours.IsOpen(at) != open)
                Assert.Fail($"{at:O} should be {(open ? "open" : "closed")}");
        }

        if (from < to && hours.IsOpen(to.AddTicks(-1)) != open)
            Assert.Fail($"the last moment before {to:O} should be {(open ? "open" : "closed")}");
    }

    private static HoursSchedule Turned(HoursSchedule schedule)
    {
        IReadOnlyList<HoursInterval> On(DayOfWeek day) => [.. schedule.Weekly.On(day).Reverse()];
        return schedule with
        {
            Weekly = new WeeklyHours(
                On(DayOfWeek.Monday), On(DayOfWeek.Tuesday), On(DayOfWeek.Wednesday), On(DayOfWeek.Thursday),
                On(DayOfWeek.Friday), On(DayOfWeek.Saturday), On(DayOfWeek.Sunday)),
            Exceptions = [.. schedule.Exceptions.Reverse().Select(e => e with { Intervals = [.. e.Intervals.Reverse()] })],
        };
    }
}
