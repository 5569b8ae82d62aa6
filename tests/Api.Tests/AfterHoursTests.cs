using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Api.Tests.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests;

/// <summary>Hours and deflection from outside: set, asked, lived through.</summary>
[Collection(ApiTests.Name)]
public sealed class AfterHoursTests(TestApi api)
{
    /// <summary>No weekday has hours.</summary>
    private static readonly object Closed = new { timeZone = "Europe/Berlin" };
    private static readonly object Greeting = new[] { new { language = "en", message = new { text = "We are closed." } } };

    [Fact]
    public async Task Hours_are_set_with_the_version_looked_at_previewed_and_given_up()
    {
        var queue = await api.QueueAsync();
        var hours = new
        {
            timeZone = "Europe/Berlin",
            weekly = new { monday = new[] { new { opens = "09:00", closes = "12:00" }, new { opens = "22:00", closes = "02:00" } } },
            exceptions = new[] { new { name = "Christmas", from = "2026-12-25", to = "2026-12-26", yearly = true, closed = true } },
        };
        await (await api.Admin.PutAsJsonAsync($"/v1/queues/{queue}/hours", hours)).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired);
        await EditAsync(HttpMethod.Put, queue, "hours", hours);
        (await SendAsync(HttpMethod.Put, queue, "hours", hours, version: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await GetAsync($"/v1/queues/{queue}/hours")).GetProperty("hours").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");

        var preview = await GetAsync($"/v1/queues/{queue}/hours/preview?from=2026-11-23T00:00:00Z&to=2026-11-25T00:00:00Z");
        preview.GetProperty("appliedHours").GetString().ShouldBe("queue_hours");
        preview.GetProperty("intervals").EnumerateArray().Select(i => $"{i.GetProperty("opens")} {i.GetProperty("closes")}").ShouldBe(
            ["2026-11-23T09:00:00+01:00 2026-11-23T12:00:00+01:00", "2026-11-23T22:00:00+01:00 2026-11-24T02:00:00+01:00"]);

        await EditAsync(HttpMethod.Delete, queue, "hours", body: null);
        (await GetAsync($"/v1/queues/{queue}/hours")).GetProperty("hours").ValueKind.ShouldBe(JsonValueKind.Null);
        var wrong = new { timeZone = "Middle/Earth" };
        await (await SendAsync(HttpMethod.Put, queue, "hours", wrong)).ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Deflection_that_cannot_be_carried_out_is_refused_and_web_has_none()
    {
        var web = await api.QueueAsync();
        await (await SendAsync(HttpMethod.Put, web, "deflection", new { mobile = new { options = new { voicemail = true } } }))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.web_has_none");
        var ivr = await api.QueueAsync("ivr");
        await (await SendAsync(HttpMethod.Put, ivr, "deflection", new { ivr = new { option = "message_only" } }))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing");
        await (await SendAsync(HttpMethod.Put, ivr, "deflection", new { ivr = new { option = "phone_number", phoneNumber = "030 123" } }))
            .ShouldRefuseAsync(HttpStatusCode.BadRequest);

        await EditAsync(HttpMethod.Put, ivr, "deflection", new { ivr = new { option = "message_only", greeting = Greeting } });
        (await GetAsync($"/v1/queues/{ivr}")).GetProperty("deflection").GetProperty("ivr").GetProperty("option").GetString().ShouldBe("message_only");
        await EditAsync(HttpMethod.Delete, ivr, "deflection", body: null);
    }

    [Fact]
    public async Task Two_edits_that_are_only_wrong_together_do_not_both_come_through()
    {
        var (one, other) = (await ClosedAsync("ivr"), await ClosedAsync("ivr"));
        var night = await api.QueueAsync("ivr");
        foreach (var queue in new[] { one, other })
            await EditAsync(HttpMethod.Put, queue, "deflection", new { ivr = new { option = "queue", queueId = night } });
        var answers = await Task.WhenAll(
            SendAsync(HttpMethod.Put, one, "deflection", new { ivr = new { option = "queue", queueId = other } }),
            SendAsync(HttpMethod.Put, other, "deflection", new { ivr = new { option = "queue", queueId = one } }));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        await answers.Single(a => a.StatusCode != HttpStatusCode.OK).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.deflection_cycle");
        var problem = await (await SendAsync(HttpMethod.Delete, night)).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.in_use");
        problem.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBeOneOf($"queues.{one}.deflection.ivr.queueId", $"queues.{other}.deflection.ivr.queueId");
        await (await api.Admin.DeleteAsync($"/v1/queues/{night}")).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");
    }

    [Fact]
    public async Task The_question_what_would_happen_is_answered_for_any_instant_with_the_why()
    {
        var queue = await api.QueueAsync("ivr");
        await EditAsync(HttpMethod.Put, queue, "hours", new
        {
            timeZone = "Europe/Berlin",
            open24Hours = true,
            exceptions = new[] { new { name = "Moving house", from = "2026-12-01", to = "2026-12-01", closed = true } },
        });
        await EditAsync(HttpMethod.Put, queue, "deflection", new { ivr = new { option = "message_only", greeting = Greeting } });

        var open = await DecideAsync("2026-11-30T23:30:00+01:00");
        open.GetProperty("route").GetString().ShouldBe("queue");
        var closed = await DecideAsync("2026-12-01T00:30:00+01:00");
        closed.GetProperty("route").GetString().ShouldBe("message_only");
        closed.GetProperty("message").GetProperty("text").GetString().ShouldBe("We are closed.");
        var why = closed.GetProperty("why").EnumerateArray().ToList();
        why.Select(w => w.GetProperty("rule").GetString()).ShouldBe(["queue_hours", "closed", "queue_deflection"]);
        why[1].GetProperty("exception").GetString().ShouldBe("Moving house");
        why[2].GetProperty("words").GetString()!.ShouldContain("overrides the center's");

        async Task<JsonElement> DecideAsync(string at)
        {
            using var answer = await api.Admin.PostAsJsonAsync("/v1/deflection/decide", new { kind = "call", channel = "ivr", queueId = queue, language = "en", at });
            return await answer.JsonAsync();
        }
    }

    [Fact]
    public async Task A_caller_hears_the_message_and_the_call_ends()
    {
        var queue = await ClosedAsync("ivr", new { ivr = new { option = "message_only", greeting = Greeting } });
        var session = await EndedAsync(await StartAsync(queue, "call", "ivr"));

        session.GetProperty("endReason").GetString().ShouldBe("deflected_message");
        session.GetProperty("queuePath").EnumerateArray().Select(p => p.GetString()).ShouldBe(["Billing"]);
        session.GetProperty("deflection").GetProperty("message").GetProperty("text").GetString().ShouldBe("We are closed.");
    }

    [Fact]
    public async Task A_caller_is_handed_on_to_a_number()
    {
        var queue = await ClosedAsync("ivr", new { ivr = new { option = "phone_number", phoneNumber = "+4930123456" } });
        var id = await StartAsync(queue, "call", "ivr");

        (await EndedAsync(id)).GetProperty("endReason").GetString().ShouldBe("redirected");
        (await GetAsync($"/v1/sessions/{id}/history")).ToString().ShouldContain("session.redirected.v1");
    }

    [Fact]
    public async Task A_caller_sent_on_waits_in_the_other_queue_with_the_path_kept()
    {
        var night = await api.QueueAsync("ivr");
        var queue = await ClosedAsync("ivr", new { ivr = new { option = "queue", queueId = night } });
        var session = await GetAsync($"/v1/sessions/{await StartAsync(queue, "call", "ivr")}");

        session.GetProperty("queueId").GetGuid().ShouldBe(night);
        session.GetProperty("deflection").GetProperty("path").EnumerateArray().Select(p => p.GetGuid()).ShouldBe([queue, night]);
    }

    [Fact]
    public async Task A_text_message_is_answered_with_the_queues_text_and_its_consumer_sees_it()
    {
        var queue = await ClosedAsync("sms", new { sms = new { text = Greeting } });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", Request(queue, "chat", "sms"));
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        var id = started.GetProperty("id").GetGuid();

        var ended = await EndedAsync(id);
        (ended.GetProperty("endReason").GetString(), ended.GetProperty("queuePath")[0].GetString()).ShouldBe(("deflected", "Billing"));
        var written = (await GetAsync($"/v1/sessions/{id}/transcript")).EnumerateArray().ShouldHaveSingleItem();
        (written.GetProperty("from").GetString(), written.GetProperty("text").GetString()).ShouldBe(("system", "We are closed."));
        using var consumer = api.Client(started.GetProperty("sessionToken").GetString());
        using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream");
        var snapshot = (await stream.NextAsync())!.Value;
        snapshot.Name.ShouldBe("snapshot");
        snapshot.Data.GetProperty("session").GetProperty("deflection").GetProperty("route").GetString().ShouldBe("text_message");
    }

    [Fact]
    public async Task Options_are_a_refusal_that_names_them_and_a_choice_is_recorded()
    {
        foreach (var key in new[] { "voicemail_greeting", "voicemail_ask_number", "voicemail_number_entered" })
            await api.Admin.SayAsync(key, "en", new { text = "Speak." });
        var queue = await ClosedAsync("mobile", new { mobile = new { options = new { phoneNumber = "+4930123456", voicemail = true } } });
        var menu = await GetAsync("/v1/entry/menus?channel=mobile&language=en");
        var entry = menu.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("queueId").GetGuid() == queue);
        entry.GetProperty("deflectionOnly").GetBoolean().ShouldBeTrue();
        entry.GetProperty("kinds").GetArrayLength().ShouldBe(0);

        var refused = await (await AskAsync(null)).ShouldRefuseAsync(HttpStatusCode.Conflict, "session.after_hours");
        refused.GetProperty("details").GetProperty("options").EnumerateArray()
            .Select(o => (o.GetProperty("kind").GetString(), o.GetProperty("value").GetString(), o.GetProperty("shownAs").GetString()))
            .ShouldBe([("phone_number", "+4930123456", "call_now"), ("voicemail", null, "leave_a_message")]);
        await (await AskAsync("email")).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "session.deflection_not_offered");

