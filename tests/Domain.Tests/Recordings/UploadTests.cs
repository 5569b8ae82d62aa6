using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using static ContactCenter.Domain.Tests.Recordings.Tape;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Recordings;

public sealed class UploadTests
{
    private static readonly DateTimeOffset PurgeBy = At(60) + Recording.Limit;

    [Fact]
    public void Parts_are_attached_in_order() =>
        Waiting().When(r => Attach(r, 1, 2)).Then(Attached(1, 2)).When(r => Attach(r, 2, 2)).Then(Attached(2, 2));

    [Fact]
    public void A_part_is_never_attached_twice()
    {
        Waiting().And(Attached(1, 2)).When(r => RecordingDecider.AttachPart(r, 1, 2, "17", "another", 100, At(75))).ThenNothing();
        Confirmed().When(r => Attach(r, 1, 1)).ThenNothing();
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 2)]
    [InlineData(1, 0)]
    public void A_part_out_of_order_is_refused(int part, int parts) =>
        Waiting().When(r => Attach(r, part, parts)).ThenRejected<ConflictError>("recording.part_out_of_order");

    [Fact]
    public void A_recording_is_not_cut_anew_between_two_parts() =>
        Waiting().And(Attached(1, 2)).When(r => Attach(r, 2, 3)).ThenRejected<ConflictError>("recording.part_out_of_order");

    [Fact]
    public void Only_a_recording_that_waits_is_attached()
    {
        Over().When(r => Attach(r, 1, 1)).ThenRejected<ConflictError>("recording.not_ready");
        Empty().When(r => Attach(r, 1, 1)).ThenRejected<ConflictError>("recording.not_ready");
        Confirmed().When(r => Attach(r, 2, 2)).ThenRejected<ConflictError>("recording.not_ready");
        None().When(r => Attach(r, 1, 1)).ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void The_wait_doubles_with_each_failure_up_to_an_hour()
    {
        var given = Waiting();
        var now = At(70);
        foreach (var longest in (double[])[5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600])
        {
            var failed = Fail(given, jitter: 0.5, now);
            (failed.RetryAt - now).TotalSeconds.ShouldBe(longest / 2, tolerance: 0.001);
            given = given.And(failed);
            now = failed.RetryAt;
        }
    }

    [Fact]
    public void Jitter_spreads_over_the_whole_wait()
    {
        Fail(Waiting(), jitter: 0, At(70)).RetryAt.ShouldBe(At(70));
        Fail(Waiting(), jitter: 0.999, At(70)).RetryAt.ShouldBe(At(70 + (5 * 0.999)));
    }

    [Fact]
    public void What_comes_next_follows_from_the_state_and_the_time()
    {
        var failed = Fail(Waiting(), jitter: 0.5, At(70));
        Next(Waiting(), At(70)).ShouldBe(UploadStep.Attach);
        Next(Waiting().And(failed), failed.RetryAt.AddTicks(-1)).ShouldBe(UploadStep.Wait);
        Next(Waiting().And(failed), failed.RetryAt).ShouldBe(UploadStep.Attach);
        Next(Empty(), At(70)).ShouldBe(UploadStep.PurgeEmpty);
        Next(Confirmed(), At(81)).ShouldBe(UploadStep.PurgeConfirmed);
        Next(Waiting(), PurgeBy.AddTicks(-1)).ShouldBe(UploadStep.Attach);
        Next(Waiting().And(failed), PurgeBy).ShouldBe(UploadStep.PurgeAtLimit);
    }

    [Fact]
    public void The_crms_retry_after_is_the_least_to_wait_and_who_waited_for_it_comes_spread_out()
    {
        Fail(Waiting(), jitter: 0, At(70), TimeSpan.FromMinutes(50)).RetryAt.ShouldBe(At(70) + TimeSpan.FromMinutes(50));
        Fail(Waiting(), jitter: 0.5, At(70), TimeSpan.FromMinutes(50)).RetryAt.ShouldBe(At(72.5) + TimeSpan.FromMinutes(50));
        Fail(Waiting(), jitter: 0.5, At(70), TimeSpan.FromSeconds(-1)).RetryAt.ShouldBe(At(72.5));
    }

    [Fact]
    public void A_crm_that_asks_for_days_is_asked_again_after_an_hour()
    {
        Fail(Waiting(), jitter: 0.5, At(70), TimeSpan.FromSeconds(1_000_000)).RetryAt.ShouldBe(At(72.5) + TimeSpan.FromHours(1));
        Fail(Waiting(), jitter: 0.5, At(70), TimeSpan.MaxValue).RetryAt.ShouldBe(At(72.5) + TimeSpan.FromHours(1));
    }

    [Fact]
    public void While_there_is_time_the_next_attempt_is_before_the_purge_whatever_the_crm_asks_for()
    {
        var chance = new Random(17);
        for (var i = 0; i < 2_000; i++)
        {
            var left = TimeSpan.FromTicks(1 + (long)Math.Pow(Recording.Limit.Ticks - 1, chance.NextDouble()));
            var asked = chance.Next(4) == 0 ? (TimeSpan?)null : TimeSpan.FromTicks((long)Math.Pow(long.MaxValue / 2, chance.NextDouble()));
            var attempts = chance.Next(0, 40);
            var (now, given) = (PurgeBy - left, Waiting());
            if (attempts > 0)
                given = given.And(new RecordingUploadFailed(Tape.Id, attempts, UploadFailure.ApiLimit, now, now));
            var failed = Fail(given, chance.NextDouble(), now, asked);
            failed.RetryAt.ShouldBeInRange(now, PurgeBy.AddTicks(-1), $"{left} left, {asked} asked, attempt {attempts}");
            if (asked < left && asked < TimeSpan.FromHours(1))
                failed.RetryAt.ShouldBeGreaterThanOrEqualTo(now + asked.Value);
        }

        Fail(Waiting(), jitter: 0.5, PurgeBy, TimeSpan.FromDays(1)).RetryAt.ShouldBe(PurgeBy);
    }

    [Fact]
    public void What_the_crm_told_another_is_told_of_one_that_waits_without_an_attempt_and_not_by_the_minute()
    {
        var held = new RecordingUploadHeld(Tape.Id, UploadFailure.ApiLimit, At(130), At(70));
        Waiting().When(r => RecordingDecider.HoldUpload(r, At(130), At(70))).Then(held);
        var waiting = Waiting().And(held);
        waiting.State.Attempts.ShouldBe(0);
        Next(waiting, At(71)).ShouldBe(UploadStep.Attach);
        waiting.When(r => RecordingDecider.HoldUpload(r, At(190), At(131))).ThenNothing();
        waiting.When(r => RecordingDecider.HoldUpload(r, At(430), At(370))).Then(new RecordingUploadHeld(Tape.Id, UploadFailure.ApiLimit, At(430), At(370)));
        waiting.And(new RecordingUploadHeld(Tape.Id, UploadFailure.ApiLimit, At(3670), At(370)))
            .When(r => RecordingDecider.HoldUpload(r, At(4000), At(700))).ThenNothing();
        Waiting().And(Fail(Waiting(), jitter: 0.5, At(70))).When(r => RecordingDecider.HoldUpload(r, At(130), At(71))).ThenNothing();
        Confirmed().When(r => RecordingDecider.HoldUpload(r, At(130), At(90))).ThenNothing();
        Waiting().When(r => RecordingDecider.HoldUpload(r, PurgeBy.AddSeconds(60), PurgeBy)).ThenNothing();
    }

    [Fact]
    public void A_failure_is_counted_once_until_the_next_attempt_is_due() =>
        Waiting()
            .When(r => RecordingDecider.FailUpload(r, UploadFailure.ApiLimit, TimeSpan.FromSeconds(60), jitter: 0, At(70)))
            .Then(new RecordingUploadFailed(Tape.Id, 1, UploadFailure.ApiLimit, At(130), At(70)))
            .When(r => RecordingDecider.FailUpload(r, UploadFailure.TooLarge, retryAfter: null, jitter: 0.5, At(130)))
            .Then(new RecordingUploadFailed(Tape.Id, 2, UploadFailure.TooLarge, At(135), At(130)));

    [Fact]
    public void Only_a_recording_that_waits_can_fail()
    {
        Confirmed().When(r => RecordingDecider.FailUpload(r, UploadFailure.NotConfirmed, retryAfter: null, jitter: 0.5, At(90))).ThenNothing();
        Over().When(r => RecordingDecider.FailUpload(r, UploadFailure.NotConfirmed, retryAfter: null, jitter: 0.5, At(90)))
            .ThenRejected<ConflictError>("recording.not_ready");
        None().When(r => RecordingDecider.FailUpload(r, UploadFailure.NotConfirmed, retryAfter: null, jitter: 0.5, At(90)))
            .ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void The_upload_is_confirmed_when_every_part_is_attached() =>
        Waiting().And(Attached(1, 2), Attached(2, 2)).When(r => RecordingDecider.ConfirmUpload(r, "17", 2, At(80)))
            .Then(new RecordingUploadConfirmed(Tape.Id, "17", At(80)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(1, 1)]
    public void An_upload_with_a_part_missing_is_not_confirmed(int attached, int confirmed) =>
        Waiting().And([.. Enumerable.Range(1, attached).Select(part => Attached(part, 2))])
            .When(r => RecordingDecider.ConfirmUpload(r, "17", confirmed, At(80))).ThenRejected<ConflictError>("recording.parts_missing");

    [Fact]
    public void Only_a_recording_that_waits_is_confirmed()
    {
        Over().When(r => RecordingDecider.ConfirmUpload(r, "17", 1, At(80))).ThenRejected<ConflictError>("recording.not_ready");
        None().When(r => RecordingDecider.ConfirmUpload(r, "17", 1, At(80))).ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void What_the_crm_confirmed_is_purged() =>
        Confirmed().When(r => RecordingDecider.Purge(r, PurgeReason.Confirmed, At(81))).Then(new RecordingPurged(Tape.Id, PurgeReason.Confirmed, At(81)));

    [Fact]
    public void What_the_crm_did_not_confirm_is_not_purged_as_if_it_did() =>
        Waiting().And(Attached(1, 1)).When(r => RecordingDecider.Purge(r, PurgeReason.Confirmed, At(81)))
            .ThenRejected<ConflictError>("recording.not_confirmed");

    [Fact]
    public void Seven_days_after_the_call_it_is_purged_whatever_its_state()
    {
        foreach (var given in new[] { Over(), Waiting(), Waiting().And(Attached(1, 2)) })
            ShouldBePurged(given, PurgeReason.Limit);
        // Of these nothing is lost, so the limit is not what is told.
        ShouldBePurged(Confirmed(), PurgeReason.Confirmed);
        ShouldBePurged(Over().And(Closed(1, samples: 0), Ready(seconds: 0)), PurgeReason.Empty);

        static void ShouldBePurged(Given<Recording, RecordingEvent> given, PurgeReason reason)
        {
            given.When(r => RecordingDecider.Purge(r, PurgeReason.Limit, PurgeBy.AddTicks(-1))).ThenNothing();
            given.When(r => RecordingDecider.Purge(r, PurgeReason.Limit, PurgeBy)).Then(new RecordingPurged(Tape.Id, reason, PurgeBy));
        }
    }

    [Fact]
    public void A_recording_that_never_stopped_is_purged_seven_days_after_its_start()
    {
        var due = At(12) + Recording.Limit;
        Running().When(r => RecordingDecider.Purge(r, PurgeReason.Limit, due.AddTicks(-1))).ThenNothing();
        Running().When(r => RecordingDecider.Purge(r, PurgeReason.Limit, due)).Then(new RecordingPurged(Tape.Id, PurgeReason.Limit, due));
    }

    [Fact]
    public void A_recording_without_audio_becomes_ready_and_is_purged_as_empty() =>
        Over().When(r => RecordingDecider.CompleteSegment(r, 1, 0, "", At(61)))
            .Then(new SegmentCompleted(Tape.Id, 1, 0, "", At(61)), Ready(seconds: 0))
            .When(r => RecordingDecider.Purge(r, PurgeReason.Empty, At(62))).Then(new RecordingPurged(Tape.Id, PurgeReason.Empty, At(62)));

    [Fact]
    public void A_recording_with_audio_or_an_open_segment_is_not_empty()
    {
        Waiting().When(r => RecordingDecider.Purge(r, PurgeReason.Empty, At(62))).ThenRejected<ConflictError>("recording.not_empty");
        Over().When(r => RecordingDecider.Purge(r, PurgeReason.Empty, At(62))).ThenRejected<ConflictError>("recording.not_empty");
        None().When(r => RecordingDecider.Purge(r, PurgeReason.Empty, At(62))).ThenRejected<NotFoundError>("recording.not_found");
    }

    private static Given<Recording, RecordingEvent> Empty() => Over().And(Closed(1, samples: 0), Ready(seconds: 0));

    private static Decision<RecordingEvent> Attach(Recording r, int part, int parts) =>
        RecordingDecider.AttachPart(r, part, parts, "17", $"a{part}", 100, At(70));

    private static UploadStep Next(Given<Recording, RecordingEvent> given, DateTimeOffset now) => RecordingDecider.NextStep(given.State, now);

    private static RecordingUploadFailed Fail(Given<Recording, RecordingEvent> given, double jitter, DateTimeOffset now, TimeSpan? retryAfter = null) =>
        given.When(r => RecordingDecider.FailUpload(r, UploadFailure.NotConfirmed, retryAfter, jitter, now)).Decision.Events
            .ShouldHaveSingleItem().ShouldBeOfType<RecordingUploadFailed>();
}
