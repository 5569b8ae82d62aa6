using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Queues;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.ScheduledCalls;

/// <summary>At a slot's beginning: called once, whoever else acts at that moment (AHD-11, ADR 0039).</summary>
public sealed class PlacingTests
{
    [Fact]
    public async Task The_booking_and_its_session_are_one_write_and_the_number_is_in_no_message()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(0);
        var id = (await desk.Host.DoAsync(TestHost.Sdk, desk.Wish(slot, number: "+4930987654"))).Id;
        await desk.FireAsync(id, slot);
        desk.Host.Together("scheduled_call.placed.v1").ShouldBe(
            ["booking_holder.returned.v1", "booking_holder.returned.v1", "scheduled_call.placed.v1", "session.requested.v2"]);
        desk.Host.Log.Outbox.ShouldContain(m => m.Kind == MediaKinds.PlaceLeg);
        desk.Host.Log.Outbox.ShouldNotContain(m => m.Payload.Contains("987654", StringComparison.Ordinal));
        (await desk.Center.SessionAsync(ScheduledCallIds.SessionOf(id))).ShouldSatisfyAllConditions(
            s => s.ScheduledCallId.ShouldBe(id), s => s.Status.ShouldBe(SessionStatus.Requested), s => s.Consent.ShouldBe(RecordingConsent.Granted));
    }

    [Fact]
    public async Task A_timer_that_fires_again_or_on_two_nodes_at_once_calls_once()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await using var other = new TestHost(desk.Host);
        var slot = desk.Slot(0);
        var id = await desk.BookAsync(slot);
        desk.Host.Store.BeforeNextAppend = async () => await desk.FireAsync(id, slot, other);
        await desk.FireAsync(id, slot);
        await desk.FireAsync(id, slot);
        await desk.FireAsync(id, slot, other);
        desk.Host.Log.Events.Count(e => e.Data is ScheduledCallPlaced).ShouldBe(1);
        desk.Host.Log.Outbox.Count(m => m.Kind == MediaKinds.PlaceLeg).ShouldBe(1);
    }

    [Fact]
    public async Task A_move_that_comes_first_leaves_the_old_timer_nothing_to_do()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await using var other = new TestHost(desk.Host);
        var (slot, later) = (desk.Slot(0), desk.Slot(4));
        var id = await desk.BookAsync(slot);
        desk.Host.Store.BeforeNextAppend = async () => await other.DoAsync(TestHost.Sdk, new MoveScheduledCall(id, later), ifMatch: 1);
        await desk.FireAsync(id, slot);
        (await desk.CallAsync(id)).Status.ShouldBe(ScheduledCallStatus.Booked);
        desk.Host.Log.Outbox.ShouldNotContain(m => m.Kind == MediaKinds.PlaceLeg);
        await desk.FireAsync(id, later);
        (await desk.CallAsync(id)).Status.ShouldBe(ScheduledCallStatus.Calling);
    }

    [Fact]
    public async Task A_move_or_cancellation_that_comes_second_is_refused_and_changes_no_slot()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await using var other = new TestHost(desk.Host);
        var (slot, later) = (desk.Slot(0), desk.Slot(4));
        var id = await desk.BookAsync(slot);
        desk.Host.Store.BeforeNextAppend = async () => await desk.FireAsync(id, slot, other);
        await desk.Host.RefusedAsync("request.stale_version", TestHost.Sdk, new MoveScheduledCall(id, later), ifMatch: 1);
        await desk.Host.RefusedAsync("scheduled_call.not_open", TestHost.Sdk, new MoveScheduledCall(id, later), ifMatch: 2);
        await desk.Host.RefusedAsync("scheduled_call.not_open", TestHost.Sdk, new CancelScheduledCall(id), ifMatch: 2);
        (await desk.TakenAsync(slot), await desk.TakenAsync(later)).ShouldBe((1, 0));
        desk.Host.Log.Outbox.Count(m => m.Kind == MediaKinds.PlaceLeg).ShouldBe(1);
    }

    [Fact]
    public async Task A_cancellation_that_comes_first_calls_nobody()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await using var other = new TestHost(desk.Host);
        var slot = desk.Slot(0);
        var id = await desk.BookAsync(slot);
        desk.Host.Store.BeforeNextAppend = async () => await other.DoAsync(TestHost.Sdk, new CancelScheduledCall(id), ifMatch: 1);
        await desk.FireAsync(id, slot);
        (await desk.CallAsync(id)).Status.ShouldBe(ScheduledCallStatus.Cancelled);
        desk.Host.Log.Events.ShouldNotContain(e => e.Data is SessionRequested);
    }

    [Fact]
    public async Task Who_answers_waits_in_the_queue_and_a_repeat_of_the_answer_changes_nothing()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var (id, sessionId) = await desk.PlacedAsync();
        var facts = desk.Host.Get<IMediaFacts>();
        await facts.ReportAsync(new LegAnswered(desk.Host.NewId(), sessionId, sessionId), CancellationToken.None);
        await facts.ReportAsync(new LegAnswered(desk.Host.NewId(), sessionId, sessionId), CancellationToken.None);
        desk.Host.TypesOf(Aggregates.Session, sessionId).ShouldBe(["session.requested.v2", "session.queued.v1"]);
        desk.Host.TypesOf(Aggregates.ScheduledCall, id)[^1].ShouldBe("scheduled_call.reached.v1");

        await desk.Center.SignInAsync();
        await desk.Host.DoAsSystemAsync(new OfferSession(sessionId, desk.Center.AgentId));
        (await desk.Center.SessionAsync(sessionId)).Preparation.WhisperText.ShouldBe("Scheduled call from Refunds");
    }

    [Fact]
    public async Task Who_answers_after_the_queue_was_renamed_keeps_the_path_they_were_called_for()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var (_, sessionId) = await desk.PlacedAsync();
        await desk.Host.DoAsSystemAsync(new RenameQueue(desk.Center.QueueId, "Money back"));
        await desk.Host.Get<IMediaFacts>().ReportAsync(new LegAnswered(desk.Host.NewId(), sessionId, sessionId), CancellationToken.None);
        var waiting = await desk.Host.DoAsync(TestHost.Admin, new GetSession(sessionId));
        (waiting.Status, string.Join(" > ", waiting.QueuePath)).ShouldBe((SessionStatus.Queued, "Refunds"));
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("no_answer")]
    [InlineData("failed")]
    public async Task Who_does_not_answer_ends_the_session_and_the_booking_with_the_reason_and_the_ticket_says_so(string cause)
    {
        await using var desk = await BookingDesk.OpenAsync();
        var (id, sessionId) = await desk.PlacedAsync();
        await desk.Host.Get<IMediaFacts>().ReportAsync(new LegEnded(desk.Host.NewId(), sessionId, sessionId, cause), CancellationToken.None);
        desk.Host.Together("session.ended.v2").ShouldBe(["scheduled_call.not_reached.v1", "session.ended.v2"]);
        (await desk.CallAsync(id)).ShouldSatisfyAllConditions(c => c.Status.ShouldBe(ScheduledCallStatus.NotReached), c => c.Reason.ShouldBe(cause));
        OutboxJson.Read<NotReachedDue>(desk.Host.Log.Outbox.Single(m => m.Kind == OutboxKinds.NotReached).Payload).Reason.ShouldBe(cause);
    }

    [Fact]
    public async Task A_missed_window_is_told_once_and_counts_no_more()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(0);
        var id = await desk.BookAsync(slot);
        desk.Host.Clock.Advance(slot.AddMinutes(16) - desk.Host.Clock.GetUtcNow());
        await desk.FireAsync(id, slot);
        await desk.FireAsync(id, slot);
        desk.Host.Log.Events.Select(e => e.Data).OfType<ScheduledCallMissed>().ShouldHaveSingleItem().Reason.ShouldBe("too_late");
        desk.Host.Together("scheduled_call.missed.v1").ShouldBe(["booking_holder.returned.v1", "booking_holder.returned.v1", "scheduled_call.missed.v1"]);
        desk.Host.Log.Outbox.Count(m => m.Kind == OutboxKinds.MissedCall).ShouldBe(1);
        desk.Host.Log.Events.ShouldNotContain(e => e.Data is SessionRequested);
    }

    [Fact]
    public async Task An_archived_queue_calls_nobody()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(0);
        var id = await desk.BookAsync(slot);
        // Archived on another node at the moment it was booked: otherwise the booking would have kept it.
        var queue = Aggregates.Queue.Stream(desk.Center.QueueId);
        var archived = new NewEvent(desk.Host.NewId(), new QueueArchived(queue.Id, desk.Host.Clock.GetUtcNow()));
        var metadata = new EventMetadata(desk.Host.NewId(), "tests", Actor.System("tests"), Source: null);
        (await desk.Host.Log.AppendAsync(
            new Append([new StreamWrite(queue, desk.Host.Stream(Aggregates.Queue, queue.Id).Count, [archived])], metadata), CancellationToken.None)).ShouldBeOfType<Appended>();
        await using var other = new TestHost(desk.Host);
        await desk.FireAsync(id, slot, other);
        (await desk.CallAsync(id)).Reason.ShouldBe("queue_archived");
    }

    [Fact]
    public async Task A_queue_is_not_archived_while_calls_of_it_are_booked()
    {
        await using var desk = await BookingDesk.OpenAsync(BookingDesk.Rules with { CallsPerSlot = 2 });
        var (placed, cancelled) = (await desk.BookAsync(desk.Slot(0), "a"), await desk.BookAsync(desk.Slot(1), "b"));
        var refused = await desk.Host.SendAsync(Caller.System("tests"), new ArchiveQueue(desk.Center.QueueId));
        refused.Error.ShouldBeOfType<ConflictError>().ShouldSatisfyAllConditions(e => e.Code.ShouldBe("queue.in_use"), e => e.Message.ShouldContain("2 scheduled calls"));
        await desk.FireAsync(placed, desk.Slot(0));
        await desk.Host.DoAsync(TestHost.Sdk, new CancelScheduledCall(cancelled), ifMatch: 1);
        await desk.Host.DoAsSystemAsync(new ArchiveQueue(desk.Center.QueueId));
    }
}
