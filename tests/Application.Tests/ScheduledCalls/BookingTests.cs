using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Queues;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.ScheduledCalls;

namespace ContactCenter.Application.Tests.ScheduledCalls;

/// <summary>Booking, moving and cancelling: who gets a place, and who never does (AHD-11, ADR 0038).</summary>
public sealed class BookingTests
{
    [Fact]
    public async Task A_booking_its_place_and_its_limits_are_one_write_with_a_timer_for_the_slots_beginning()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(2);
        var id = await desk.BookAsync(slot);
        desk.Host.Together("scheduled_call.booked.v1").ShouldBe(
        [
            "booking_holder.took.v1", "booking_holder.took.v1", "call_slot.taken.v1", "consumer.identified.v1", "consumer.identity_claimed.v1",
            "scheduled_call.booked.v1",
        ]);
        var timer = desk.Host.Log.Outbox.Single(m => m.Kind == OutboxKinds.ScheduledCallTimer);
        timer.DueAt.ShouldBe(slot);
        OutboxJson.Read<ScheduledCallDue>(timer.Payload).ShouldBe(new ScheduledCallDue(id, slot));
    }

    [Fact]
    public async Task Of_fifty_that_want_the_last_place_at_once_one_has_it()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => desk.Host.SendAsync(TestHost.Sdk, desk.Wish(slot, $"visitor {i}"))));
        answers.Count(a => a.IsOk).ShouldBe(1);
        answers.Where(a => !a.IsOk).ShouldAllBe(a => a.Error!.Code == "scheduled_call.slot_taken");
        (await desk.TakenAsync(slot)).ShouldBe(1);
    }

    [Fact]
    public async Task Fifty_that_want_fifty_places_at_once_all_have_one()
    {
        await using var desk = await BookingDesk.OpenAsync(BookingDesk.Rules with { CallsPerSlot = 50 });
        var slot = desk.Slot(3);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => desk.Host.SendAsync(TestHost.Sdk, desk.Wish(slot, $"visitor {i}"))));
        answers.ShouldAllBe(a => a.IsOk);
        (await desk.TakenAsync(slot)).ShouldBe(50);
    }

    [Fact]
    public async Task Who_comes_second_on_another_node_is_told_that_the_slot_is_taken()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await using var other = new TestHost(desk.Host);
        var slot = desk.Slot(1);
        desk.Host.Store.BeforeNextAppend = async () => await other.DoAsync(TestHost.Sdk, desk.Wish(slot, "faster"));
        await desk.Host.RefusedAsync("scheduled_call.slot_taken", TestHost.Sdk, desk.Wish(slot, "slower"));
        (await desk.TakenAsync(slot)).ShouldBe(1);
    }

    [Fact]
    public async Task One_consumer_has_one_place_of_a_slot_and_gives_it_back_with_the_booking()
    {
        await using var desk = await BookingDesk.OpenAsync(BookingDesk.Rules with { CallsPerSlot = 5 });
        var slot = desk.Slot(1);
        var id = await desk.BookAsync(slot);
        await desk.Host.RefusedAsync("scheduled_call.consumer_in_slot", TestHost.Sdk, desk.Wish(slot));
        await desk.BookAsync(slot, "somebody else");
        await desk.Host.DoAsync(TestHost.Sdk, new CancelScheduledCall(id), ifMatch: 1);
        await desk.BookAsync(slot);
        (await desk.TakenAsync(slot)).ShouldBe(2);
    }

    [Fact]
    public async Task The_same_booking_again_is_the_same_wherever_it_was_moved_since()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var wish = desk.Wish(desk.Slot(1), id: desk.Host.NewId());
        await desk.Host.DoAsync(TestHost.Sdk, wish);
        await desk.Host.DoAsync(TestHost.Sdk, new MoveScheduledCall(wish.ScheduledCallId!.Value, desk.Slot(4)), ifMatch: 1);
        (await desk.Host.DoAsync(TestHost.Sdk, wish)).Version.ShouldBe(2);
        (await desk.TakenAsync(desk.Slot(1))).ShouldBe(0);
        await desk.Host.RefusedAsync("scheduled_call.id_taken", TestHost.Sdk, wish with { Consumer = wish.Consumer with { Identity = "somebody else" } });
    }

    [Fact]
    public async Task Moving_leaves_one_slot_and_takes_another_in_one_write_or_does_neither()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var (from, to, full) = (desk.Slot(1), desk.Slot(2), desk.Slot(3));
        var id = await desk.BookAsync(from);
        await desk.BookAsync(full, "somebody else");
        await desk.Host.RefusedAsync("scheduled_call.slot_taken", TestHost.Sdk, new MoveScheduledCall(id, full), ifMatch: 1);
        (await desk.TakenAsync(from), await desk.TakenAsync(full)).ShouldBe((1, 1));

        await desk.Host.DoAsync(TestHost.Sdk, new MoveScheduledCall(id, to), ifMatch: 1);
        desk.Host.Together("scheduled_call.moved.v1").ShouldBe(["call_slot.freed.v1", "call_slot.taken.v1", "scheduled_call.moved.v1"]);
        (await desk.TakenAsync(from), await desk.TakenAsync(to)).ShouldBe((0, 1));
        await desk.Host.RefusedAsync("request.stale_version", TestHost.Sdk, new MoveScheduledCall(id, from), ifMatch: 1);
        await desk.Host.RefusedAsync("request.version_missing", TestHost.Sdk, new MoveScheduledCall(id, from));
    }

    [Fact]
    public async Task Cancelling_frees_the_place_and_the_limits()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(1);
        var id = await desk.BookAsync(slot);
        await desk.Host.DoAsync(TestHost.Sdk, new CancelScheduledCall(id), ifMatch: 1);
        (await desk.CallAsync(id)).Status.ShouldBe(ScheduledCallStatus.Cancelled);
        (await desk.TakenAsync(slot)).ShouldBe(0);
        await desk.FireAsync(id, slot);
        desk.Host.Log.Outbox.ShouldNotContain(m => m.Kind == MediaKinds.PlaceLeg);
        for (var i = 2; i < 5; i++)
            await desk.BookAsync(desk.Slot(i));
    }

    [Fact]
    public async Task Nobody_takes_all_slots_and_nobodys_phone_is_booked_full()
    {
        await using var desk = await BookingDesk.OpenAsync();
        for (var i = 0; i < 3; i++)
            await desk.Host.DoAsync(TestHost.Sdk, desk.Wish(desk.Slot(i), "greedy", $"+49301111{i:000}"));
        await desk.Host.RefusedAsync("scheduled_call.too_many", TestHost.Sdk, desk.Wish(desk.Slot(3), "greedy", "+49301111999"));
        for (var i = 4; i < 9; i++)
            await desk.Host.DoAsync(TestHost.Sdk, desk.Wish(desk.Slot(i), $"one of many {i}", "+49302222222"));
        await desk.Host.RefusedAsync("scheduled_call.too_many", TestHost.Sdk, desk.Wish(desk.Slot(9), "one more", "+49302222222"));
        (await desk.TakenAsync(desk.Slot(3)), await desk.TakenAsync(desk.Slot(9))).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_is_booked_stands_when_hours_and_rules_change()
    {
        await using var desk = await BookingDesk.OpenAsync();
        var slot = desk.Slot(1);
        var id = await desk.BookAsync(slot);
        await desk.ConfigureAsync(BookingDesk.Rules with { Enabled = false });
        await desk.Host.DoAsync(
            TestHost.Admin, new SetQueueHours(desk.Center.QueueId, new HoursSchedule("Europe/Berlin")),
            ifMatch: desk.Host.Stream(Aggregates.Queue, desk.Center.QueueId).Count);
        await desk.Host.RefusedAsync("scheduled_call.not_enabled", TestHost.Sdk, desk.Wish(desk.Slot(2), "too late"));
        await desk.FireAsync(id, slot);
        (await desk.CallAsync(id)).Status.ShouldBe(ScheduledCallStatus.Calling);
    }

    [Fact]
    public async Task A_slot_outside_the_hours_that_apply_is_none()
    {
        await using var desk = await BookingDesk.OpenAsync();
        await desk.Host.DoAsync(
            TestHost.Admin, new SetQueueHours(desk.Center.QueueId, new HoursSchedule("Europe/Berlin")),
            ifMatch: desk.Host.Stream(Aggregates.Queue, desk.Center.QueueId).Count);
        await desk.Host.RefusedAsync("scheduled_call.no_such_slot", TestHost.Sdk, desk.Wish(desk.Slot(1)));
    }
}
