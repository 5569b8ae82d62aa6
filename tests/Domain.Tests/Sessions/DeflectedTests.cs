using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using static ContactCenter.Domain.Sessions.SessionKind;
using static ContactCenter.Domain.Tests.Sessions.Story;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Sessions;

public sealed class DeflectedTests
{
    private static readonly Guid MessageId = Id(50);
    private static readonly Message Closed = new("We are closed.");

    [Fact]
    public void Sent_on_to_another_queue_it_waits_there_and_keeps_the_path()
    {
        var after = Nothing().When(s => SessionDecider.Request(s, Wish(Call), Queue(QueueId), T0, To(Route.Queue, OtherQueueId)))
            .Then(Requested(Call), Deflected(Call, Route.Queue, OtherQueueId), new SessionQueued(SessionId, Call, OtherQueueId, ["Support", "Billing"], T0));
        after.State.QueueId.ShouldBe(OtherQueueId);
        after.State.Deflection!.Path.ShouldBe([QueueId, OtherQueueId]);
    }

    [Fact]
    public void A_closed_queue_that_takes_it_all_the_same_keeps_why_with_weekday_and_exception()
    {
        var desk = AfterHours.Desk.Usual();
        var queueId = desk.Queue(Channel.Mobile);
        var taken = desk.Decide(Call, queueId);
        var after = Nothing().When(s => SessionDecider.Request(s, Wish(Call), Queue(QueueId), T0, new Arrival(taken, Queue(QueueId), MessageId)))
            .Then(Requested(Call), new SessionQueued(SessionId, Call, QueueId, ["Support", "Billing"], T0,
                [new(Rule.GlobalHours, queueId), new(Rule.Closed, queueId, DayOfWeek.Saturday), new(Rule.DeflectionOff, queueId)]));
        after.State.TakenThoughClosed!.Count.ShouldBe(3);

        var open = new Arrival(desk.Decide(Call, queueId, AfterHours.Desk.Open), Queue(QueueId), MessageId);
        Nothing().When(s => SessionDecider.Request(s, Wish(Call), Queue(QueueId), T0, open)).Then(Requested(Call), new SessionQueued(SessionId, Call, QueueId, ["Support", "Billing"], T0));
    }

