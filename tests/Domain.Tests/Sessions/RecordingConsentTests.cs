using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Sessions.SessionDecider;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>Who is told, who is asked, and what they may answer (REC-2, REC-3).</summary>
public sealed class RecordingConsentTests
{
    private static readonly Message Greeting = new("This call is recorded.");
    private static readonly Message Question = new("Press 1 to be recorded.");
    private static readonly RecordingPolicy OptIn = new(Enabled: true, ConsentMode.OptIn);

    [Fact]
    public void A_caller_who_must_be_asked_is_told_and_asked_once() =>
        Calls(OptIn).When(s => AnnounceRecording(s, Greeting, Question, At(1))).Then(new RecordingAnnounced(SessionId, Greeting, Question, At(1)))
            .State.Consent.ShouldBe(RecordingConsent.Asked);

    [Theory]
    [InlineData(RecordingConsent.Granted)]
    [InlineData(RecordingConsent.NotAsked)]
    public void A_caller_who_answered_before_or_need_not_be_asked_is_told_only(RecordingConsent consent)
    {
        var policy = consent == RecordingConsent.Granted ? OptIn : RecordingPolicy.Default;
        Calls(policy, consent).When(s => AnnounceRecording(s, Greeting, Question, At(1))).Then(new RecordingAnnounced(SessionId, Greeting, null, At(1)))
            .State.Consent.ShouldBe(consent);
    }

    [Fact]
    public void Nobody_is_told_whose_call_is_not_recorded_or_who_was_called()
    {
        Calls(new RecordingPolicy(Enabled: false, ConsentMode.None)).When(s => AnnounceRecording(s, Greeting, Question, At(1))).ThenNothing();
        Calls(OptIn, RecordingConsent.Denied).When(s => AnnounceRecording(s, Greeting, Question, At(1))).ThenNothing();
        Given.Session(Requested(SessionKind.Chat), Queued(SessionKind.Chat)).When(s => AnnounceRecording(s, Greeting, Question, At(1))).ThenNothing();
        Given.Session(Requested(SessionKind.Call) with { ScheduledCallId = Id(9) }, Queued(SessionKind.Call))
            .When(s => AnnounceRecording(s, Greeting, Question, At(1))).ThenNothing();
        Nothing().And(Requested(SessionKind.Call)).When(s => AnnounceRecording(s, Greeting, Question, At(1))).ThenNothing();
    }

    [Fact]
    public void The_last_word_counts()
    {
        var asked = Calls(OptIn).And(new RecordingAnnounced(SessionId, null, Question, At(1)));
        asked.State.MayBeRecorded.ShouldBeFalse();
        var granted = asked.When(s => AnswerRecordingConsent(s, RecordingConsent.Granted, "keys", At(2)))
            .Then(new RecordingConsentAnswered(SessionId, RecordingConsent.Granted, "keys", At(2)));
        granted.State.MayBeRecorded.ShouldBeTrue();
        granted.When(s => AnswerRecordingConsent(s, RecordingConsent.Denied, "sdk", At(3)))
            .Then(new RecordingConsentAnswered(SessionId, RecordingConsent.Denied, "sdk", At(3)))
            .State.MayBeRecorded.ShouldBeFalse();
    }

    [Fact]
    public void An_answer_is_a_yes_or_a_no_in_a_call_that_lives()
    {
        Calls(OptIn).When(s => AnswerRecordingConsent(s, RecordingConsent.NotAsked, "sdk", At(2))).ThenInvalid("consent");
        Calls(OptIn).When(s => AnswerRecordingConsent(s, RecordingConsent.Asked, "sdk", At(2))).ThenInvalid("consent");
        Over(SessionKind.Call).When(s => AnswerRecordingConsent(s, RecordingConsent.Denied, "sdk", At(70))).ThenRejected<ConflictError>("session.ended");
        Waiting(SessionKind.Chat).When(s => AnswerRecordingConsent(s, RecordingConsent.Denied, "sdk", At(2))).ThenRejected<ConflictError>("session.not_a_call");
    }

    private static Given<Session, SessionEvent> Calls(RecordingPolicy policy, RecordingConsent consent = RecordingConsent.NotAsked) =>
        Given.Session(Requested(SessionKind.Call) with { Recording = policy, Consent = consent }, Queued(SessionKind.Call));
}
