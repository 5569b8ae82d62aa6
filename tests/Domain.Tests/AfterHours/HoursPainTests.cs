using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Tests.AfterHours.Desk;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>Troubles that users of other products report, each as it would show in a decision.</summary>
public sealed class HoursPainTests
{
    [Theory]
    [InlineData("2026-11-20T11:59:00+01:00", true)]
    [InlineData("2026-11-20T12:30:00+01:00", false)]
    [InlineData("2026-11-20T14:00:00+01:00", true)]
    [InlineData("2026-11-20T22:00:00+01:00", true)]
    [InlineData("2026-11-21T01:59:00+01:00", true)]
    [InlineData("2026-11-21T02:00:00+01:00", false)]
    [InlineData("2026-12-25T14:00:00+01:00", false)]
    public void Split_shifts_nights_and_holidays_need_no_made_up_time_zone(string at, bool open)
    {
        HoursInterval[] day = [new("08:00", "12:00"), new("13:00", "17:00"), new("20:00", "02:00")];
        var hours = new HoursSchedule(
            "Europe/Berlin", Weekly: new WeeklyHours(day, day, day, day, day),
            Exceptions: [new ExceptionalHours("Christmas", new DateOnly(2020, 12, 25), new DateOnly(2020, 12, 26), Yearly: true, Closed: true)]);
        RouteAt(hours, at).ShouldBe(open ? Route.Queue : Route.MessageOnly);
    }

    [Theory]
    [InlineData("2026-10-23T06:59:59Z", false)] // Summer time: nine o'clock is seven, UTC.
    [InlineData("2026-10-23T07:00:00Z", true)]
    [InlineData("2026-10-26T07:30:00Z", false)] // Winter time since Sunday: nine o'clock is eight.
    [InlineData("2026-10-26T08:00:00Z", true)]
    [InlineData("2026-10-26T15:59:59Z", true)]
    [InlineData("2026-10-26T16:00:00Z", false)]
    public void A_queue_is_not_an_hour_off_after_the_clocks_change(string at, bool open) =>
        RouteAt(Weekdays("09:00", "17:00", "Europe/Berlin"), at).ShouldBe(open ? Route.Queue : Route.MessageOnly);

    [Fact]
    public void An_absent_team_never_closes_a_queue_and_a_present_one_never_opens_it()
    {
        var desk = Usual().Calls();
        var queue = desk.Queue(Channel.Ivr);
        foreach (var member in Enumerable.Range(1, 3).Select(Spec.Id))
        {
            desk.Decide(SessionKind.Call, queue, Open).Route.ShouldBe(Route.Queue);
            desk.Decide(SessionKind.Call, queue, Closed).Route.ShouldBe(Route.MessageOnly);
            desk.With(new QueueMemberAdded(queue, member, Spec.T0));
        }
    }

    private static Route RouteAt(HoursSchedule hours, string at)
    {
        var desk = Usual().Calls();
        return desk.Decide(SessionKind.Call, desk.Queue(Channel.Ivr, hours), DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)).Route;
    }
}
