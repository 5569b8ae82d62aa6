using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.ScheduledCalls;

/// <summary>Booking, moving, cancelling, placing (AHD-11).</summary>
public sealed class ScheduledCallTests
{
    private static readonly DateTimeOffset Slot = T0.AddHours(2);
    private static readonly DateTimeOffset Other = T0.AddHours(3);
    private static readonly Dictionary<string, string> Data = new() { ["order"] = "17" };
    private static readonly Dictionary<string, PersonalText> Written = new() { ["order"] = new("17") };
    private static readonly PersonalText Number = new("+4930123456");

    private static ScheduledCallBooked Booked => new(
        Id(1), Id(2), Channel.Mobile, Id(3), "en", Number, Id(4), Slot, 30, RecordingConsent.Granted, Written, CustomerFlags.None, Voice: null, T0);

    [Fact]
    public void A_free_slot_is_booked_and_the_same_again_is_the_same() =>
        Given().When(c => ScheduledCallDecider.Book(c, Wish(), Queue(), isLeaf: true, At(Slot), T0)).Then(Booked);

    [Fact]
    public void A_booking_is_refused_where_calls_cannot_be_booked()
    {
        Book(Queue() with { ScheduledCalls = ScheduledCallRules.Default }).ThenRejected<UnprocessableError>("scheduled_call.not_enabled");
        Book(Queue() with { IsArchived = true }).ThenRejected<UnprocessableError>("queue.archived");
        Book(Domain.Queues.Queue.Initial).ThenRejected<UnprocessableError>("queue.not_found");
        Book(Queue() with { Channel = Channel.Sms }).ThenRejected<UnprocessableError>("session.channel_not_possible");
        Given().When(c => ScheduledCallDecider.Book(c, Wish(), Queue(), isLeaf: true, slot: null, T0)).ThenRejected<UnprocessableError>("scheduled_call.no_such_slot");
        Given(Booked).When(c => ScheduledCallDecider.Book(c, Wish() with { ConsumerId = Id(9) }, Queue(), isLeaf: true, At(Slot), T0))
            .ThenRejected<ConflictError>("scheduled_call.id_taken");
        // A queue with others below it only leads on to them.
        Given().When(c => ScheduledCallDecider.Book(c, Wish(), Queue(), isLeaf: false, At(Slot), T0)).ThenRejected<UnprocessableError>("scheduled_call.not_enabled");
        Given(Booked).When(c => ScheduledCallDecider.Move(c, Other, Queue(), isLeaf: false, At(Other), T0)).ThenRejected<UnprocessableError>("scheduled_call.not_enabled");

        static Outcome<ScheduledCall, ScheduledCallEvent> Book(Queue queue) => Given().When(c => ScheduledCallDecider.Book(c, Wish(), queue, isLeaf: true, At(Slot), T0));
    }

    [Fact]
    public void It_moves_to_another_slot_while_nobody_is_called()
    {
        Given(Booked).When(c => ScheduledCallDecider.Move(c, Other, Queue(), isLeaf: true, At(Other), T0))
            .Then(new ScheduledCallMoved(Id(1), Slot, Other, 30, T0));
        Given(Booked).When(c => ScheduledCallDecider.Move(c, Slot, Queue(), isLeaf: true, slot: null, T0)).ThenNothing();
        Given(Booked).When(c => ScheduledCallDecider.Move(c, Other, Queue(), isLeaf: true, slot: null, T0)).ThenRejected<UnprocessableError>("scheduled_call.no_such_slot");
        Given().When(c => ScheduledCallDecider.Move(c, Other, Queue(), isLeaf: true, At(Other), T0)).ThenRejected<NotFoundError>("scheduled_call.not_found");
        Given(Booked, Placed).When(c => ScheduledCallDecider.Move(c, Other, Queue(), isLeaf: true, At(Other), T0)).ThenRejected<ConflictError>("scheduled_call.not_open");
    }

    [Fact]
    public void It_is_cancelled_while_nobody_is_called()
    {
        Given(Booked).When(c => ScheduledCallDecider.Cancel(c, T0)).Then(new ScheduledCallCancelled(Id(1), Slot, T0));
        Given(Booked, Placed).When(c => ScheduledCallDecider.Cancel(c, T0)).ThenRejected<ConflictError>("scheduled_call.not_open");
    }

