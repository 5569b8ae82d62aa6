using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;

namespace ContactCenter.Api.Tests;

/// <summary>Who sees what people said and typed, and what a consumer sees of their own session (MON-1, ADM-4).</summary>
[Collection(ApiTests.Name)]
public sealed class WhoReadsTests(TestApi api)
{
    private const string Said = "my very own words";
    private const string Typed = "plan-platinum";
    private const string Why = "as agreed with the family";

    [Fact]
    public async Task An_auditor_sees_every_fact_and_no_text_in_it()
    {
        var id = await EndedAsync(teamId: null);
        using var auditor = await api.KeyAsync(Permissions.AuditRead);
        using var reader = await api.KeyAsync(Permissions.AuditRead, Permissions.SessionsRead);
        using var monitor = await api.KeyAsync(Permissions.AuditRead, Permissions.MonitoringRead);
        foreach (var path in new[] { $"/v1/sessions/{id}/history", $"/v1/streams/session-{id}" })
        {
            ShouldHideText(await auditor.GetStringAsync(path));
            ShouldShowText(await reader.GetStringAsync(path));
            ShouldShowText(await monitor.GetStringAsync(path));
        }
    }

    [Fact]
    public async Task A_monitor_of_a_team_reads_its_sessions_only()
    {
        var (mine, other) = (await TeamAsync(), await TeamAsync());
        var role = await RoleAsync(new { permission = "audit.read", scope = "all" }, new { permission = "monitoring.read", scope = "assigned_teams" });
        var (_, monitor) = await api.UserAsync([role], [mine]);
        var (near, far) = (await EndedAsync(mine), await EndedAsync(other));
        ShouldShowText(await monitor.GetStringAsync($"/v1/sessions/{near}/history"));
        ShouldShowText(await monitor.GetStringAsync($"/v1/streams/session-{near}"));
        ShouldHideText(await monitor.GetStringAsync($"/v1/sessions/{far}/history"));
        ShouldHideText(await monitor.GetStringAsync($"/v1/streams/session-{far}"));
        // The feed holds every session: part of them is no licence.
        (await monitor.GetAsync("/v1/events")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_was_typed_is_in_the_details_and_no_read_model()
    {
        var id = await EndedAsync(teamId: null);
        var details = await (await api.Admin.GetAsync($"/v1/sessions/{id}")).JsonAsync();
        details.GetProperty("data").GetProperty("plan").GetString().ShouldBe(Typed);
        details.GetProperty("endReason").GetString().ShouldBe(Why);
    }

    [Fact]
    public async Task A_consumer_reads_their_view_and_nothing_of_the_inside_wherever_they_read()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync(members: [agentId]));
        await adapter.AcceptAsync(id);
        await adapter.DoAsync(new() { SendMessage = new() { SessionId = id.ToString(), MessageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString(), Text = "Hello" } });
        (await api.Admin.PatchAsJsonAsync($"/v1/sessions/{id}/customer-flags", new { bad_actor = true })).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var path in new[] { "", "/details", "/transcript" })
        {
            var text = await consumer.GetStringAsync($"/v1/sessions/{id}{path}");
            text.ShouldNotContain(agentId.ToString());
            foreach (var inside in new[] { "flags", "badActor", "participants", "agentId", "endReason", "transfers", "ticket" })
                text.ShouldNotContain(inside);
        }

