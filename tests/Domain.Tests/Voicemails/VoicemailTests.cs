using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Voicemails;

public sealed class VoicemailTests
{
    private static readonly Guid Call = Id(1);
    private static readonly Guid Consumer = Id(2);
    private static readonly Guid QueueId = Id(3);
    private static readonly Guid Ann = Id(4);
    private static readonly Message Greeting = new("Leave a message after the tone.");
    private static readonly Message Blocked = new("Your number is hidden.");
    private static readonly Message Ask = new("Key in your number.");
    private static readonly Message Entered = new("Thank you.");
    private static readonly VoicemailWords Words = new(Greeting, Blocked, Ask, Entered);

    [Fact]
    public void A_caller_whose_number_is_known_hears_the_greeting_at_once() =>
        Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Ivr), Staffed, Words, "+4930123456", T0))
            .Then(Started(), Given_("+4930123456", T0), Greeted(T0, Greeting));

    [Fact]
    public void A_message_keeps_the_path_its_call_came_by_though_the_queue_is_named_otherwise_when_a_virtual_agent_passes_it_on()
    {
        var answered = Leaving(Channel.Ivr).Apply(new VirtualAgentJoined(Call, SessionKind.Call, Id(60), "Vera", "simulated", QueueId, ["Support"], T0));
        var leaving = answered.Apply(new SessionVoicemailStarted(Call, QueueId, T0));
        Given.Voicemail().When(v => VoicemailDecider.Start(v, leaving, Staffed with { Path = ["Help"] }, Words, "+4930123456", T0))
            .Then(Started(), Given_("+4930123456", T0), Greeted(T0, Greeting));
    }

    [Fact]
    public void A_caller_through_an_app_that_shows_no_number_is_asked_for_one_and_not_told_that_it_is_hidden() =>
        Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Mobile), Staffed, Words, number: null, T0))
            .Then(Started(), new VoicemailNumberAsked(Call, 1, [Ask], T0));

    [Fact]
    public void A_caller_with_a_hidden_number_is_asked_for_one_before_the_greeting() =>
        Asked().When(v => VoicemailDecider.EnterNumber(v, 1, 0, "004930123456", At(5))).Then(Given_("+4930123456", At(5)), Greeted(At(5), Entered, Greeting));

    [Theory]
    [InlineData("0049301234567", "+49301234567")]
    [InlineData("0012125550123", "+12125550123")]
    [InlineData("00491234567890123", "+491234567890123")]
    public void A_number_is_kept_in_the_form_that_is_asked_for_everywhere(string keys, string number) =>
        Asked().When(v => VoicemailDecider.EnterNumber(v, 1, 0, keys, At(5))).Then(Given_(number, At(5)), Greeted(At(5), Entered, Greeting));

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("030123456")]
    [InlineData("12345678901234567")]
    [InlineData("0000123456789")]
    [InlineData("00491234")]
    [InlineData("123456789012345678")]
    [InlineData("0049301*3456")]
    public void After_two_failed_tries_the_message_is_taken_without_a_number(string keys) =>
        Asked().When(v => VoicemailDecider.EnterNumber(v, 1, 0, keys, At(5))).Then(new VoicemailNumberAsked(Call, 2, [Ask], At(5)))
            .When(v => VoicemailDecider.EnterNumber(v, 2, 0, keys, At(9))).Then(Greeted(At(9), Greeting))
            .State.HasNumber.ShouldBeFalse();

    [Fact]
    public void A_late_answer_to_the_first_question_is_none_to_the_second() =>
        Asked().And(new VoicemailNumberAsked(Call, 2, [Ask], At(5))).When(v => VoicemailDecider.EnterNumber(v, 1, 0, "", At(6))).ThenNothing();

    [Fact]
    public void A_number_that_comes_key_by_key_is_one_number()
    {
        var some = Once(Asked().When(v => VoicemailDecider.PressKeys(v, "", "0049", At(3))), Pressed("0049", 1, At(3)));
        some.When(v => VoicemailDecider.EnterNumber(v, 1, 0, "", At(4))).ThenNothing();
        var more = Once(some.When(v => VoicemailDecider.PressKeys(v, "0049", "3", At(5))), Pressed("3", 2, At(5)));
        more.When(v => VoicemailDecider.PressKeys(v, "00493", "0123456#99", At(6))).Then(Given_("+4930123456", At(6)), Greeted(At(6), Entered, Greeting));
        more.When(v => VoicemailDecider.EnterNumber(v, 1, 2, "00493" + "0123456", At(20))).Then(Given_("+4930123456", At(20)), Greeted(At(20), Entered, Greeting));
    }

    [Fact]
    public void As_many_keys_as_a_number_has_at_most_end_it_and_a_new_question_begins_anew()
    {
        var some = Once(Asked().When(v => VoicemailDecider.PressKeys(v, "", "00491234567890", At(3))), Pressed("00491234567890", 1, At(3)));
        some.When(v => VoicemailDecider.PressKeys(v, "00491234567890", "123", At(4))).Then(Given_("+491234567890123", At(4)), Greeted(At(4), Entered, Greeting));
        Once(some.When(v => VoicemailDecider.PressKeys(v, "00491234567890", "1234", At(4))), new VoicemailNumberAsked(Call, 2, [Ask], At(4)))
            .State.KeyPresses.ShouldBe(0);
    }

    [Fact]
    public void A_greeting_or_a_question_that_never_ends_is_overdue_after_a_quarter_of_an_hour_and_a_message_is_not()
    {
        foreach (var step in new[] { Asked(), Greeted() })
        {
            VoicemailDecider.IsOverdue(step.State, At(899)).ShouldBeFalse();
            VoicemailDecider.IsOverdue(step.State, At(900)).ShouldBeTrue();
        }

        VoicemailDecider.IsOverdue(Asked().And(new VoicemailNumberAsked(Call, 2, [Ask], At(500))).State, At(900)).ShouldBeFalse();
        VoicemailDecider.IsOverdue(Recording().State, At(5000)).ShouldBeFalse();
    }

    [Fact]
    public void A_recording_that_is_destroyed_before_it_was_whole_leaves_no_message_and_one_that_was_whole_does()
    {
        Recording().When(v => VoicemailDecider.Lose(v, wasWhole: false, At(60))).Then(new VoicemailDiscarded(Call, At(60)));
        Recording().When(v => VoicemailDecider.Lose(v, wasWhole: true, At(60))).ThenNothing();
        Unread().When(v => VoicemailDecider.Lose(v, wasWhole: false, At(60))).ThenNothing();
    }

    [Fact]
    public void Without_a_question_to_ask_nobody_is_asked() =>
        Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Ivr), Staffed, Words with { AskNumber = null }, number: null, T0))
            .Then(Started() with { Words = Words with { AskNumber = null } }, Greeted(T0, Greeting));

    [Fact]
    public void After_the_tone_the_message_has_three_minutes()
    {
        var recording = Greeted().When(v => VoicemailDecider.BeginRecording(v, At(8))).Then(new VoicemailRecordingBegun(Call, At(8), At(188)));
        VoicemailDecider.IsOver(recording.State, atLimit: true, At(187)).ShouldBeFalse();
        VoicemailDecider.IsOver(recording.State, atLimit: true, At(188)).ShouldBeTrue();
        VoicemailDecider.IsOver(Greeted().State, atLimit: true, At(500)).ShouldBeFalse();
        VoicemailDecider.IsOver(recording.State, atLimit: false, At(20)).ShouldBeTrue();
        VoicemailDecider.IsOver(Greeted().State, atLimit: false, At(20)).ShouldBeFalse();
        VoicemailDecider.EndsMessage(recording.State, "1#").ShouldBeTrue();
        VoicemailDecider.EndsMessage(recording.State, "1").ShouldBeFalse();
        VoicemailDecider.EndsMessage(Greeted().State, "#").ShouldBeFalse();
    }

    [Fact]
    public void Who_hangs_up_before_the_tone_has_left_nothing_and_the_tones_end_comes_too_late()
    {
        Asked().When(v => VoicemailDecider.HangUp(v, At(3))).Then(new VoicemailDiscarded(Call, At(3)));
        var gone = Greeted().When(v => VoicemailDecider.HangUp(v, At(3))).Then(new VoicemailDiscarded(Call, At(3)));
        gone.When(v => VoicemailDecider.BeginRecording(v, At(4))).ThenNothing();
        Recording().When(v => VoicemailDecider.HangUp(v, At(9))).ThenNothing();
    }

    [Fact]
    public void A_message_goes_to_the_queues_agents_once_it_is_stored_and_waits_in_their_box()
    {
        var left = Recording().When(v => VoicemailDecider.Deliver(v, 12.5, At(30)));
        var after = left.Then(new VoicemailLeft(Call, 12.5, At(30)), new VoicemailAssigned(Call, QueueId, At(30)));
        VoicemailBox.Of(after.State, left.Decision.Events).ShouldBe([new VoicemailReceived(QueueId, Call, FromDeflection: true, 12.5, At(30))]);
    }

    [Fact]
    public void Silence_is_no_message() => Recording().When(v => VoicemailDecider.Deliver(v, 0, At(30))).Then(new VoicemailDiscarded(Call, At(30)));

    [Fact]
    public void A_top_level_queue_without_agents_has_it_in_the_crm_alone()
    {
        var nobody = new Queue { Id = QueueId, Path = ["Support"] };
        var started = Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Mobile), nobody, Silent, number: null, T0))
            .Then(Started() with { CrmOnly = true, Words = Silent }, Greeted(T0, Greeting));
        var left = started.And(new VoicemailRecordingBegun(Call, At(8), At(188))).When(v => VoicemailDecider.Deliver(v, 3, At(30)));
        var after = left.Then(new VoicemailLeft(Call, 3, At(30)));
        VoicemailBox.Of(after.State, left.Decision.Events).ShouldBeEmpty();
        after.When(v => VoicemailDecider.Read(v, Ann, At(40))).ThenRejected<ConflictError>("voicemail.crm_only");
        Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Mobile), nobody with { ParentId = Id(9) }, Silent, number: null, T0))
            .Then(Started() with { Words = Silent }, Greeted(T0, Greeting));
    }

    [Fact]
    public void One_takes_care_of_it_and_who_comes_second_finds_it_done()
    {
        Recording().When(v => VoicemailDecider.Read(v, Ann, At(40))).ThenRejected<ConflictError>("voicemail.not_left");
        var read = Unread().When(v => VoicemailDecider.Read(v, Ann, At(40)));
        var after = read.Then(new VoicemailRead(Call, Ann, At(40)));
        VoicemailBox.Of(after.State, read.Decision.Events).ShouldBe([new VoicemailTaken(QueueId, Call, Ann, At(40))]);
        after.When(v => VoicemailDecider.Read(v, Id(5), At(41))).ThenNothing();
    }

    [Fact]
    public void There_is_one_transcript()
    {
        Recording().When(v => VoicemailDecider.Transcribe(v, "Hello", known: null, At(40))).ThenRejected<ConflictError>("voicemail.not_left");
        Unread().When(v => VoicemailDecider.Transcribe(v, " ", known: null, At(40))).ThenInvalid("text");
        Unread().When(v => VoicemailDecider.Transcribe(v, "Hello", Known(v), At(40))).Then(new VoicemailTranscribed(Call, Consumer, new PersonalText("Hello"), At(40)))
            .When(v => VoicemailDecider.Transcribe(v, "Good-bye", new PersonalText("Hello"), At(41))).ThenRejected<ConflictError>("voicemail.transcribed");
    }

    [Fact]
    public void What_was_said_while_a_message_was_not_recorded_is_redacted_and_a_text_without_times_is_not_taken_of_it()
    {
        // Not recorded from the 20th second to the 30th, and from the 35th on.
        RecordedStretch[] recorded = [new(At(10), At(20)), new(At(30), At(35))];
        SpokenLine[] lines = [new(SessionParty.Consumer, At(11), At(13), "Hello."), new(SessionParty.Consumer, At(21), At(23), "4111"), new(SessionParty.Consumer, At(36), At(37), "1111")];
        var written = Unread().When(v => VoicemailDecider.Transcribe(v, lines, recorded, known: null, At(40)))
            .Decision.Events.ShouldHaveSingleItem().ShouldBeOfType<VoicemailTranscribed>();
        written.Text.Value!.ShouldContain("Hello.");
        written.Text.Value!.ShouldEndWith("\n[redacted]");
        written.Text.Value!.ShouldNotContain("1111");
        Unread().When(v => VoicemailDecider.Transcribe(v, [lines[0] with { Until = At(10) }], recorded, known: null, At(40))).ThenInvalid("lines");

        var whole = Domain.Recordings.Recording.Initial with { Segments = 1 };
        var resumed = whole with { Segments = 2 };
        var silent = whole with { PausedFor = whole.PausedFor.Add(PauseReason.Consent, new RecordingPause(At(20), DueAt: null)) };
        foreach (var lacking in new[] { resumed, silent })
            Unread().When(v => VoicemailDecider.Transcribe(v, lacking, "Hello", known: null, At(40))).ThenRejected<ConflictError>("voicemail.has_gaps");
        Unread().When(v => VoicemailDecider.Transcribe(v, whole, "Hello", Known(v), At(40))).Then(new VoicemailTranscribed(Call, Consumer, new PersonalText("Hello"), At(40)));
    }

    [Fact]
    public void Nobody_plays_what_still_waits_here_what_another_crm_plays_or_what_is_deleted()
    {
        Unread().When(v => Play(v, At(40), MessagePlace.OnItsWay)).ThenRejected<ConflictError>("voicemail.not_ready");
        Unread().When(v => Play(v, At(40), MessagePlace.Elsewhere)).ThenRejected<ConflictError>("voicemail.in_crm");
        Unread().When(v => Play(v, At(40), MessagePlace.Gone)).ThenRejected<ConflictError>("voicemail.deleted");
        Once(Unread().When(v => Play(v, At(40))), new VoicemailPlayed(Call, Ann, At(40)));
    }

    [Fact]
    public void One_listening_is_told_of_once_however_many_pieces_it_has_and_no_piece_escapes_it()
    {
        var listening = Once(Unread().When(v => Play(v, At(40))), new VoicemailPlayed(Call, Ann, At(40)));
        listening.When(v => Play(v, At(50), fromStart: false)).ThenNothing();
        Once(listening.When(v => Play(v, At(50))), new VoicemailPlayed(Call, Ann, At(50)));
        listening.When(v => Play(v, At(50), fromStart: false, by: Id(5))).Then(new VoicemailPlayed(Call, Id(5), At(50)));
        listening.When(v => Play(v, At(40 + 3600), fromStart: false)).Then(new VoicemailPlayed(Call, Ann, At(40 + 3600)));
    }

    [Fact]
    public void A_message_is_recorded_without_an_agent_unless_its_caller_refused()
    {
        Given.Recording().When(r => RecordingDecider.StartVoicemail(r, Id(7), Leaving(Channel.Ivr), QueueId, RecordingRetention.Default, At(8)))
            .Then(new RecordingStarted(Id(7), Call, AgentId: null, QueueId, At(8), At(8), RecordedSpace.Voicemail));
        Given.Recording().When(r => RecordingDecider.StartVoicemail(r, Id(7), Leaving(Channel.Ivr) with { Consent = RecordingConsent.Denied }, QueueId, RecordingRetention.Default, At(8)))
            .ThenRejected<ConflictError>("recording.no_consent");
        Given.Recording().When(r => RecordingDecider.StartVoicemail(r, Id(7), Session.Initial, QueueId, RecordingRetention.Default, At(8))).ThenRejected<ConflictError>("recording.not_connected");
    }

    [Fact]
    public void A_recording_that_is_whole_says_that_it_is_a_message() =>
        Given.Recording(new RecordingStarted(Id(7), Call, AgentId: null, QueueId, At(8), At(8), RecordedSpace.Voicemail), new RecordingStopped(Id(7), Call, 10, At(18)))
            .When(r => RecordingDecider.CompleteSegment(r, 1, 80_000, "aa", At(19)))
            .Then(new SegmentCompleted(Id(7), 1, 80_000, "aa", At(19)), new RecordingReady(Id(7), Call, 10, At(19), At(18) + Domain.Recordings.Recording.Limit, IsVoicemail: true));

    /// <summary>Exactly this; the same again is another time.</summary>
    private static Given<Voicemail, VoicemailEvent> Once(Outcome<Voicemail, VoicemailEvent> outcome, VoicemailEvent expected)
    {
        outcome.Decision.Events.Select(Text).ShouldBe([Text(expected)]);
        return outcome.Given.And(expected);
    }

    private static VoicemailWords Silent => Words with { AskNumber = null };

    private static Decision<VoicemailEvent> Play(Voicemail v, DateTimeOffset now, MessagePlace place = MessagePlace.Here, bool fromStart = true, Guid? by = null) =>
        VoicemailDecider.Play(v, place, fromStart, by ?? Ann, now);

    private static VoicemailKeysPressed Pressed(string keys, int number, DateTimeOffset at) => new(Call, Consumer, 1, new PersonalText(keys), number, at);

    private static Queue Staffed => new() { Id = QueueId, Path = ["Support"], Members = [Ann] };

    private static Session Leaving(Channel channel) => Session.Initial with
    {
        Id = Call,
        Status = SessionStatus.LeavingMessage,
        Channel = channel,
        ConsumerId = Consumer,
        ChosenQueueId = QueueId,
        Deflection = new SessionDeflected(
            Call, SessionKind.Call, Domain.AfterHours.Route.Voicemail, QueueId, [QueueId], [], Choice: null, PhoneNumber: null, Email: null, Greeting, [], T0),
    };

    private static VoicemailStarted Started() => new(Call, Consumer, QueueId, ["Support"], FromDeflection: true, CrmOnly: false, Words, T0);

    private static VoicemailNumberGiven Given_(string number, DateTimeOffset at) => new(Call, Consumer, new PersonalText(number), at);

    private static VoicemailGreeted Greeted(DateTimeOffset at, params Message[] words) => new(Call, words, at);

    private static Given<Voicemail, VoicemailEvent> Asked() =>
        Given.Voicemail().When(v => VoicemailDecider.Start(v, Leaving(Channel.Ivr), Staffed, Words, number: null, T0))
            .Then(Started(), new VoicemailNumberAsked(Call, 1, [Blocked, Ask], T0));

    private static Given<Voicemail, VoicemailEvent> Greeted() => Given.Voicemail(Started(), Greeted(T0, Greeting));

    private static Given<Voicemail, VoicemailEvent> Recording() => Greeted().And(new VoicemailRecordingBegun(Call, At(8), At(188)));

    private static Given<Voicemail, VoicemailEvent> Unread() =>
        Recording().And(new VoicemailLeft(Call, 12.5, At(30)), new VoicemailAssigned(Call, QueueId, At(30)));

    private static PersonalText? Known(Voicemail v) => v.HasTranscript ? new PersonalText("Hello") : null;
}