    [Fact]
    public void At_its_time_it_is_placed_once_whatever_the_queues_rules_are_by_then()
    {
        Place(Given(Booked), Queue(), Slot).Then(Placed);
        Place(Given(Booked), Queue() with { ScheduledCalls = ScheduledCallRules.Default }, Slot).Then(Placed);
        Place(Given(Booked), Queue(), Slot.AddMinutes(15)).Then(Placed with { PlacedAt = Slot.AddMinutes(15) });
    }

    [Fact]
    public void A_timer_of_a_slot_it_has_left_or_of_a_call_given_up_finds_nothing_to_do()
    {
        Place(Given(Booked, new ScheduledCallMoved(Id(1), Slot, Other, 30, T0)), Queue(), Slot).ThenNothing();
        Place(Given(Booked, new ScheduledCallCancelled(Id(1), Slot, T0)), Queue(), Slot).ThenNothing();
        Place(Given(), Queue(), Slot).ThenNothing();
    }

    [Theory]
    [InlineData(30, 15.1)]
    [InlineData(15, 15.1)]
    [InlineData(5, 5.1)]
    [InlineData(240, 15.1)]
    public void Later_than_a_quarter_of_an_hour_or_the_slots_end_nobody_is_called(int minutes, double late)
    {
        var now = Slot.AddMinutes(late);
        Place(Given(Booked with { Minutes = minutes }), Queue(), now).Then(new ScheduledCallMissed(Id(1), Slot, "too_late", now));
        Place(Given(Booked with { Minutes = minutes }), Queue(), now.AddMinutes(-0.2)).Decision.Events.ShouldHaveSingleItem().ShouldBeOfType<ScheduledCallPlaced>();
    }

    [Fact]
    public void Nobody_is_called_for_an_archived_queue_without_a_number_or_over_another_session()
    {
        Place(Given(Booked), Queue() with { IsArchived = true }, Slot).Then(new ScheduledCallMissed(Id(1), Slot, "queue_archived", Slot));
        Given(Booked).When(c => ScheduledCallDecider.Place(c, Slot, Queue(), Session.Initial, Id(7), hasNumber: false, Slot))
            .Then(new ScheduledCallMissed(Id(1), Slot, "consumer_forgotten", Slot));
        var taken = Session.Initial with { Status = SessionStatus.Queued };
        Given(Booked).When(c => ScheduledCallDecider.Place(c, Slot, Queue(), taken, Id(7), hasNumber: true, Slot))
            .Then(new ScheduledCallMissed(Id(1), Slot, "session_taken", Slot));
    }

    [Fact]
    public void How_the_call_went_is_told()
    {
        Given(Booked, Placed).When(c => ScheduledCallDecider.Reach(c, T0)).Then(new ScheduledCallReached(Id(1), Id(7), T0));
        Given(Booked, Placed).When(c => ScheduledCallDecider.Lose(c, Ended(SessionParty.Consumer, "busy"))).Then(new ScheduledCallNotReached(Id(1), Id(7), "busy", T0));
        Given(Booked, Placed).When(c => ScheduledCallDecider.Lose(c, Ended(SessionParty.Supervisor, "Mr. Smith shouted")))
            .Then(new ScheduledCallNotReached(Id(1), Id(7), "ended", T0));
    }

    [Fact]
    public void The_session_rings_and_waits_in_the_queue_only_once_answered()
    {
        var asked = new SessionRequest(
            Id(7), SessionKind.Call, Channel.Mobile, Id(3), "en", RecordingConsent.Granted, Data, CustomerFlags.None with { BadActor = true }, Voice: null);
        var requested = new SessionRequested(
            Id(7), SessionKind.Call, Channel.Mobile, Id(3), Id(2), "en", RecordingConsent.Granted, Written, Voice: null, T0, Choice: null, Id(1), ["Billing"]);
        var ringing = SessionDecider.PlaceScheduled(Session.Initial, asked, Id(1), Queue(), T0);
        Text(ringing.Events[0]).ShouldBe(Text(requested));
        ringing.Events[1].ShouldBeOfType<SessionFlagged>();
        var session = Tests.Given.Session([.. ringing.Events]);

        SessionDecider.IsRinging(session.State).ShouldBeTrue();
        session.When(s => SessionDecider.AnswerScheduled(s, Queue(), T0)).Then(new SessionQueued(Id(7), SessionKind.Call, Id(2), ["Billing"], T0));
        // Named otherwise while it rang; a request of before paths were kept has none of its own.
        session.When(s => SessionDecider.AnswerScheduled(s, Queue() with { Path = ["Bills"] }, T0)).Then(new SessionQueued(Id(7), SessionKind.Call, Id(2), ["Billing"], T0));
        Tests.Given.Session(requested with { QueuePath = null }).When(s => SessionDecider.AnswerScheduled(s, Queue() with { Path = ["Bills"] }, T0))
            .Then(new SessionQueued(Id(7), SessionKind.Call, Id(2), ["Bills"], T0));
        session.When(s => SessionDecider.PlaceScheduled(s, asked, Id(1), Queue(), T0)).ThenRejected<ConflictError>("session.id_taken");
    }