        using var session = await consumer.GetAsync($"/v1/sessions/{id}");
        (await session.JsonAsync()).GetProperty("agentName").GetString().ShouldBe("Uma User");
        session.Headers.ETag.ShouldNotBeNull();
        (await (await consumer.GetAsync($"/v1/sessions/{id}/transcript")).JsonAsync())[0].GetProperty("text").GetString().ShouldBe("Hello");
        using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream");
        (await stream.NextAsync())!.Value.Data.ToString().ShouldNotContain(agentId.ToString());
        foreach (var path in new[] { "/history", "/live", "/customer-flags", "/ticket" })
            await (await consumer.GetAsync($"/v1/sessions/{id}{path}")).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
    }

    [Fact]
    public async Task Who_was_sent_elsewhere_outside_the_hours_reads_where_to_and_not_why()
    {
        var (id, consumer) = await DeflectedAsync();
        using (consumer)
        {
            foreach (var path in new[] { "", "/details" })
            {
                var text = await consumer.GetStringAsync($"/v1/sessions/{id}{path}");
                text.ShouldContain("We are closed.");
                foreach (var inside in new[] { "why", "queueId", "offered", Typed, "flags", "endReason" })
                    text.ShouldNotContain(inside);
            }

            var written = (await (await consumer.GetAsync($"/v1/sessions/{id}/transcript")).JsonAsync()).EnumerateArray().ShouldHaveSingleItem();
            written.GetProperty("authorId").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
            using var stream = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream");
            (await stream.NextAsync())!.Value.Data.GetProperty("messages")[0].GetProperty("authorId").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        }

        using var auditor = await api.KeyAsync(Permissions.AuditRead);
        var facts = await auditor.GetStringAsync($"/v1/sessions/{id}/history");
        facts.ShouldContain("session.deflected.v1");
        facts.ShouldNotContain(Typed);
    }

    [Fact]
    public async Task An_agent_who_gave_a_session_away_reads_it_until_their_work_after_it_is_done()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync(members: [agentId]));
        await adapter.AcceptAsync(id);
        (await agent.GetAsync($"/v1/sessions/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stream = await EventStream.OpenAsync(agent, $"/v1/sessions/{id}/stream");
        await adapter.DoAsync(new() { Transfer = new() { SessionId = id.ToString(), QueueId = (await api.QueueAsync()).ToString() } });
        (await agent.GetAsync($"/v1/sessions/{id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await adapter.DoAsync(new() { WrapUp = new() { SessionId = id.ToString() } });
        (await consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = Said })).StatusCode.ShouldBe(HttpStatusCode.OK);
        while (await stream.NextAsync() is { } told)
            told.Data.ToString().ShouldNotContain(Said);
        await (await agent.GetAsync($"/v1/sessions/{id}/transcript")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        await (await agent.GetAsync($"/v1/sessions/{id}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
    }

    [Fact]
    public async Task A_message_id_stands_for_one_message()
    {
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        var messageId = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        (await SayAsync("Hello")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await SayAsync("Hello")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await SayAsync("Goodbye")).ShouldRefuseAsync(HttpStatusCode.Conflict, "message.id_taken");

        Task<HttpResponseMessage> SayAsync(string text) => consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { messageId, text });
    }

    private static void ShouldHideText(string facts)
    {
        facts.ShouldContain("session.ended.v2");
        foreach (var text in new[] { Said, Typed, Why })
            facts.ShouldNotContain(text);
    }

    private static void ShouldShowText(string facts)
    {
        foreach (var text in new[] { Said, Typed, Why })
            facts.ShouldContain(text);
    }

    /// <summary>A chat in which something was said and typed, ended by a supervisor.</summary>
    private async Task<Guid> EndedAsync(Guid? teamId)
    {
        var queueId = await api.QueueAsync(teamIds: teamId is { } team ? [team] : []);
        var consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() };
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", new { kind = "chat", channel = "web", queueId, consumer, data = new { plan = Typed } });
        var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var client = api.Client((await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("sessionToken").GetString());
        (await client.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = Said })).StatusCode.ShouldBe(HttpStatusCode.OK);
        HttpStatusCode status;
        do
        {
            // The ticket is linked in between: then it is looked at again.
            using var end = new HttpRequestMessage(HttpMethod.Post, $"/v1/sessions/{id}/end") { Content = JsonContent.Create(new { confirm = true, reason = Why }) };
            end.Headers.IfMatch.Add((await api.Admin.GetAsync($"/v1/sessions/{id}")).Headers.ETag!);
            status = (await api.Admin.SendAsync(end)).StatusCode;
        }
        while (status == HttpStatusCode.PreconditionFailed);
        status.ShouldBe(HttpStatusCode.OK);
        return id;
    }

    /// <summary>A text message to a queue that is never open, answered with the queue's text.</summary>
    private async Task<(Guid Id, HttpClient Consumer)> DeflectedAsync()
    {
        var queueId = await api.QueueAsync("sms");
        await EditAsync("hours", new { timeZone = "Etc/UTC" });
        await EditAsync("deflection", new { sms = new { text = new[] { new { language = "en", message = new { text = "We are closed." } } } } });
        var consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() };
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", new { kind = "chat", channel = "sms", queueId, consumer, data = new { plan = Typed } });
        var started = await answer.JsonAsync(HttpStatusCode.Created);
        return (started.GetProperty("id").GetGuid(), api.Client(started.GetProperty("sessionToken").GetString()));

        async Task EditAsync(string part, object body)
        {
            using var edit = new HttpRequestMessage(HttpMethod.Put, $"/v1/queues/{queueId}/{part}") { Content = JsonContent.Create(body) };
            edit.Headers.IfMatch.Add((await api.Admin.GetAsync($"/v1/queues/{queueId}")).Headers.ETag!);
            (await api.Admin.SendAsync(edit)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private async Task<Guid> TeamAsync() =>
        (await (await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private async Task<Guid> RoleAsync(params object[] grants) =>
        (await (await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "A role", grants })).JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
}
