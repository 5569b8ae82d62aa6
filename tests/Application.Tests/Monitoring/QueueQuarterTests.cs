using ContactCenter.Application.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Monitoring;

/// <summary>Both definitions of service level, on the same day.</summary>
public sealed class QueueQuarterTests
{
    private static readonly Guid Queue = Guid.Parse("00000000-0000-7000-8000-0000000000aa");
    private static readonly DateTimeOffset At = new(2026, 11, 20, 9, 7, 0, TimeSpan.Zero);

    [Fact]
    public void The_two_definitions_differ_by_those_who_gave_up()
    {
        // Six answered, four of them within 20 s; three gave up, one within 20 s.
        var quarter = QueueQuarter.Empty(Queue, QueueQuarter.Of(At));
        foreach (var seconds in new[] { 1.0, 5, 19.9, 20, 20.1, 4_000 })
            quarter = quarter.With(new Waited(Queue, seconds), isAnswered: true);
        foreach (var seconds in new[] { 3.0, 21, 700 })
            quarter = quarter.With(new Waited(Queue, seconds), isAnswered: false);
        var (inTime, abandonedInTime) = (QueueQuarter.Within(quarter.Answered, 20), QueueQuarter.Within(quarter.Abandoned, 20));
        (inTime, abandonedInTime).ShouldBe((4, 1));
        var level = ServiceLevel.Of(20, quarter.Answered.Sum(), inTime, quarter.Abandoned.Sum(), abandonedInTime);
        level.OfAnswered.ShouldBe(4.0 / 6);
        level.OfOffered.ShouldBe(5.0 / 9);
        QueueQuarter.Within(quarter.Answered, 600).ShouldBe(5);
    }

    [Fact]
    public void Without_anybody_there_is_no_share() =>
        ServiceLevel.Of(20, 0, 0, 0, 0).ShouldBe(new ServiceLevel(20, OfAnswered: null, OfOffered: null));

    [Fact]
    public void Where_all_gave_up_nobody_was_answered_and_the_second_definition_still_speaks() =>
        ServiceLevel.Of(20, 0, 0, 2, 1).ShouldBe(new ServiceLevel(20, OfAnswered: null, OfOffered: 0.5));

    [Fact]
    public void Quarters_begin_where_every_zone_can_begin_its_day() =>
        QueueQuarter.Of(At).ShouldBe(new DateTimeOffset(2026, 11, 20, 9, 0, 0, TimeSpan.Zero));
}
