using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class VirtualAgentTests
{
    private static readonly VirtualAgentSeat Vera = new(Id(60), "Vera", "simulated");
    private static readonly Guid Said = Id(61);
    private static readonly Guid Reply = Id(62);

    [Theory]
    [InlineData(Call)]
    [InlineData(Chat)]
    public void A_virtual_agent_that_is_there_answers_at_once_and_nobody_waits(SessionKind kind) =>
        Nothing().When(s => SessionDecider.Request(s, Wish(kind), Queue(QueueId), T0, Arrival.At(Queue(QueueId)) with { VirtualAgent = Vera }))
            .Then(Requested(kind), Joined(kind)).State.Status.ShouldBe(SessionStatus.VirtualAgent);

    [Fact]
    public void What_the_consumer_writes_is_the_virtual_agents_to_answer_and_its_reply_is_nobodys() =>
        Assisted(Chat).When(s => SessionDecider.SendMessage(s, Said, SessionParty.Consumer, ConsumerId, "Hello", At(1))).Then(Written(Said, "Hello"))
            .When(s => SessionDecider.Answer(s, Vera.Id, Says("I am simulated."), People(), At(2))).Then(Replied(2, "I am simulated."));

    [Fact]
    public void A_repeated_answer_is_one_message() =>
        Assisted(Chat).And(Replied(1, "Hello")).When(s => SessionDecider.Answer(s, Vera.Id, Says("Hello"), People(), At(3))).ThenNothing();

    [Fact]
    public void Escalated_it_waits_for_people_from_that_moment_on() =>
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Says("One moment.", VirtualAgentStep.Escalate), People(), At(30)))
            .Then(Replied(1, "One moment.", 30), Left(Chat, VirtualAgentOutcome.Escalated, "escalated"), new SessionQueued(SessionId, Chat, QueueId, ["Support", "Billing"], At(30)));

    [Theory]
    [InlineData(VirtualAgentStep.Escalate)]
    [InlineData(VirtualAgentStep.Fail)]
    public void Passed_on_in_its_queue_a_session_keeps_the_path_it_came_by_and_in_another_it_takes_the_path_of_that(VirtualAgentStep step)
    {
        PathIn(QueueId, Assisted(Chat)).ShouldBe(["Support", "Billing"]);
        PathIn(OtherQueueId, Assisted(Chat)).ShouldBe(["Help", "Bills"]);
        var elsewhere = Given.Session(Requested(Chat), Joined(Chat) with { QueueId = OtherQueueId, QueuePath = ["Sales"] });
        PathIn(OtherQueueId, elsewhere).ShouldBe(["Sales"]);
        PathIn(QueueId, elsewhere).ShouldBe(["Help", "Bills"]);

        IReadOnlyList<string> PathIn(Guid queueId, Given<Session, SessionEvent> given) => given
            .When(s => SessionDecider.Answer(s, Vera.Id, Step(step), Arrival.At(Queue(queueId) with { Path = ["Help", "Bills"] }), At(30)))
            .Decision.Events[^1].ShouldBeOfType<SessionQueued>().QueuePath;
    }

    [Fact]
    public void Passed_on_to_a_closed_queue_a_call_goes_where_it_deflects_to()
    {
        var closed = new Arrival(
            new DeflectionDecision(Route.PhoneNumber, QueueId, [QueueId], [], "+4930123456", Email: null, Message: null, []), Queue(QueueId), Id(50));
        var sent = Assisted(Call).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), closed, At(30))).Then(
            Left(Call, VirtualAgentOutcome.Escalated, "escalated"),
            new SessionDeflected(SessionId, Call, Route.PhoneNumber, QueueId, [QueueId], [], Choice: null, "+4930123456", Email: null, Message: null, [], At(30)),
            new SessionRedirected(SessionId, QueueId, "+4930123456", At(30)));
        SessionDecider.WhyOver(sent.State).ShouldBe("redirected");
    }

    [Theory]
    [InlineData(Route.Voicemail)]
    [InlineData(Route.Options)]
    public void Passed_on_to_a_closed_queue_that_takes_messages_a_caller_leaves_one_for_its_agents(Route route) =>
        Assisted(Call).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), Closed(route, OptionKind.Email, OptionKind.Voicemail), At(30))).Then(
            Left(Call, VirtualAgentOutcome.Escalated, "escalated"), Deflected(Call, Route.Voicemail), new SessionVoicemailStarted(SessionId, OtherQueueId, At(30)));

    [Fact]
    public void Passed_on_to_options_a_caller_is_sent_on_and_a_writer_shown_the_address()
    {
        Assisted(Call).When(s => SessionDecider.Answer(s, Vera.Id, VirtualAgentAnswer.Failed("timed_out"), Closed(Route.Options, OptionKind.PhoneNumber), At(30))).Then(
            Left(Call, VirtualAgentOutcome.Failed, "timed_out"), Deflected(Call, Route.PhoneNumber) with { PhoneNumber = "the phone_number" },
            new SessionRedirected(SessionId, OtherQueueId, "the phone_number", At(30)));
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), Closed(Route.Options, OptionKind.Email), At(30))).Then(
            Left(Chat, VirtualAgentOutcome.Escalated, "escalated"), Deflected(Chat, Route.EmailInChat) with { Email = "the email" },
            new MessageSent(SessionId, ConsumerId, Id(50), 1, SessionParty.System, Guid.Empty, new PersonalText("the email"), At(30)),
            new SessionEnded(SessionId, Chat, AgentId: null, OfferId: null, SessionParty.System, ById: null, "deflected", Answered: false, At(30)));
    }

    [Fact]
    public void Passed_on_to_an_address_a_writer_reads_why_before_it()
    {
        var closed = Closed(Route.Options, OptionKind.Email);
        var said = closed with { Decision = closed.Decision with { Message = new Message("We are closed.") } };
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), said, At(30))).Decision.Events
            .OfType<MessageSent>().ShouldHaveSingleItem().Text.ShouldBe(new PersonalText("We are closed.\nthe email"));
    }

    [Fact]
    public void Who_was_recorded_before_refused_to_be_or_is_offered_a_time_alone_waits()
    {
        Waits(Assisted(Call), Closed(Route.Options, OptionKind.ScheduledCall), SessionKind.Call);
        Waits(Given.Session(Requested(Call) with { Consent = RecordingConsent.Denied }, Joined(Call)), Closed(Route.Voicemail), Call);
        Waits(PassedOn(Call).And(Joined(Call)), Closed(Route.Voicemail), Call);
        Waits(Assisted(Chat), Closed(Route.Voicemail), Chat);

        static void Waits(Given<Session, SessionEvent> given, Arrival closed, SessionKind kind) =>
            given.When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), closed, At(30))).Decision.Events[^1].ShouldBeOfType<SessionQueued>()
                .ShouldSatisfyAllConditions(q => q.QueueId.ShouldBe(OtherQueueId), q => q.Kind.ShouldBe(kind));
    }

    [Fact]
    public void One_that_passes_on_is_not_answered_by_a_virtual_agent_again() =>
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Escalate), People() with { VirtualAgent = Vera }, At(30)))
            .Then(Left(Chat, VirtualAgentOutcome.Escalated, "escalated"), new SessionQueued(SessionId, Chat, QueueId, ["Support", "Billing"], At(30)));

    [Theory]
    [InlineData("timed_out")]
    [InlineData("connector_failed")]
    public void One_that_fails_loses_no_consumer(string reason) =>
        Assisted(Call).When(s => SessionDecider.Answer(s, Vera.Id, VirtualAgentAnswer.Failed(reason), People(), At(30)))
            .Then(Left(Call, VirtualAgentOutcome.Failed, reason), new SessionQueued(SessionId, Call, QueueId, ["Support", "Billing"], At(30)));

    [Fact]
    public void An_answer_that_makes_no_sense_is_a_failure()
    {
        var senseless = new[] { Says(" "), Says(new string('x', SessionDecider.MaxMessageLength + 1)), Says("\0"), Step((VirtualAgentStep)99) };
        foreach (var answer in senseless)
        {
            Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, answer, People(), At(30)))
                .Then(Left(Chat, VirtualAgentOutcome.Failed, "not_an_answer"), new SessionQueued(SessionId, Chat, QueueId, ["Support", "Billing"], At(30)));
        }
    }

    [Fact]
    public void It_ends_what_is_settled_and_that_is_answered_and_not_abandoned() =>
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.End), People(), At(30))).Then(
            Left(Chat, VirtualAgentOutcome.Ended, "completed"),
            new SessionEnded(SessionId, Chat, AgentId: null, OfferId: null, SessionParty.VirtualAgent, ById: null, "completed", Answered: true, At(30)));

    [Fact]
    public void A_consumer_who_hangs_up_on_it_ends_its_part_too() =>
        Assisted(Call).When(s => SessionDecider.EndLeg(s, SessionId, "hung_up", At(30))).Then(
            Left(Call, VirtualAgentOutcome.Ended, "hung_up"),
            new SessionEnded(SessionId, Call, AgentId: null, OfferId: null, SessionParty.Consumer, ConsumerId, "hung_up", Answered: true, At(30)));

    [Fact]
    public void A_supervisors_own_words_stay_with_the_end() =>
        Assisted(Call).When(s => SessionDecider.End(s, SessionParty.Supervisor, Id(9), "Asked for by Mrs Smith", At(30)))
            .Decision.Events.OfType<VirtualAgentLeft>().ShouldHaveSingleItem().Reason.ShouldBe("ended_by_supervisor");

    [Fact]
    public void A_late_answer_does_nothing()
    {
        var talking = Assisted(Chat).State;
        var over = SessionDecider.End(talking, SessionParty.Consumer, ConsumerId, "left", At(10)).Events.Aggregate(talking, (s, e) => s.Apply(e));
        SessionDecider.Answer(over, Vera.Id, Says("Too late", VirtualAgentStep.Escalate), People(), At(30)).Events.ShouldBeEmpty();
        Waiting(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Says("Too late"), People(), At(30))).ThenNothing();
        Assisted(Chat).When(s => SessionDecider.Answer(s, Id(99), Says("Another's"), People(), At(30))).ThenNothing();
    }

    [Fact]
    public void A_consumer_it_verified_is_flagged_with_where_that_comes_from() =>
        Assisted(Chat).When(s => SessionDecider.Answer(s, Vera.Id, Step(VirtualAgentStep.Stay) with { IsVerified = true }, People(), At(30)))
            .Then(new SessionFlagged(SessionId, VerifiedCustomer: true, BadActor: null, RepeatCustomer: null, "virtual_agent", At(30)));

    [Fact]
    public void Its_leg_that_hangs_up_ends_the_call_and_one_that_breaks_gives_it_to_people()
    {
        SessionDecider.AnswerOfLeg("hung_up").Step.ShouldBe(VirtualAgentStep.End);
        (SessionDecider.AnswerOfLeg("failed").Step, SessionDecider.AnswerOfLeg("failed").Reason).ShouldBe((VirtualAgentStep.Fail, "leg_lost"));
    }

    [Fact]
    public void Nobody_listens_in_or_records_while_there_is_no_agent()
    {
        SessionDecider.WhyNotHeard(Assisted(Call).State).ShouldBeOfType<ConflictError>().Code.ShouldBe("session.not_connected");
        Assisted(Call).State.ConnectedAt.ShouldBeNull();
        Assisted(Call).When(s => SessionDecider.Hold(s, Agent, At(30))).ThenRejected<ForbiddenError>("session.not_yours");
    }

    private static Given<Session, SessionEvent> Assisted(SessionKind kind) => Given.Session(Requested(kind), Joined(kind));

    private static VirtualAgentJoined Joined(SessionKind kind) => new(SessionId, kind, Vera.Id, "Vera", "simulated", QueueId, ["Support", "Billing"], T0);

    private static VirtualAgentLeft Left(SessionKind kind, VirtualAgentOutcome outcome, string reason) => new(SessionId, kind, Vera.Id, outcome, reason, At(30));

    private static Arrival Closed(Route route, params OptionKind[] options)
    {
        DeflectionOption[] offered = [.. options.Select(o => new DeflectionOption(o, o switch
        {
            OptionKind.PhoneNumber => "the phone_number",
            OptionKind.Email => "the email",
            _ => null,
        }))];
        return new Arrival(
            new DeflectionDecision(route, OtherQueueId, [OtherQueueId], [.. offered], PhoneNumber: null, Email: null, Message: null, []), Queue(OtherQueueId), Id(50));
    }

    private static SessionDeflected Deflected(SessionKind kind, Route route) =>
        new(SessionId, kind, route, OtherQueueId, [OtherQueueId], [], Choice: null, PhoneNumber: null, Email: null, Message: null, [], At(30));

    private static Arrival People() => Arrival.At(Queue(QueueId));

    private static VirtualAgentAnswer Says(string text, VirtualAgentStep step = VirtualAgentStep.Stay) => new([new(Reply, text)], step);

    private static VirtualAgentAnswer Step(VirtualAgentStep step) => new([], step);

    private static MessageSent Written(Guid id, string text) =>
        new(SessionId, ConsumerId, id, 1, SessionParty.Consumer, ConsumerId, new PersonalText(text), At(1), Vera.Id);

    private static MessageSent Replied(int number, string text, double at = 2) =>
        new(SessionId, ConsumerId, Reply, number, SessionParty.VirtualAgent, Vera.Id, new PersonalText(text), At(at));

    private static DateTimeOffset At(double seconds) => Spec.At(seconds);

    private static SessionRequest Wish(SessionKind kind) => new(
        SessionId, kind, Channel.Web, ConsumerId, "en", RecordingConsent.NotAsked, new Dictionary<string, string>(), CustomerFlags.None, Voice: null);
}