    [Fact]
    public void What_is_kept_of_a_deflection_names_the_exception_and_the_option_left_out()
    {
        var holiday = new Domain.Hours.ExceptionalHours("Founders' day", new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 20), Closed: true);
        var desk = AfterHours.Desk.Usual().Calls(sdk: new SdkOptions(ScheduledCall: true, Email: true));
        var queueId = desk.Queue(Channel.Web, AfterHours.Desk.Weekdays("09:00", "17:00", "Etc/UTC", holiday));
        DeflectionStep.Of(desk.Decide(Call, queueId, AfterHours.Desk.Open)).ShouldBe(
        [
            new(Rule.QueueHours, queueId), new(Rule.Closed, queueId, Exception: "Founders' day"), new(Rule.CenterDeflection, queueId),
            new(Rule.OptionLeftOut, queueId, Option: OptionKind.ScheduledCall),
        ]);
    }

    [Fact]
    public void A_call_that_only_hears_a_message_ends_once_it_was_heard()
    {
        var heard = Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Ivr), Queue(QueueId, Channel.Ivr), T0, To(Route.MessageOnly, message: Closed)))
            .Then(Requested(Call, Channel.Ivr), Deflected(Call, Route.MessageOnly, message: Closed));
        SessionDecider.WhyOver(heard.State).ShouldBe("deflected_message");
        SessionDecider.WhyOver(Waiting(Call).State).ShouldBeNull();
    }

    [Fact]
    public void A_call_sent_to_a_number_ends_once_it_was_handed_on()
    {
        var sent = Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Ivr), Queue(QueueId, Channel.Ivr), T0, To(Route.PhoneNumber, number: "+4930123456")))
            .Then(
                Requested(Call, Channel.Ivr), Deflected(Call, Route.PhoneNumber, number: "+4930123456"),
                new SessionRedirected(SessionId, QueueId, "+4930123456", T0));
        SessionDecider.WhyOver(sent.State).ShouldBe("redirected");
    }

    [Fact]
    public void A_chat_is_shown_the_message_and_the_address_and_ends() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Chat), Queue(QueueId), T0, To(Route.EmailInChat, message: Closed, email: "help@example.com")))
            .Then(
                Requested(Chat), Deflected(Chat, Route.EmailInChat, message: Closed, email: "help@example.com"),
                new MessageSent(SessionId, ConsumerId, MessageId, 1, SessionParty.System, Guid.Empty, new PersonalText("We are closed.\nhelp@example.com"), T0),
                Ended(Chat, "deflected"));

    [Fact]
    public void Without_a_choice_the_options_are_a_refusal_and_what_is_not_offered_is_another()
    {
        Ask(choice: null).ThenRejected<ConflictError>("session.after_hours");
        Ask(OptionKind.PhoneNumber).ThenRejected<UnprocessableError>("session.deflection_not_offered");
        Ask(OptionKind.ScheduledCall).ThenRejected<UnprocessableError>("session.book_a_slot");
    }

    [Fact]
    public void The_address_chosen_is_a_fact_and_nothing_else_follows() =>
        Ask(OptionKind.Email).Then(
            Requested(Call) with { Choice = OptionKind.Email },
            Deflected(Call, Route.Options, email: "help@example.com") with
            {
                Choice = OptionKind.Email,
                Offered = [OptionKind.ScheduledCall, OptionKind.Email, OptionKind.Voicemail],
            },
            Ended(Call, "deflected"));

    [Fact]
    public void A_message_chosen_is_left_for_the_queue_chosen_and_ends_the_call_by_hanging_up()
    {
        var leaving = Ask(OptionKind.Voicemail).Then(
            Requested(Call) with { Choice = OptionKind.Voicemail },
            Deflected(Call, Route.Options) with { Choice = OptionKind.Voicemail, Offered = [OptionKind.ScheduledCall, OptionKind.Email, OptionKind.Voicemail] },
            new SessionVoicemailStarted(SessionId, QueueId, T0));
        leaving.State.Status.ShouldBe(SessionStatus.LeavingMessage);
        leaving.When(s => SessionDecider.EndLeg(s, SessionId, "hung_up", At(20)))
            .Then(new SessionEnded(SessionId, Call, AgentId: null, OfferId: null, SessionParty.Consumer, ConsumerId, "voicemail", Answered: false, At(20)));
    }

    [Fact]
    public void A_telephone_menus_voicemail_goes_to_the_queue_chosen_also_after_being_sent_on() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call, Channel.Ivr), Queue(QueueId, Channel.Ivr), T0, To(Route.Voicemail, OtherQueueId, Closed)))
            .Then(
                Requested(Call, Channel.Ivr), Deflected(Call, Route.Voicemail, OtherQueueId, Closed), new SessionVoicemailStarted(SessionId, QueueId, T0));

    [Fact]
    public void Who_refused_to_be_recorded_leaves_no_message_and_a_chat_has_none()
    {
        Nothing().When(s => SessionDecider.Request(
                s, Wish(Call, Channel.Ivr) with { Consent = RecordingConsent.Denied }, Queue(QueueId, Channel.Ivr), T0, To(Route.Voicemail)))
            .ThenRejected<UnprocessableError>("session.voicemail_not_consented");
        Ask(OptionKind.Voicemail, Chat).ThenRejected<UnprocessableError>("session.voicemail_not_possible");
    }

    [Fact]
    public void A_message_or_a_redirection_that_never_ends_is_overdue_and_a_session_that_waits_never()
    {
        var heard = Nothing().When(s => SessionDecider.Request(s, Wish(Call), Queue(QueueId), T0, To(Route.MessageOnly, message: Closed))).Given
            .And(Requested(Call), Deflected(Call, Route.MessageOnly, message: Closed)).State;
        var sent = Given.Session(Requested(Call), Deflected(Call, Route.PhoneNumber, number: "+4930123456"), new SessionRedirected(SessionId, QueueId, "+4930123456", T0)).State;
        Overdue(heard, 899, 900).ShouldBe((null, "timed_out"));
        Overdue(sent, 119, 120).ShouldBe((null, "timed_out"));
        foreach (var other in new[] { Waiting(Call), Talking(Call), OnHold(), Over(Call), PassedOn(Call) })
            SessionDecider.WhyOverdue(other.State, At(100_000)).ShouldBeNull();

        static (string?, string?) Overdue(Session s, double before, double then) => (SessionDecider.WhyOverdue(s, At(before)), SessionDecider.WhyOverdue(s, At(then)));
    }

    [Fact]
    public void A_booked_call_that_rings_longer_than_any_phone_reached_nobody()
    {
        var ringing = Given.Session(Requested(Call) with { ScheduledCallId = Id(70) });
        SessionDecider.WhyOverdue(ringing.State, At(89)).ShouldBeNull();
        SessionDecider.WhyOverdue(ringing.State, At(90)).ShouldBe("no_answer");
        SessionDecider.WhyOverdue(ringing.And(Queued(Call)).State, At(90)).ShouldBeNull();
    }

    [Fact]
    public void A_choice_while_the_queue_takes_contacts_is_refused() =>
        Nothing().When(s => SessionDecider.Request(s, Wish(Call) with { Choice = OptionKind.Email }, Queue(QueueId), T0, Arrival.At(Queue(QueueId))))
            .ThenRejected<ConflictError>("session.not_deflected");

    [Fact]
    public void A_transfer_to_a_hidden_queue_is_refused() =>
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(30), isShown: false)).ThenRejected<ConflictError>("queue.not_a_transfer_target");

    [Theory]
    [InlineData(Route.Options)]
    [InlineData(Route.Voicemail)]
    [InlineData(Route.EmailInChat)]
    public void What_cannot_be_done_in_mid_conversation_waits_in_the_queue_instead(Route route) =>
        Talking(Call).When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(30), isShown: true, At(route, OtherQueueId)))
            .Then(Transferred(Call), QueuedAgain(Call));

    [Fact]
    public void A_transfer_follows_the_queues_deflection_to_a_number()
    {
        var sent = Talking(Call)
            .When(s => SessionDecider.Transfer(s, Agent, Queue(OtherQueueId), At(30), isShown: true, At(Route.PhoneNumber, OtherQueueId) is var a
                ? a with { Decision = a.Decision with { PhoneNumber = "+4930123456" } } : null))
            .Then(
                Transferred(Call),
                Deflected(Call, Route.PhoneNumber, number: "+4930123456") with { QueueId = OtherQueueId, Path = [OtherQueueId], DeflectedAt = Spec.At(30) },
                new SessionRedirected(SessionId, OtherQueueId, "+4930123456", Spec.At(30)));
        SessionDecider.WhyOver(sent.State).ShouldBe("redirected");
    }

    private static DateTimeOffset At(double seconds) => Spec.At(seconds);

    private static Arrival At(Route route, Guid queueId) =>
        new(new DeflectionDecision(route, queueId, [queueId], [], PhoneNumber: null, Email: null, Message: null, []), Queue(queueId), MessageId);

    private static Outcome<Session, SessionEvent> Ask(OptionKind? choice, SessionKind kind = Call)
    {
        var arrival = At(Route.Options, QueueId);
        DeflectionOption[] offered = [new(OptionKind.ScheduledCall, null), new(OptionKind.Email, "help@example.com"), new(OptionKind.Voicemail, null)];
        return Nothing().When(s => SessionDecider.Request(
            s, Wish(kind) with { Choice = choice }, Queue(QueueId), T0, arrival with { Decision = arrival.Decision with { Options = [.. offered] } }));
    }

    private static Arrival To(Route route, Guid? to = null, Message? message = null, string? number = null, string? email = null) => new(
        new DeflectionDecision(route, to ?? QueueId, to is null ? [QueueId] : [QueueId, to.Value], [], number, email, message, []), Queue(to ?? QueueId), MessageId);

    private static SessionDeflected Deflected(
        SessionKind kind, Route route, Guid? to = null, Message? message = null, string? number = null, string? email = null) => new(
        SessionId, kind, route, to ?? QueueId, to is null ? [QueueId] : [QueueId, to.Value], [], Choice: null, number, email, message, [], T0);

    private static SessionEnded Ended(SessionKind kind, string reason) =>
        new(SessionId, kind, AgentId: null, OfferId: null, SessionParty.System, ById: null, reason, Answered: false, T0);

    private static SessionRequest Wish(SessionKind kind, Channel channel = Channel.Web) => new(
        SessionId, kind, channel, ConsumerId, "en", RecordingConsent.NotAsked, new Dictionary<string, string>(), CustomerFlags.None, Voice: null);
}