        var id = (await (await AskAsync("phone_number")).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var session = await EndedAsync(id);
        session.GetProperty("endReason").GetString().ShouldBe("deflected");
        session.GetProperty("deflection").GetProperty("choice").GetString().ShouldBe("phone_number");
        using var chat = await api.Admin.PostAsJsonAsync("/v1/deflection/decide", new { kind = "chat", channel = "mobile", queueId = queue, language = "en" });
        (await chat.JsonAsync()).GetProperty("why").EnumerateArray().Single(w => w.GetProperty("rule").GetString() == "option_left_out")
            .GetProperty("words").GetString()!.ShouldEndWith("voicemail is set and left out: only calls from mobile have it.");

        Task<HttpResponseMessage> AskAsync(string? deflection) => api.Admin.PostAsJsonAsync("/v1/sessions", Request(queue, "call", "mobile", deflection));
    }

    [Fact]
    public async Task A_menu_is_shown_in_the_consumers_language()
    {
        var queue = await api.QueueAsync("mobile");
        await EditAsync(HttpMethod.Put, queue, "names", new { names = new[] { new { language = "de", name = "Rechnungen" } } });
        await (await SendAsync(HttpMethod.Put, queue, "names", new { names = new[] { new { language = "de", name = "" } } })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        var own = (await GetAsync($"/v1/queues/{queue}")).GetProperty("name").GetString();

        (await ShownAsync("de-CH")).ShouldBe("Rechnungen");
        (await ShownAsync("fr")).ShouldBe(own);
        (await GetAsync($"/v1/queues/{queue}")).GetProperty("names")[0].GetProperty("language").GetString().ShouldBe("de");

        async Task<string?> ShownAsync(string language) => (await GetAsync($"/v1/entry/menus?channel=mobile&language={language}")).GetProperty("entries")
            .EnumerateArray().Single(e => e.GetProperty("queueId").GetGuid() == queue).GetProperty("name").GetString();
    }

    [Fact]
    public async Task A_queue_moves_with_all_below_it_and_never_below_itself()
    {
        var (root, other) = (await NewAsync("Root", null), await NewAsync("Other", null));
        var child = await NewAsync("Child", root);
        var leaf = await NewAsync("Leaf", child);
        await (await SendAsync(HttpMethod.Post, root, "move", new { parentId = leaf })).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "queue.under_itself");
        await (await SendAsync(HttpMethod.Delete, root)).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.has_children");
        await EditAsync(HttpMethod.Post, child, "move", new { parentId = other });

        (await GetAsync($"/v1/queues/{leaf}")).GetProperty("path").EnumerateArray().Select(p => p.GetString()).ShouldBe(["Other", "Child", "Leaf"]);
        (await GetAsync($"/v1/queues/{child}")).GetProperty("parentId").GetGuid().ShouldBe(other);

        async Task<Guid> NewAsync(string name, Guid? parentId)
        {
            using var answer = await api.Admin.PostAsJsonAsync("/v1/queues", new { name, channel = "ivr", parentId });
            return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }
    }

