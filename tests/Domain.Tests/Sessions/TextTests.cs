using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

/// <summary>What add-ons write down, and what of it is redacted (REC-13).</summary>
public sealed class TextTests
{
    private static readonly IReadOnlyList<RecordedStretch> Recorded = [new(At(10), At(20)), new(At(30), At(40))];
    private static readonly Session Call = Session.Initial with { Id = Id(1), ConsumerId = Id(2), Kind = SessionKind.Call, Status = SessionStatus.Ended };

    [Fact]
    public void What_was_recorded_is_between_its_beginning_its_pauses_and_its_end()
    {
        RecordingEvent[] events =
        [
            new RecordingStarted(Id(9), Id(1), Id(3), Id(4), T0, At(10)),
            new RecordingPaused(Id(9), Id(1), 1, PauseReason.Agent, At(20)),
            new RecordingPauseExtended(Id(9), PauseReason.Hold, At(21)),
            new SegmentCompleted(Id(9), 1, 80_000, "", At(22)),
            new RecordingPauseNarrowed(Id(9), PauseReason.Agent, At(25)),
            new RecordingResumed(Id(9), Id(1), 2, At(30)),
            new RecordingStopped(Id(9), Id(1), 40, At(40)),
            new SegmentCompleted(Id(9), 2, 80_000, "", At(41)),
        ];
        RecordedStretch.Of(events).ShouldBe(Recorded);
        RecordedStretch.Of(events[..4]).ShouldBe([Recorded[0]]);
        RecordedStretch.Of([]).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_said_in_a_pause_or_into_one_is_redacted()
    {
        SpokenLine[] lines =
        [
            Line(SessionParty.Consumer, 12, 14, "Hello.\nIt is me."), Line(SessionParty.Agent, 19, 21, "Your card, please."), Line(SessionParty.Consumer, 22, 28, "4111 1111"),
            Line(SessionParty.Agent, 30, 40, "Thank you."), Line(SessionParty.Agent, 41, 42, "Bye."), Line(SessionParty.Agent, 5, 9, "Before."),
        ];
        SpokenText.Render(lines, Recorded).Split('\n').ShouldBe(["[redacted]", "[09:00:12Z] Consumer: Hello. It is me.", "[redacted]", "[09:00:30Z] Agent: Thank you.", "[redacted]"]);
    }

    [Fact]
    public void A_transcript_is_a_late_fact_of_a_recorded_call_and_the_same_again_nothing()
    {
        SpokenLine[] lines = [Line(SessionParty.Consumer, 12, 14, "Hello.")];
        var happened = SessionDecider.Transcribe(Call, lines, Recorded, known: null, At(60)).Events.ShouldHaveSingleItem().ShouldBeOfType<SessionTranscribed>();
        happened.Text.Value.ShouldBe("[09:00:12Z] Consumer: Hello.");
        SessionDecider.Transcribe(Call, lines, Recorded, happened.Text.Value, At(61)).ShouldSatisfyAllConditions(d => d.IsRejected.ShouldBeFalse(), d => d.Events.ShouldBeEmpty());
        CodeOf(SessionDecider.Transcribe(Call, lines, [], known: null, At(60))).ShouldBe("session.not_recorded");
        CodeOf(SessionDecider.Transcribe(Call with { Status = SessionStatus.Connected }, lines, Recorded, known: null, At(60))).ShouldBe("session.not_ended");
        CodeOf(SessionDecider.Transcribe(Call with { Kind = SessionKind.Chat }, lines, Recorded, known: null, At(60))).ShouldBe("session.not_a_call");
        CodeOf(SessionDecider.Transcribe(Session.Initial, lines, Recorded, known: null, At(60))).ShouldBe("session.not_found");
        CodeOf(SessionDecider.Transcribe(Call, [Line(SessionParty.Agent, 14, 12, "x")], Recorded, known: null, At(60))).ShouldBe("request.invalid");
    }

    [Fact]
    public void A_summary_is_of_a_chat_or_a_recorded_call()
    {
        SessionDecider.Summarize(Call, "A greeting.", Recorded, known: null, At(60)).Events.ShouldBe([new SessionSummarized(Id(1), Id(2), new PersonalText("A greeting."), At(60))]);
        SessionDecider.Summarize(Call with { Kind = SessionKind.Chat }, "A greeting.", [], known: null, At(60)).Events.ShouldHaveSingleItem();
        SessionDecider.Summarize(Call, "A greeting.", Recorded, "A greeting.", At(60)).Events.ShouldBeEmpty();
        CodeOf(SessionDecider.Summarize(Call, "A greeting.", [], known: null, At(60))).ShouldBe("session.not_recorded");
    }

    private static SpokenLine Line(SessionParty from, double at, double until, string text) => new(from, At(at), At(until), text);

    private static string? CodeOf(Decision<SessionEvent> decision) => decision.Rejection?.Code;
}
