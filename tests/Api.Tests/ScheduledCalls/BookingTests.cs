using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Queues;
using ContactCenter.Api.Tests.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Api.Tests.ScheduledCalls;

/// <summary>Booked calls over REST: found, booked, moved, cancelled (AHD-11).</summary>
[Collection(ApiTests.Name)]
public sealed class BookingTests(TestApi api)
{
    [Fact]
    public async Task Free_slots_are_found_and_a_booked_one_is_gone()
    {
        var queue = await api.BookableQueueAsync();
        using var sdk = await api.KeyAsync(Permissions.EntryWrite);
        var slots = await sdk.SlotsAsync(queue);
        slots.Length.ShouldBeInRange(670, 672);
        using var booked = await sdk.PostAsJsonAsync("/v1/scheduled-calls", BookingClient.Wish(queue, slots[3], phoneNumber: BookingClient.AnyNumber()));
        booked.Headers.Location!.ToString().ShouldBe($"/v1/scheduled-calls/{(await booked.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetString()}");
        await Eventually.TrueAsync(async () => !(await sdk.SlotsAsync(queue)).Contains(slots[3]));
        (await sdk.SlotsAsync(queue)).ShouldContain(slots[4]);

        using var second = await sdk.PostAsJsonAsync("/v1/scheduled-calls", BookingClient.Wish(queue, slots[3], phoneNumber: BookingClient.AnyNumber()));
        await second.ShouldRefuseAsync(HttpStatusCode.Conflict, "scheduled_call.slot_taken");
        using var between = await sdk.PostAsJsonAsync("/v1/scheduled-calls", BookingClient.Wish(queue, "2031-01-01T10:07:00Z"));
        await between.ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "scheduled_call.no_such_slot");
    }

    [Fact]
    public async Task Of_fifty_that_want_the_last_place_at_once_on_two_nodes_one_has_it_and_the_others_are_told()
    {
        var other = await api.AnotherNodeAsync();
        var queue = await api.BookableQueueAsync(places: 2);
        var slot = (await api.Admin.SlotsAsync(queue))[5];
        await api.BookAsync(queue, slot);
        await Eventually.TrueAsync(async () => (await other.Admin.GetAsync($"/v1/queues/{queue}/slots")).IsSuccessStatusCode);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? api : other).Admin.PostAsJsonAsync(
            "/v1/scheduled-calls", BookingClient.Wish(queue, slot, phoneNumber: BookingClient.AnyNumber()))));
        await other.DisposeAsync();
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
            await refused.ShouldRefuseAsync(HttpStatusCode.Conflict, "scheduled_call.slot_taken");
    }

    [Fact]
    public async Task A_change_of_hours_says_how_many_booked_calls_lie_outside_and_they_stand()
    {
        var queue = await api.BookableQueueAsync();
        var slots = await api.Admin.SlotsAsync(queue);
        var (gone, _, _) = await api.BookAsync(queue, slots[4]);
        var (booked, _, _) = await api.BookAsync(queue, slots[6]);
        using (var cancelled = await api.Admin.SendWithAsync(HttpMethod.Delete, $"/v1/scheduled-calls/{gone}", await api.VersionAsync($"/v1/scheduled-calls/{gone}")))
            await cancelled.JsonAsync();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/scheduled-calls?queueId={queue}&status=booked");
            return (await answer.JsonAsync()).GetProperty("items").GetArrayLength() == 1;
        });
        var before = await CountAsync("/v1/settings/hours", new { });

        (await CountAsync($"/v1/queues/{queue}/hours", new { timeZone = "Etc/UTC", open24Hours = true })).ShouldBe(0);
        (await CountAsync($"/v1/queues/{queue}/hours", new { timeZone = "Etc/UTC" })).ShouldBe(1);
        (await CountAsync("/v1/settings/hours", new { })).ShouldBe(before + 1);
        (await CountAsync($"/v1/queues/{queue}/hours", body: null)).ShouldBe(0);
        (await api.Admin.CallAsync(booked)).GetProperty("status").GetString().ShouldBe("booked");

        async Task<int> CountAsync(string path, object? body)
        {
            var looked = await api.VersionAsync(path.StartsWith("/v1/queues", StringComparison.Ordinal) ? $"/v1/queues/{queue}" : path);
            using var answer = await api.Admin.SendWithAsync(body is null ? HttpMethod.Delete : HttpMethod.Put, path, looked, body);
            return (await answer.JsonAsync()).GetProperty("bookingsOutside").GetInt32();
        }
    }

    [Fact]
    public async Task A_change_of_hours_that_is_made_is_answered_while_booked_calls_cannot_be_counted()
    {
        await using var own = new TestApi();
        await own.InitializeAsync();
        var queue = await own.BookableQueueAsync();
        var (ofQueue, ofAll) = ($"/v1/queues/{queue}/hours", "/v1/settings/hours");
        // As while the list of booked calls is being built: there is none to read.
        await RenameAsync("scheduled_calls", "not_built_yet");
        (await ChangeAsync(HttpMethod.Put, ofQueue, new { timeZone = "Etc/UTC" })).ValueKind.ShouldBe(JsonValueKind.Null);
        (await ChangeAsync(HttpMethod.Put, ofAll, new { global = SettingsClient.Office })).ValueKind.ShouldBe(JsonValueKind.Null);
        (await ChangeAsync(HttpMethod.Delete, ofQueue, body: null)).ValueKind.ShouldBe(JsonValueKind.Null);
        await RenameAsync("not_built_yet", "scheduled_calls");
        (await ChangeAsync(HttpMethod.Put, ofAll, new { })).GetInt32().ShouldBe(0);

        async Task<JsonElement> ChangeAsync(HttpMethod method, string path, object? body)
        {
            var looked = await own.VersionAsync(path);
            using var answer = await own.Admin.SendWithAsync(method, path, looked, body);
            var receipt = await answer.JsonAsync();
            receipt.GetProperty("version").GetInt64().ShouldBe(looked + 1);
            return receipt.GetProperty("bookingsOutside");
        }

        async Task RenameAsync(string from, string to)
        {
            await using var rename = own.Get<NpgsqlDataSource>().CreateCommand($"alter view read_models.{from} rename to {to}");
            await rename.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task One_consumer_has_one_place_of_a_slot_however_many_are_free()
    {
        var queue = await api.BookableQueueAsync(places: 5);
        var slots = await api.Admin.SlotsAsync(queue);
        var visitor = $"{Guid.CreateVersion7(TimeProvider.System.GetUtcNow())}";
        using var first = await BookAsync(slots[5]);
        await first.JsonAsync(HttpStatusCode.Created);
        using var again = await BookAsync(slots[5]);
        await again.ShouldRefuseAsync(HttpStatusCode.Conflict, "scheduled_call.consumer_in_slot");
        using var later = await BookAsync(slots[6]);
        var id = (await later.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var moved = await api.Admin.SendWithAsync(HttpMethod.Post, $"/v1/scheduled-calls/{id}/move", 1, new { startsAt = slots[5] });
        await moved.ShouldRefuseAsync(HttpStatusCode.Conflict, "scheduled_call.consumer_in_slot");

        Task<HttpResponseMessage> BookAsync(string slot) => api.Admin.PostAsJsonAsync(
            "/v1/scheduled-calls", BookingClient.Wish(queue, slot, visitor, BookingClient.AnyNumber()));
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_booking_with_the_same_token()
    {
        var queue = await api.BookableQueueAsync(places: 5);
        var wish = BookingClient.Wish(queue, (await api.Admin.SlotsAsync(queue))[7], phoneNumber: BookingClient.AnyNumber());
        var (first, again) = (await SendAsync(), await SendAsync());
        again.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        again.GetProperty("version").GetInt64().ShouldBe(1);
        again.GetProperty("sessionToken").GetString().ShouldBe(first.GetProperty("sessionToken").GetString());

        async Task<JsonElement> SendAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/scheduled-calls") { Content = JsonContent.Create(wish) };
            request.Headers.Add("Idempotency-Key", $"booking-{queue}");
            using var answer = await api.Admin.SendAsync(request);
            return await answer.JsonAsync(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Its_consumer_looks_at_it_moves_it_and_gives_it_up_and_nobody_elses()
    {
        var queue = await api.BookableQueueAsync();
        var slots = await api.Admin.SlotsAsync(queue);
        var (id, _, consumer) = await api.BookAsync(queue, slots[8], number: BookingClient.Number);
        var (_, _, stranger) = await api.BookAsync(queue, slots[9]);
        (await consumer.CallAsync(id)).GetProperty("phoneNumber").GetString().ShouldBe("…21");
        using (var foreign = await stranger.GetAsync($"/v1/scheduled-calls/{id}"))
            await foreign.ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");

        using (var unseen = await consumer.SendWithAsync(HttpMethod.Post, $"/v1/scheduled-calls/{id}/move", version: null, new { startsAt = slots[10] }))
            await unseen.ShouldRefuseAsync(HttpStatusCode.PreconditionRequired);
        using (var moved = await consumer.SendWithAsync(HttpMethod.Post, $"/v1/scheduled-calls/{id}/move", 1, new { startsAt = slots[10] }))
            moved.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var stale = await consumer.SendWithAsync(HttpMethod.Delete, $"/v1/scheduled-calls/{id}", 1))
            await stale.ShouldRefuseAsync(HttpStatusCode.PreconditionFailed);
        using (var foreign = await stranger.SendWithAsync(HttpMethod.Delete, $"/v1/scheduled-calls/{id}", 2))
            await foreign.ShouldRefuseAsync(HttpStatusCode.Forbidden);
        using (var cancelled = await consumer.SendWithAsync(HttpMethod.Delete, $"/v1/scheduled-calls/{id}", 2))
            cancelled.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await consumer.CallAsync(id)).GetProperty("status").GetString().ShouldBe("cancelled");
        await Eventually.TrueAsync(async () => (await api.Admin.SlotsAsync(queue)).Intersect([slots[8], slots[9], slots[10]]).SequenceEqual([slots[8], slots[10]]));
    }

    [Fact]
    public async Task Staff_see_the_calls_of_their_queues_with_the_number_in_details_only()
    {
        var (agent, handler) = await api.UserAsync([BuiltInRoles.Agent]);
        var (mine, others) = (await api.BookableQueueAsync(members: [agent]), await api.BookableQueueAsync());
        var slot = (await api.Admin.SlotsAsync(mine))[12];
        var (id, _, _) = await api.BookAsync(mine, slot, number: BookingClient.Number);
        var (foreign, _, _) = await api.BookAsync(others, slot);

        await Eventually.TrueAsync(async () => (await ListAsync(handler, "?status=booked")).Length == 1);
        var row = (await ListAsync(handler, $"?queueId={mine}&from={Uri.EscapeDataString(slot)}")).ShouldHaveSingleItem();
        (row.GetProperty("scheduledCallId").GetGuid(), row.GetProperty("phoneNumber").GetString()).ShouldBe((id, "…21"));
        (await ListAsync(handler, $"?to={Uri.EscapeDataString(slot)}")).ShouldBeEmpty();
        (await handler.CallAsync(id)).GetProperty("phoneNumber").GetString().ShouldBe(BookingClient.Number);
        using var refused = await handler.GetAsync($"/v1/scheduled-calls/{foreign}");
        await refused.ShouldRefuseAsync(HttpStatusCode.NotFound, "scheduled_call.not_found");
        await Eventually.TrueAsync(async () => (await ListAsync(api.Admin, $"?queueId={others}&status=booked")).Length == 1);

        static async Task<JsonElement[]> ListAsync(HttpClient client, string query)
        {
            using var answer = await client.GetAsync("/v1/scheduled-calls" + query);
            return [.. (await answer.JsonAsync()).GetProperty("items").EnumerateArray()];
        }
    }

    [Fact]
    public async Task The_menu_leads_to_the_slots_and_a_session_cannot_be_begun_instead()
    {
        var queue = await api.BookableQueueAsync(channel: "mobile");
        (await NodeAsync()).GetProperty("slots").GetString().ShouldBe($"/v1/queues/{queue}/slots");
        await api.EditAsync(queue, "hours", new { timeZone = "Europe/Berlin" });
        await api.EditAsync(queue, "deflection", new { mobile = new { options = new { scheduledCall = true } } });
        var option = (await NodeAsync()).GetProperty("options").EnumerateArray().ShouldHaveSingleItem();
        (option.GetProperty("kind").GetString(), option.GetProperty("href").GetString()).ShouldBe(("scheduled_call", $"/v1/queues/{queue}/slots"));

        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "mobile",
            queueId = queue,
            deflection = "scheduled_call",
            consumer = new { kind = "visitor", identity = "somebody" },
        });
        var problem = await answer.ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "session.book_a_slot");
        problem.GetProperty("details").GetProperty("options")[0].GetProperty("href").GetString().ShouldBe($"/v1/queues/{queue}/slots");

        async Task<JsonElement> NodeAsync()
        {
            using var menu = await api.Admin.GetAsync("/v1/entry/menus?channel=mobile");
            return (await menu.JsonAsync()).GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("queueId").GetGuid() == queue);
        }
    }
}