    [Fact]
    public void A_slot_has_so_many_places_and_a_booking_has_one()
    {
        var one = SlotBook.Initial.Apply(new SlotTaken(Id(5), Id(2), Slot, Id(1), T0, Id(7)));
        one.Take(Id(5), Id(2), Slot, capacity: 1, Id(1), Id(7), T0).Events.ShouldBeEmpty();
        one.Take(Id(5), Id(2), Slot, capacity: 1, Id(6), Id(8), T0).Rejection!.Code.ShouldBe("scheduled_call.slot_taken");
        one.Take(Id(5), Id(2), Slot, capacity: 2, Id(6), Id(8), T0).Events.ShouldBe([new SlotTaken(Id(5), Id(2), Slot, Id(6), T0, Id(8))]);
        one.Take(Id(5), Id(2), Slot, capacity: 2, Id(6), Id(7), T0).Rejection!.Code.ShouldBe("scheduled_call.consumer_in_slot");
        one.Free(Id(5), Id(1), T0).Events.ShouldBe([new SlotFreed(Id(5), Id(1), T0)]);
        one.Free(Id(5), Id(6), T0).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_holder_has_so_many_open_bookings()
    {
        var holder = BookingHolder.Initial.Apply(new BookingTaken(Id(5), Id(1), T0)).Apply(new BookingTaken(Id(5), Id(2), T0));
        holder.Take(Id(5), limit: 2, Id(3), T0).Rejection!.Code.ShouldBe("scheduled_call.too_many");
        holder.Take(Id(5), limit: 2, Id(2), T0).Events.ShouldBeEmpty();
        holder.Apply(new BookingReturned(Id(5), Id(2), T0)).Take(Id(5), limit: 2, Id(3), T0).Events.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_number_in_a_list_is_its_end()
    {
        ScheduledCallDecider.Masked(Number).ShouldBe("…56");
        ScheduledCallDecider.Masked(PersonalText.Forgotten).ShouldBeNull();
    }

    private static ScheduledCallPlaced Placed => new(Id(1), Id(7), Slot, Slot);

    private static Given<ScheduledCall, ScheduledCallEvent> Given(params ScheduledCallEvent[] events) => new(ScheduledCall.Initial, (c, e) => c.Apply(e), events);

    private static Outcome<ScheduledCall, ScheduledCallEvent> Place(Given<ScheduledCall, ScheduledCallEvent> given, Queue queue, DateTimeOffset now) =>
        given.When(c => ScheduledCallDecider.Place(c, Slot, queue, Session.Initial, Id(7), hasNumber: true, now));

    private static BookingRequest Wish() => new(Id(1), Id(3), "en", Number, Id(4), RecordingConsent.Granted, Data, CustomerFlags.None, Voice: null);

    private static CallSlot At(DateTimeOffset start) => new(start, start.AddMinutes(30));

    private static Queue Queue() => Domain.Queues.Queue.Initial with
    {
        Id = Id(2),
        Channel = Channel.Mobile,
        Path = ["Billing"],
        ScheduledCalls = ScheduledCallRules.Default with { Enabled = true, SlotMinutes = 30 },
    };

    private static SessionEnded Ended(SessionParty by, string reason) =>
        new(Id(7), SessionKind.Call, AgentId: null, OfferId: null, by, ById: null, reason, Answered: false, T0);
}
