using ContactCenter.Domain.Recordings;
using static ContactCenter.Domain.Tests.Recordings.Tape;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Recordings;

/// <summary>What a recording says of itself: what is in it, and what is not, and why (REC-1).</summary>
public sealed class ManifestTests
{
    [Fact]
    public void A_call_without_a_pause_is_one_segment_from_its_beginning_to_its_end() =>
        Of(Started, Stopped, Closed(1, 384_000)).ShouldBe(["segment 1 12-60 48"]);

    [Fact]
    public void A_segment_that_runs_has_no_end_and_no_length_yet() => Of(Started).ShouldBe(["segment 1 12- ?"]);

    [Fact]
    public void Each_gap_stands_between_its_segments_with_every_reason_that_held_in_it() =>
        Of(
            Started,
            new RecordingPaused(Tape.Id, Call, 1, PauseReason.Hold, At(20)),
            Closed(1, 64_000),
            new RecordingPauseExtended(Tape.Id, PauseReason.Redaction, At(22)),
            new RecordingPauseNarrowed(Tape.Id, PauseReason.Hold, At(24)),
            new RecordingResumed(Tape.Id, Call, 2, At(30)),
            new RecordingPaused(Tape.Id, Call, 2, PauseReason.Agent, At(40)),
            Stopped,
            Closed(2))
        .ShouldBe(["segment 1 12-20 8", "gap Hold Redaction 20-30", "segment 2 30-40 10", "gap Pause 40-60"]);

    [Theory]
    [InlineData(PauseReason.Queue, GapReason.Queue)]
    [InlineData(PauseReason.Consent, GapReason.Consent)]
    [InlineData(PauseReason.Redaction, GapReason.Redaction)]
    public void A_gap_has_the_reason_of_its_pause(PauseReason pause, GapReason gap) =>
        Of(Started, new RecordingPaused(Tape.Id, Call, 1, pause, At(20)))[^1].ShouldBe($"gap {gap} 20-");

    [Fact]
    public void What_was_said_before_the_consumer_agreed_is_a_gap_at_its_beginning() =>
        Of(Started with { CallStartedAt = At(10) }, Stopped, Closed(1, 384_000)).ShouldBe(["gap Consent 10-12", "segment 1 12-60 48"]);

    [Fact]
    public void What_a_crash_took_of_a_segment_is_a_gap_of_its_own() =>
        Of(Started, Stopped with { EngineLost = true }, Closed(1, 80_000)).ShouldBe(["segment 1 12-22 10", "gap Crash 22-60"]);

    [Fact]
    public void A_lost_segment_is_empty_and_a_gap_as_long_as_it_was() =>
        Of(Started, Stopped, Closed(1, 0)).ShouldBe(["segment 1 12-12 0", "gap Crash 12-60"]);

    [Fact]
    public void A_second_that_storage_and_log_differ_by_is_no_gap() => Of(Started, Stopped, Closed(1, 376_000)).ShouldBe(["segment 1 12-60 47"]);

    private static string[] Of(params RecordingEvent[] events) =>
        [.. events.Aggregate(RecordingManifest.Empty, (m, e) => m.Apply(e)).Spans.Select(Told)];

    private static string Told(RecordingSpan span)
    {
        var time = $"{(span.From - T0).TotalSeconds}-{(span.To - T0)?.TotalSeconds}";
        return span.Segment is { } segment
            ? $"segment {segment} {time} {span.RecordedSeconds?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}"
            : $"gap {string.Join(' ', span.Reasons)} {time}";
    }
}
