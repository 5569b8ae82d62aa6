using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Settings;

namespace ContactCenter.Api.Tests.Queues;

/// <summary>Hours and deflection from outside: set, asked, lived through.</summary>
[Collection(ApiTests.Name)]
public sealed class AfterHoursTests(TestApi api)
{
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
        await api.EditAsync(queue, "hours", hours);
        (await api.TryEditAsync(HttpMethod.Put, queue, "hours", hours, version: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await api.ReadAsync($"/v1/queues/{queue}/hours")).GetProperty("hours").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");

        var preview = await api.ReadAsync($"/v1/queues/{queue}/hours/preview?from=2026-11-23T00:00:00Z&to=2026-11-25T00:00:00Z");
        preview.GetProperty("appliedHours").GetString().ShouldBe("queue_hours");
        preview.GetProperty("intervals").EnumerateArray().Select(i => $"{i.GetProperty("opens")} {i.GetProperty("closes")}").ShouldBe(
            ["2026-11-23T09:00:00+01:00 2026-11-23T12:00:00+01:00", "2026-11-23T22:00:00+01:00 2026-11-24T02:00:00+01:00"]);

        await api.EditAsync(queue, "hours", null, HttpMethod.Delete);
        (await api.ReadAsync($"/v1/queues/{queue}/hours")).GetProperty("hours").ValueKind.ShouldBe(JsonValueKind.Null);
        var wrong = new { timeZone = "Middle/Earth" };
        await (await api.TryEditAsync(HttpMethod.Put, queue, "hours", wrong)).ShouldRefuseAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Deflection_that_cannot_be_carried_out_is_refused_and_web_has_none()
    {
        var web = await api.QueueAsync();
        await (await api.TryEditAsync(HttpMethod.Put, web, "deflection", new { mobile = new { options = new { voicemail = true } } }))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.web_has_none");
        var ivr = await api.QueueAsync("ivr");
        await (await api.TryEditAsync(HttpMethod.Put, ivr, "deflection", new { ivr = new { option = "message_only" } }))
            .ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.message_missing");
        await (await api.TryEditAsync(HttpMethod.Put, ivr, "deflection", new { ivr = new { option = "phone_number", phoneNumber = "030 123" } }))
            .ShouldRefuseAsync(HttpStatusCode.BadRequest);

        await api.EditAsync(ivr, "deflection", new { ivr = new { option = "message_only", greeting = Greeting } });
        (await api.ReadAsync($"/v1/queues/{ivr}")).GetProperty("deflection").GetProperty("ivr").GetProperty("option").GetString().ShouldBe("message_only");
        await api.EditAsync(ivr, "deflection", null, HttpMethod.Delete);
    }

    [Fact]
    public async Task Two_edits_that_are_only_wrong_together_do_not_both_come_through()
    {
        var (one, other) = (await api.ClosedAsync("ivr"), await api.ClosedAsync("ivr"));
        var night = await api.QueueAsync("ivr");
        foreach (var queue in new[] { one, other })
            await api.EditAsync(queue, "deflection", new { ivr = new { option = "queue", queueId = night } });
        var answers = await Task.WhenAll(
            api.TryEditAsync(HttpMethod.Put, one, "deflection", new { ivr = new { option = "queue", queueId = other } }),
            api.TryEditAsync(HttpMethod.Put, other, "deflection", new { ivr = new { option = "queue", queueId = one } }));

        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        await answers.Single(a => a.StatusCode != HttpStatusCode.OK).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.deflection_cycle");
        var problem = await (await api.TryEditAsync(HttpMethod.Delete, night)).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.in_use");
        problem.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBeOneOf($"queues.{one}.deflection.ivr.queueId", $"queues.{other}.deflection.ivr.queueId");
        await (await api.Admin.DeleteAsync($"/v1/queues/{night}")).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");
    }

    [Fact]
    public async Task The_question_what_would_happen_is_answered_for_any_instant_with_the_why()
    {
        var queue = await api.QueueAsync("ivr");
        await api.EditAsync(queue, "hours", new
        {
            timeZone = "Europe/Berlin",
            open24Hours = true,
            exceptions = new[] { new { name = "Moving house", from = "2026-12-01", to = "2026-12-01", closed = true } },
        });
        await api.EditAsync(queue, "deflection", new { ivr = new { option = "message_only", greeting = Greeting } });

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
        var queue = await api.ClosedAsync("ivr", new { ivr = new { option = "message_only", greeting = Greeting } });
        var session = await api.EndedAsync(await api.StartAsync(queue, "call", "ivr"));

        session.GetProperty("endReason").GetString().ShouldBe("deflected_message");
        session.GetProperty("queuePath").EnumerateArray().Select(p => p.GetString()).ShouldBe(["Billing"]);
        session.GetProperty("deflection").GetProperty("message").GetProperty("text").GetString().ShouldBe("We are closed.");
    }

    [Fact]
    public async Task A_caller_is_handed_on_to_a_number()
    {
        var queue = await api.ClosedAsync("ivr", new { ivr = new { option = "phone_number", phoneNumber = "+4930123456" } });
        var id = await api.StartAsync(queue, "call", "ivr");

        (await api.EndedAsync(id)).GetProperty("endReason").GetString().ShouldBe("redirected");
        (await api.ReadAsync($"/v1/sessions/{id}/history")).ToString().ShouldContain("session.redirected.v1");
    }

    [Fact]
    public async Task A_caller_sent_on_waits_in_the_other_queue_with_the_path_kept()
    {
        var night = await api.QueueAsync("ivr");
        var queue = await api.ClosedAsync("ivr", new { ivr = new { option = "queue", queueId = night } });
        var session = await api.ReadAsync($"/v1/sessions/{await api.StartAsync(queue, "call", "ivr")}");

        session.GetProperty("queueId").GetGuid().ShouldBe(night);
        session.GetProperty("deflection").GetProperty("path").EnumerateArray().Select(p => p.GetGuid()).ShouldBe([queue, night]);
    }

    [Fact]
    public async Task A_text_message_is_answered_with_the_queues_text_and_its_consumer_sees_it()
    {
        var queue = await api.ClosedAsync("sms", new { sms = new { text = Greeting } });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", QueueClient.Request(queue, "chat", "sms"));
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        var id = started.GetProperty("id").GetGuid();

        var ended = await api.EndedAsync(id);
        (ended.GetProperty("endReason").GetString(), ended.GetProperty("queuePath")[0].GetString()).ShouldBe(("deflected", "Billing"));
        var written = (await api.ReadAsync($"/v1/sessions/{id}/transcript")).EnumerateArray().ShouldHaveSingleItem();
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
        var queue = await api.ClosedAsync("mobile", new { mobile = new { options = new { phoneNumber = "+4930123456", voicemail = true } } });
        var menu = await api.ReadAsync("/v1/entry/menus?channel=mobile&language=en");
        var entry = menu.GetProperty("entries").EnumerateArray().Single(e => e.GetProperty("queueId").GetGuid() == queue);
        entry.GetProperty("deflectionOnly").GetBoolean().ShouldBeTrue();
        entry.GetProperty("kinds").GetArrayLength().ShouldBe(0);

        var refused = await (await AskAsync(null)).ShouldRefuseAsync(HttpStatusCode.Conflict, "session.after_hours");
        refused.GetProperty("details").GetProperty("options").EnumerateArray()
            .Select(o => (o.GetProperty("kind").GetString(), o.GetProperty("value").GetString(), o.GetProperty("shownAs").GetString()))
            .ShouldBe([("phone_number", "+4930123456", "call_now"), ("voicemail", null, "leave_a_message")]);
        await (await AskAsync("email")).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "session.deflection_not_offered");

        var id = (await (await AskAsync("phone_number")).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var session = await api.EndedAsync(id);
        session.GetProperty("endReason").GetString().ShouldBe("deflected");
        session.GetProperty("deflection").GetProperty("choice").GetString().ShouldBe("phone_number");
        using var chat = await api.Admin.PostAsJsonAsync("/v1/deflection/decide", new { kind = "chat", channel = "mobile", queueId = queue, language = "en" });
        (await chat.JsonAsync()).GetProperty("why").EnumerateArray().Single(w => w.GetProperty("rule").GetString() == "option_left_out")
            .GetProperty("words").GetString()!.ShouldEndWith("voicemail is set and left out: only calls from mobile have it.");

        Task<HttpResponseMessage> AskAsync(string? deflection) => api.Admin.PostAsJsonAsync("/v1/sessions", QueueClient.Request(queue, "call", "mobile", deflection));
    }
}
