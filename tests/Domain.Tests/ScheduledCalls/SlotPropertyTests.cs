using System.Text.Json;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Tests.Hours;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;

namespace ContactCenter.Domain.Tests.ScheduledCalls;

/// <summary>For all schedules, lengths and days around which clocks are changed (AHD-11).</summary>
public sealed class SlotPropertyTests
{
    private static readonly int[] Lengths = [5, 15, 20, 30, 45, 60, 90, 120, 240];

    [Fact]
    public void Slots_are_those_that_the_clock_watched_minute_by_minute_shows() => ForAny(80, (schedule, minutes, from, to) =>
    {
        var slots = CallSlots.Between(minutes, CompiledHours.Of(schedule), schedule.TimeZone, from, to);
        slots.Select(s => s.StartsAt.ToUniversalTime()).ShouldBe(Slow(schedule, minutes, from, to));
    });

    [Fact]
    public void Slots_are_whole_lie_in_one_open_stretch_and_never_overlap() => ForAny(150, (schedule, minutes, from, to) =>
    {
        var hours = CompiledHours.Of(schedule);
        var last = DateTimeOffset.MinValue;
        foreach (var slot in CallSlots.Between(minutes, hours, schedule.TimeZone, from, to))
        {
            (slot.EndsAt - slot.StartsAt).ShouldBe(TimeSpan.FromMinutes(minutes));
            (last <= slot.StartsAt && from <= slot.StartsAt && slot.StartsAt < to).ShouldBeTrue($"{slot.StartsAt:O}");
            (slot.StartsAt.TimeOfDay.Ticks % TimeSpan.FromMinutes(minutes).Ticks).ShouldBe(0);
            hours.OpenIntervals(slot.StartsAt, slot.EndsAt).ShouldBe([new OpenInterval(slot.StartsAt, slot.EndsAt)]);
            last = slot.EndsAt;
        }
    });

    [Fact]
    public void However_time_is_cut_the_same_slots_come_out() => ForAny(100, (schedule, minutes, from, to) =>
    {
        var hours = CompiledHours.Of(schedule);
        var cut = from.AddMinutes((to - from).TotalMinutes / 3);
        var whole = CallSlots.Between(minutes, hours, schedule.TimeZone, from, to);
        CallSlots.Between(minutes, hours, schedule.TimeZone, from, cut).Concat(CallSlots.Between(minutes, hours, schedule.TimeZone, cut, to)).ShouldBe(whole);
        var rules = ScheduledCallRules.Default with { Enabled = true, SlotMinutes = minutes, LeadMinutes = 0, DaysAhead = 60 };
        foreach (var slot in whole)
            CallSlots.Find(rules, hours, schedule.TimeZone, from.AddTicks(-1), slot.StartsAt).ShouldBe(slot);
        CallSlots.Find(rules, hours, schedule.TimeZone, from.AddTicks(-1), from.AddSeconds(7)).ShouldBeNull();
    });

    /// <summary>Beginnings by looking at the clock each minute.</summary>
    private static List<DateTimeOffset> Slow(HoursSchedule schedule, int minutes, DateTimeOffset from, DateTimeOffset to)
    {
        var zone = DateTimeZoneProviders.Tzdb[schedule.TimeZone];
        var hours = new SlowHours(schedule, Instant.FromDateTimeOffset(from), Instant.FromDateTimeOffset(to.AddDays(1)));
        List<DateTimeOffset> starts = [];
        for (var at = Instant.FromDateTimeOffset(from); at < Instant.FromDateTimeOffset(to); at += Duration.FromMinutes(1))
        {
            if (IsStep(at) && Enumerable.Range(1, minutes - 1).Select(m => at + Duration.FromMinutes(m)).Prepend(at).All(m => hours.IsOpen(m) && (m == at || !IsStep(m))))
                starts.Add(at.ToDateTimeOffset());
        }

        return starts;

        bool IsStep(Instant at)
        {
            var clock = at.InZone(zone).TimeOfDay;
            return ((clock.Hour * 60) + clock.Minute) % minutes == 0 && clock.Second == 0;
        }
    }

    private static void ForAny(int times, Action<HoursSchedule, int, DateTimeOffset, DateTimeOffset> property)
    {
        var any =
            from made in AnySchedule.WithADay
            from minutes in Gen.Elements(Lengths)
            select (made.Schedule, made.Day, minutes);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(times),
            Prop.ForAll(any.ToArbitrary(), made =>
            {
                try
                {
                    var from = new DateTimeOffset(made.Day, new TimeOnly(0, 0), TimeSpan.Zero);
                    property(made.Schedule, made.minutes, from, from.AddDays(3));
                }
                catch (Exception e)
                {
                    Assert.Fail($"{e.Message} {JsonSerializer.Serialize(made.Schedule)} by {made.minutes} on {made.Day:O}");
                }
            }));
    }
}
