using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using static ContactCenter.Domain.Tests.Recordings.Tape;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Recordings;

/// <summary>Recordings that stay here (REC-11, REC-12).</summary>
public sealed class HostedTests
{
    private static readonly RecordingStarted Hosted = Started with { Policy = RetentionPolicy.Hosted };
    private static readonly Guid Ann = Id(8);

    [Fact]
    public void A_recording_stays_where_it_was_to_stay_when_it_began()
    {
        var retention = new RecordingRetention(RetentionPolicy.Hosted, DeleteAfterDays: null, NewRecordingsArePublic: true);
        None().When(r => RecordingDecider.Start(r, Tape.Id, Connected, retention, At(12))).Then(Hosted with { IsPublic = true });
    }

    [Fact]
    public void One_that_is_whole_is_kept_and_goes_nowhere()
    {
        var kept = Stopping().When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "digest", At(61)))
            .Then(Closed(1), new RecordingKept(Tape.Id, Call, 10, At(61)));
        kept.State.PurgeBy.ShouldBeNull();
        kept.When(r => RecordingDecider.AttachPart(r, 1, 1, "17", "a1", 100, At(70))).ThenRejected<ConflictError>("recording.not_ready");
        kept.When(r => RecordingDecider.Purge(r, PurgeReason.Limit, At(60) + Recording.Limit)).ThenNothing();
    }

    [Fact]
    public void One_without_audio_goes_however_late_it_is_looked_at()
    {
        var empty = Stopping().When(r => RecordingDecider.CompleteSegment(r, 1, 0, "", At(61))).Then(Closed(1, 0) with { Sha256 = "" }, Ready(0));
        RecordingDecider.NextStep(empty.State, At(61) + (2 * Recording.Limit)).ShouldBe(UploadStep.PurgeEmpty);
    }

    [Fact]
    public void One_that_the_limit_meets_before_it_is_whole_is_not_lost() =>
        Stopping().When(r => RecordingDecider.Purge(r, PurgeReason.Limit, At(60) + Recording.Limit)).ThenNothing();

    [Fact]
    public void Each_listening_is_told_of_and_no_piece_escapes_it()
    {
        var heard = Kept().And(new RecordingPlayed(Tape.Id, Call, Ann, At(70)));
        Kept().When(r => RecordingDecider.Play(r, fromStart: true, Ann, At(70))).Decision.Events.ShouldBe([new RecordingPlayed(Tape.Id, Call, Ann, At(70))]);
        heard.When(r => RecordingDecider.Play(r, fromStart: false, Ann, At(71))).ThenNothing();
        heard.When(r => RecordingDecider.Play(r, fromStart: false, Id(9), At(71))).Decision.Events.Count.ShouldBe(1);
        heard.When(r => RecordingDecider.Play(r, fromStart: true, Ann, At(71))).Decision.Events.Count.ShouldBe(1);
        heard.When(r => RecordingDecider.Play(r, fromStart: false, Ann, At(70) + RecordingDecider.OneListening)).Decision.Events.Count.ShouldBe(1);
    }

    [Fact]
    public void What_goes_to_the_crm_is_not_whole_or_is_deleted_is_not_played()
    {
        None().When(r => RecordingDecider.Play(r, fromStart: true, Ann, At(70))).ThenRejected<NotFoundError>("recording.not_found");
        foreach (var given in new[] { Waiting(), Confirmed(), Stopping(), Ordered() })
            given.When(r => RecordingDecider.Play(r, fromStart: true, Ann, At(70))).ThenRejected<ConflictError>("recording.not_kept");
    }

    [Fact]
    public void A_deletion_is_ordered_once_and_carried_out_for_its_reason_alone()
    {
        Kept().When(r => RecordingDecider.Delete(r, At(80))).Then(new RecordingDeletionOrdered(Tape.Id, Call, PurgeReason.Deleted, At(80)))
            .When(r => RecordingDecider.Delete(r, At(81))).ThenNothing();
        Kept().When(r => RecordingDecider.Purge(r, PurgeReason.Deleted, At(80))).ThenRejected<ConflictError>("recording.not_kept");
        Ordered().When(r => RecordingDecider.Purge(r, PurgeReason.Expired, At(80))).ThenRejected<ConflictError>("recording.not_kept");
        Ordered().When(r => RecordingDecider.Purge(r, PurgeReason.Deleted, At(80))).Then(new RecordingPurged(Tape.Id, PurgeReason.Deleted, At(80)))
            .When(r => RecordingDecider.Delete(r, At(81))).ThenNothing();
    }

    [Fact]
    public void Only_what_is_kept_is_deleted()
    {
        None().When(r => RecordingDecider.Delete(r, At(80))).ThenRejected<NotFoundError>("recording.not_found");
        foreach (var given in new[] { Running(), Stopping(), Waiting(), Confirmed() })
            given.When(r => RecordingDecider.Delete(r, At(80))).ThenRejected<ConflictError>("recording.not_kept");
    }

    [Fact]
    public void The_schedule_of_this_moment_counts_for_recordings_made_before()
    {
        var day = TimeSpan.FromDays(1);
        Kept().When(r => RecordingDecider.Expire(r, keptFor: null, At(12) + (1_000 * day))).ThenNothing();
        Kept().When(r => RecordingDecider.Expire(r, day, At(11) + day)).ThenNothing();
        Kept().When(r => RecordingDecider.Expire(r, day, At(12) + day)).Then(new RecordingDeletionOrdered(Tape.Id, Call, PurgeReason.Expired, At(12) + day));
        foreach (var given in new[] { Waiting(), Running(), Ordered() })
            given.When(r => RecordingDecider.Expire(r, day, At(12) + day)).ThenNothing();
    }

    private static Given<Recording, RecordingEvent> Stopping() => Given.Recording(Hosted, Stopped);

    private static Given<Recording, RecordingEvent> Kept() => Stopping().And(Closed(1), new RecordingKept(Tape.Id, Call, 10, At(61)));

    private static Given<Recording, RecordingEvent> Ordered() => Kept().And(new RecordingDeletionOrdered(Tape.Id, Call, PurgeReason.Deleted, At(75)));
}
