using ContactCenter.Domain.Recordings;
using static ContactCenter.Domain.Tests.Recordings.Tape;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Recordings;

/// <summary>Pauses and redactions that somebody forgets (REC-4).</summary>
public sealed class PauseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public void A_redaction_that_is_forgotten_ends_by_itself_and_is_told_of() =>
        Running().When(r => RecordingDecider.Pause(r, PauseReason.Redaction, At(20), Patience))
            .Then(new RecordingPaused(Tape.Id, Call, 1, PauseReason.Redaction, At(20), At(140)))
            .When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(140), At(140)))
            .Then(new RecordingPauseForgotten(Tape.Id, Call, PauseReason.Redaction, At(20), At(140)), new RecordingResumed(Tape.Id, Call, 2, At(140)));

    [Fact]
    public void A_pause_that_is_forgotten_goes_on_and_is_told_of_once() =>
        Running().When(r => RecordingDecider.Pause(r, PauseReason.Agent, At(20), Patience))
            .Then(new RecordingPaused(Tape.Id, Call, 1, PauseReason.Agent, At(20), At(140)))
            .When(r => RecordingDecider.NoticePause(r, PauseReason.Agent, At(140), At(141)))
            .Then(new RecordingPauseForgotten(Tape.Id, Call, PauseReason.Agent, At(20), At(141)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Agent, At(200))).Then(new RecordingResumed(Tape.Id, Call, 2, At(200)));

    [Fact]
    public void A_forgotten_redaction_during_a_hold_ends_and_the_hold_stays() =>
        Paused(PauseReason.Hold).When(r => RecordingDecider.Pause(r, PauseReason.Redaction, At(30), Patience))
            .Then(new RecordingPauseExtended(Tape.Id, PauseReason.Redaction, At(30), At(150)))
            .When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(150), At(150)))
            .Then(new RecordingPauseForgotten(Tape.Id, Call, PauseReason.Redaction, At(30), At(150)), new RecordingPauseNarrowed(Tape.Id, PauseReason.Redaction, At(150)));

    [Fact]
    public void Outside_a_redaction_and_a_no_go_on_for_they_need_nobody_there()
    {
        var given = Paused(PauseReason.Hold).And(
            new RecordingPauseExtended(Tape.Id, PauseReason.Agent, At(21)), new RecordingPauseExtended(Tape.Id, PauseReason.Redaction, At(22), At(142)));
        given.When(r => RecordingDecider.ResumeOutside(r, At(40)))
            .Then(new RecordingPauseNarrowed(Tape.Id, PauseReason.Hold, At(40)), new RecordingPauseNarrowed(Tape.Id, PauseReason.Agent, At(40)))
            .When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(142), At(142)))
            .Then(new RecordingPauseForgotten(Tape.Id, Call, PauseReason.Redaction, At(22), At(142)), new RecordingResumed(Tape.Id, Call, 2, At(142)));
        Paused(PauseReason.Consent).When(r => RecordingDecider.ResumeOutside(r, At(40))).ThenNothing();
    }

    [Fact]
    public void Nothing_is_noticed_of_a_pause_that_ended_or_began_again_or_whose_time_is_not_up()
    {
        var paused = Running().And(new RecordingPaused(Tape.Id, Call, 1, PauseReason.Redaction, At(20), At(140)));
        paused.When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(140), At(139))).ThenNothing();
        paused.When(r => RecordingDecider.NoticePause(r, PauseReason.Agent, At(140), At(140))).ThenNothing();
        var again = paused.And(new RecordingResumed(Tape.Id, Call, 2, At(50)), new RecordingPaused(Tape.Id, Call, 2, PauseReason.Redaction, At(60), At(180)));
        again.When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(140), At(140))).ThenNothing();
        paused.And(Stopped).When(r => RecordingDecider.NoticePause(r, PauseReason.Redaction, At(140), At(140))).ThenNothing();
    }

    [Fact]
    public void Consent_that_is_withdrawn_makes_it_silent_and_a_recording_that_is_over_stays_as_it_is()
    {
        Running().When(r => RecordingDecider.WithdrawConsent(r, At(20))).Then(new RecordingPaused(Tape.Id, Call, 1, PauseReason.Consent, At(20)))
            .When(r => RecordingDecider.Resume(r, PauseReason.Agent, At(21))).ThenNothing();
        Over().When(r => RecordingDecider.WithdrawConsent(r, At(70))).ThenNothing();
    }
}
