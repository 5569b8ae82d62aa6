using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Tests.Recordings.Tape;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Recordings;

public sealed class SegmentTests
{
    [Fact]
    public void A_connected_call_is_recorded_from_segment_1() =>
        None().When(r => RecordingDecider.Start(r, Tape.Id, Connected, RecordingRetention.Default, At(12))).Then(Started);

    [Fact]
    public void Without_consent_nothing_is_recorded()
    {
        var denied = Connected with { Consent = RecordingConsent.Denied };
        None().When(r => RecordingDecider.Start(r, Tape.Id, denied, RecordingRetention.Default, At(12))).ThenRejected<ConflictError>("recording.no_consent");

        var optIn = new RecordingPolicy(Enabled: true, ConsentMode.OptIn);
        None().When(r => RecordingDecider.Start(r, Tape.Id, Connected with { Recording = optIn }, RecordingRetention.Default, At(12))).ThenRejected<ConflictError>("recording.no_consent");
    }

    [Fact]
    public void Only_a_connected_call_is_recorded()
    {
        None().When(r => RecordingDecider.Start(r, Tape.Id, Connected with { Kind = SessionKind.Chat }, RecordingRetention.Default, At(12)))
            .ThenRejected<ConflictError>("recording.not_a_call");
        foreach (var status in Enum.GetValues<SessionStatus>().Where(s => s != SessionStatus.Connected))
        {
            None().When(r => RecordingDecider.Start(r, Tape.Id, Connected with { Status = status }, RecordingRetention.Default, At(12)))
                .ThenRejected<ConflictError>("recording.not_connected");
        }
    }

    [Theory]
    [InlineData(ConsentMode.None, RecordingConsent.NotAsked, true)]
    [InlineData(ConsentMode.None, RecordingConsent.Granted, true)]
    [InlineData(ConsentMode.None, RecordingConsent.Denied, false)]
    [InlineData(ConsentMode.OptIn, RecordingConsent.Asked, false)]
    [InlineData(ConsentMode.OptOut, RecordingConsent.Asked, true)]
    [InlineData(ConsentMode.OptIn, RecordingConsent.NotAsked, false)]
    [InlineData(ConsentMode.OptIn, RecordingConsent.Granted, true)]
    [InlineData(ConsentMode.OptIn, RecordingConsent.Denied, false)]
    [InlineData(ConsentMode.OptOut, RecordingConsent.NotAsked, true)]
    [InlineData(ConsentMode.OptOut, RecordingConsent.Granted, true)]
    [InlineData(ConsentMode.OptOut, RecordingConsent.Denied, false)]
    public void Consent_decides_as_the_mode_has_it(ConsentMode mode, RecordingConsent consent, bool isRecorded)
    {
        new RecordingPolicy(Enabled: true, mode).Allows(consent).ShouldBe(isRecorded);
        new RecordingPolicy(Enabled: false, mode).Allows(consent).ShouldBeFalse();
    }

    [Fact]
    public void A_pause_ends_the_segment_and_a_resume_begins_the_next() =>
        Running().When(r => RecordingDecider.Pause(r, PauseReason.Agent, At(20)))
            .Then(new RecordingPaused(Tape.Id, Call, 1, PauseReason.Agent, At(20)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Agent, At(30)))
            .Then(new RecordingResumed(Tape.Id, Call, 2, At(30)))
            .When(r => RecordingDecider.Pause(r, PauseReason.Hold, At(40)))
            .Then(new RecordingPaused(Tape.Id, Call, 2, PauseReason.Hold, At(40)));

    [Fact]
    public void It_stays_paused_until_the_last_reason_is_gone() =>
        Paused(PauseReason.Hold)
            .When(r => RecordingDecider.Pause(r, PauseReason.Redaction, At(21))).Then(new RecordingPauseExtended(Tape.Id, PauseReason.Redaction, At(21)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Hold, At(22))).Then(new RecordingPauseNarrowed(Tape.Id, PauseReason.Hold, At(22)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Redaction, At(23))).Then(new RecordingResumed(Tape.Id, Call, 2, At(23)));

    [Fact]
    public void An_agent_cannot_resume_what_was_paused_for_another_reason() =>
        Paused(PauseReason.Redaction).When(r => RecordingDecider.Resume(r, PauseReason.Agent, At(25))).ThenNothing();

    [Fact]
    public void A_recording_that_is_over_or_unknown_is_not_paused()
    {
        Over().When(r => RecordingDecider.Pause(r, PauseReason.Agent, At(70))).ThenRejected<ConflictError>("recording.not_active");
        Over().When(r => RecordingDecider.Resume(r, PauseReason.Agent, At(70))).ThenRejected<ConflictError>("recording.not_active");
        None().When(r => RecordingDecider.Pause(r, PauseReason.Agent, T0)).ThenRejected<NotFoundError>("recording.not_found");
        None().When(r => RecordingDecider.Resume(r, PauseReason.Agent, T0)).ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void A_segment_that_closes_during_the_call_makes_nothing_ready() =>
        Paused(PauseReason.Hold).When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "digest", At(61))).Then(Closed(1));

    [Fact]
    public void The_last_segment_of_a_call_that_is_over_makes_it_ready() =>
        Over().When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "digest", At(61))).Then(Closed(1), Ready(seconds: 10));

    [Fact]
    public void It_is_not_ready_while_another_segment_is_open() =>
        Paused(PauseReason.Hold).And(new RecordingResumed(Tape.Id, Call, 2, At(30)), Stopped)
            .When(r => RecordingDecider.CompleteSegment(r, 2, 80_000, "digest", At(61))).Then(Closed(2))
            .When(r => RecordingDecider.CompleteSegment(r, 1, 40_000, "digest", At(61))).Then(Closed(1, 40_000), Ready(seconds: 15));

    [Fact]
    public void A_segment_that_was_not_begun_is_refused()
    {
        Running().When(r => RecordingDecider.CompleteSegment(r, 2, 80_000, "digest", At(61))).ThenRejected<ConflictError>("recording.unknown_segment");
        Running().When(r => RecordingDecider.CompleteSegment(r, 0, 80_000, "digest", At(61))).ThenRejected<ConflictError>("recording.unknown_segment");
        Running().When(r => RecordingDecider.CompleteSegment(r, 1, -1, "digest", At(61))).ThenInvalid("samples");
        None().When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "digest", T0)).ThenRejected<NotFoundError>("recording.not_found");
    }

    [Fact]
    public void A_segment_that_closes_after_the_purge_changes_nothing() =>
        Over().And(new RecordingPurged(Tape.Id, PurgeReason.Limit, At(700_000)))
            .When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "digest", At(700_001))).ThenNothing();

    [Fact]
    public void Stopping_keeps_the_length_of_the_call() => Running().When(r => RecordingDecider.Stop(r, At(12), At(60))).Then(Stopped);

    [Fact]
    public void Stopping_while_paused_makes_it_ready_when_all_is_closed() =>
        Paused(PauseReason.Queue).And(Closed(1)).When(r => RecordingDecider.Stop(r, At(12), At(60))).Then(Stopped, Ready(seconds: 10, at: 60));

    [Fact]
    public void Stopping_later_changes_nothing()
    {
        Waiting().When(r => RecordingDecider.Stop(r, At(12), At(90))).ThenNothing();
        Confirmed().When(r => RecordingDecider.Stop(r, At(12), At(90))).ThenNothing();
        None().When(r => RecordingDecider.Stop(r, At(12), At(90))).ThenRejected<NotFoundError>("recording.not_found");
    }
}