    [Fact]
    public async Task Who_moves_a_queue_may_change_the_menu_it_leaves_and_the_one_it_comes_to()
    {
        var (ours, theirs) = (await TeamAsync("Ours"), await TeamAsync("Theirs"));
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Keeper of menus", grants = new[] { new { permission = Permissions.SettingsWrite, scope = "assigned_teams" } } });
        var role = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (_, keeper) = await api.UserAsync([role], [ours]);
        var (queue, beside, foreign) = (await api.QueueAsync("ivr", teamIds: [ours]), await api.QueueAsync("ivr", teamIds: [ours]), await api.QueueAsync("ivr", teamIds: [theirs]));

        await (await MoveAsync(queue, foreign)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await MoveAsync(foreign, queue)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await MoveAsync(queue, beside)).JsonAsync();
        await (await MoveAsync(queue, null)).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        (await GetAsync($"/v1/queues/{queue}")).GetProperty("parentId").GetGuid().ShouldBe(beside);
        await EditAsync(HttpMethod.Post, queue, "move", new { parentId = (Guid?)null });

        async Task<HttpResponseMessage> MoveAsync(Guid moved, Guid? parentId) =>
            await keeper.SendWithAsync(HttpMethod.Post, $"/v1/queues/{moved}/move", (await GetAsync($"/v1/queues/{moved}")).GetProperty("version").GetInt64(), new { parentId });

        async Task<Guid> TeamAsync(string name)
        {
            using var answer = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = $"{name} {Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}" });
            return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        }
    }

    [Fact]
    public async Task A_chat_goes_from_the_virtual_agent_to_people_with_all_that_was_said()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await EditAsync(HttpMethod.Put, queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", Request(queue, "chat", "web"));
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        var chat = started.GetProperty("id").GetGuid();
        using var consumer = api.Client(started.GetProperty("sessionToken").GetString());
        await WrittenAsync("Hello, this is the simulated virtual agent Vera.");
        await EventuallyListedAsync("connected");
        using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{chat}/stream");
        var seen = (await stream.NextAsync())!.Value.Data.GetProperty("session");
        (seen.GetProperty("status").GetString(), seen.GetProperty("agentName").GetString(), seen.GetProperty("isVirtualAgent").GetBoolean()).ShouldBe(("connected", "Vera", true));

        await (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = "Please verify me" })).JsonAsync();
        await WrittenAsync("The simulated virtual agent takes you for verified.");
        await (await consumer.PostAsJsonAsync($"/v1/sessions/{chat}/messages", new { text = "A human, please" })).JsonAsync();
        await EventuallyListedAsync("queued");
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        await adapter.AcceptAsync(chat);
        await adapter.StatusAsync(chat, SessionStatus.Connected);
        var session = await GetAsync($"/v1/sessions/{chat}");
        session.GetProperty("flags").GetProperty("verifiedCustomer").GetBoolean().ShouldBeTrue();
        (await GetAsync($"/v1/sessions/{chat}/transcript")).GetArrayLength().ShouldBe(5);
        (await api.Admin.GetStringAsync("/health/ready")).ShouldContain("\"virtual_agents\",\"ok\":true,\"detail\":\"simulated\"");

        async Task WrittenAsync(string text) => await Eventually.TrueAsync(
            async () => (await GetAsync($"/v1/sessions/{chat}/transcript")).EnumerateArray().Any(m => m.GetProperty("text").GetString() == text), TimeSpan.FromSeconds(30));

        async Task EventuallyListedAsync(string page) => await Eventually.TrueAsync(
            async () => (await GetAsync($"/v1/monitoring/chats/{page}?queueId={queue}")).ToString().Contains(chat.ToString(), StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("break", "queued")]
    [InlineData("human", "queued")]
    [InlineData("goodbye", "ended")]
    public async Task A_call_ends_up_where_the_virtual_agent_sends_it(string wish, string status)
    {
        var queue = await api.QueueAsync("ivr");
        await EditAsync(HttpMethod.Put, queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "ivr",
            queueId = queue,
            data = new { simulated_wish = wish },
            consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
        });
        var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await Eventually.TrueAsync(async () => (await GetAsync($"/v1/sessions/{id}")).GetProperty("status").GetString() == status, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_supervisor_ends_what_a_virtual_agent_answers_after_looking_at_it()
    {
        var queue = await api.QueueAsync("ivr");
        await EditAsync(HttpMethod.Put, queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        var id = await StartAsync(queue, "call", "ivr");
        await (await api.Admin.PostAsJsonAsync($"/v1/sessions/{id}/end", new { confirm = false, reason = "stuck" }))
            .ShouldRefuseAsync(HttpStatusCode.Conflict, "session.confirmation_required");
        await Eventually.TrueAsync(async () => (await GetAsync($"/v1/sessions/{id}")).GetProperty("ticketId").ValueKind == JsonValueKind.String, TimeSpan.FromSeconds(30));
        var version = (await GetAsync($"/v1/sessions/{id}")).GetProperty("version").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sessions/{id}/end") { Content = JsonContent.Create(new { confirm = true, reason = "stuck" }) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version.ToString(CultureInfo.InvariantCulture)}\"");
        await (await api.Admin.SendAsync(request)).JsonAsync();

        (await EndedAsync(id)).GetProperty("endedBy").GetString().ShouldBe("supervisor");
        (await GetAsync($"/v1/sessions/{id}/history")).ToString().ShouldContain("session.virtual_agent_left.v1");
    }

    [Fact]
    public async Task A_virtual_agent_that_is_always_there_keeps_a_closed_queue_taking_contacts()
    {
        var queue = await ClosedAsync("ivr", new { ivr = new { option = "message_only", greeting = Greeting } });
        await EditAsync(HttpMethod.Put, queue, "virtual-agent", new { name = "Ada", connector = "simulated", availability = "always" });
        (await GetAsync($"/v1/sessions/{await StartAsync(queue, "call", "ivr")}")).GetProperty("status").GetString().ShouldBe("virtual_agent");
        await EditAsync(HttpMethod.Delete, queue, "virtual-agent", body: null);
        (await GetAsync($"/v1/queues/{queue}/virtual-agent")).GetProperty("virtualAgent").ValueKind.ShouldBe(JsonValueKind.Null);

        await EditAsync(HttpMethod.Put, queue, "scheduled-calls", new { enabled = true, slotMinutes = 30, callsPerSlot = 2, daysAhead = 14, leadMinutes = 60 });
        (await GetAsync($"/v1/queues/{queue}/scheduled-calls")).GetProperty("rules").GetProperty("slotMinutes").GetInt32().ShouldBe(30);
    }

    [Fact]
    public async Task A_target_that_closed_since_the_list_was_fetched_takes_no_transfer()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var (from, to) = (await api.QueueAsync(members: [agentId]), await api.QueueAsync());
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, _) = await api.SessionAsync(from);
        await adapter.AcceptAsync(chat);
        await adapter.StatusAsync(chat, SessionStatus.Connected);

        (await TargetsAsync()).ShouldContain(to);
        await adapter.DoAsync(new() { ListTransferTargets = new() { SessionId = chat.ToString() } });
        (await adapter.ToldAsync(c => c.TransferTargets != null)).TransferTargets.Targets.ShouldContain(t => t.QueueId == to.ToString() && t.IsOpen);

        await EditAsync(HttpMethod.Put, to, "hours", Closed);
        (await TargetsAsync()).ShouldNotContain(to);
        await (await agent.PostAsJsonAsync($"/v1/sessions/{chat}/transfer", new { queueId = to })).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.not_a_transfer_target");
        (await adapter.AskAsync(new() { Transfer = new() { SessionId = chat.ToString(), QueueId = to.ToString() } })).Code.ShouldBe("queue.not_a_transfer_target");
        (await adapter.AskAsync(new() { ListTransferTargets = new() { SessionId = "x" } })).Code.ShouldBe("request.invalid");

        async Task<List<Guid>> TargetsAsync()
        {
            using var answer = await agent.GetAsync($"/v1/sessions/{chat}/transfer-targets");
            return [.. (await answer.JsonAsync()).EnumerateArray().Select(t => t.GetProperty("queueId").GetGuid())];
        }
    }

    private static object Request(Guid queueId, string kind, string channel, string? deflection = null) => new
    {
        kind,
        channel,
        queueId,
        deflection,
        consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
    };

    private async Task<Guid> ClosedAsync(string channel, object? deflection = null)
    {
        var queue = await api.QueueAsync(channel);
        await EditAsync(HttpMethod.Put, queue, "hours", Closed);
        if (deflection is not null)
            await EditAsync(HttpMethod.Put, queue, "deflection", deflection);
        return queue;
    }

    private async Task<Guid> StartAsync(Guid queueId, string kind, string channel)
    {
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", Request(queueId, kind, channel));
        return (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private async Task<JsonElement> EndedAsync(Guid sessionId)
    {
        JsonElement session = default;
        await Eventually.TrueAsync(
            async () => (session = await GetAsync($"/v1/sessions/{sessionId}")).GetProperty("status").GetString() == "ended", TimeSpan.FromSeconds(60));
        return session;
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await api.Admin.GetAsync(path);
        return await answer.JsonAsync();
    }

    private async Task EditAsync(HttpMethod method, Guid queueId, string part, object? body)
    {
        using var answer = await SendAsync(method, queueId, part, body);
        await answer.JsonAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Guid queueId, string part = "", object? body = null, long? version = null)
    {
        version ??= (await GetAsync($"/v1/queues/{queueId}")).GetProperty("version").GetInt64();
        using var request = new HttpRequestMessage(method, $"/v1/queues/{queueId}/{part}".TrimEnd('/')) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version.Value.ToString(CultureInfo.InvariantCulture)}\"");
        return await api.Admin.SendAsync(request);
    }
}
