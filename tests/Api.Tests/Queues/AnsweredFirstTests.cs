using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests.Queues;

/// <summary>Contacts that a virtual agent answers first, until it ends them or people take over.</summary>
[Collection(ApiTests.Name)]
public sealed class AnsweredFirstTests(TestApi api)
{
    [Fact]
    public async Task A_chat_goes_from_the_virtual_agent_to_people_with_all_that_was_said()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var queue = await api.QueueAsync(members: [agentId]);
        await api.EditAsync(queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", QueueClient.Request(queue, "chat", "web"));
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
        var session = await api.ReadAsync($"/v1/sessions/{chat}");
        session.GetProperty("flags").GetProperty("verifiedCustomer").GetBoolean().ShouldBeTrue();
        (await api.ReadAsync($"/v1/sessions/{chat}/transcript")).GetArrayLength().ShouldBe(5);
        (await api.Admin.GetStringAsync("/health/ready")).ShouldContain("\"virtual_agents\",\"ok\":true,\"detail\":\"simulated\"");

        async Task WrittenAsync(string text) => await Eventually.TrueAsync(
            async () => (await api.ReadAsync($"/v1/sessions/{chat}/transcript")).EnumerateArray().Any(m => m.GetProperty("text").GetString() == text), TimeSpan.FromSeconds(30));

        async Task EventuallyListedAsync(string page) => await Eventually.TrueAsync(
            async () => (await api.ReadAsync($"/v1/monitoring/chats/{page}?queueId={queue}")).ToString().Contains(chat.ToString(), StringComparison.Ordinal), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("break", "queued")]
    [InlineData("human", "queued")]
    [InlineData("goodbye", "ended")]
    public async Task A_call_ends_up_where_the_virtual_agent_sends_it(string wish, string status)
    {
        var queue = await api.QueueAsync("ivr");
        await api.EditAsync(queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        using var answer = await api.Admin.PostAsJsonAsync("/v1/sessions", new
        {
            kind = "call",
            channel = "ivr",
            queueId = queue,
            data = new { simulated_wish = wish },
            consumer = new { kind = "visitor", identity = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString() },
        });
        var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await Eventually.TrueAsync(async () => (await api.ReadAsync($"/v1/sessions/{id}")).GetProperty("status").GetString() == status, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_supervisor_ends_what_a_virtual_agent_answers_after_looking_at_it()
    {
        var queue = await api.QueueAsync("ivr");
        await api.EditAsync(queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        var id = await api.StartAsync(queue, "call", "ivr");
        await (await api.Admin.PostAsJsonAsync($"/v1/sessions/{id}/end", new { confirm = false, reason = "stuck" }))
            .ShouldRefuseAsync(HttpStatusCode.Conflict, "session.confirmation_required");
        await Eventually.TrueAsync(async () => (await api.ReadAsync($"/v1/sessions/{id}")).GetProperty("ticketId").ValueKind == JsonValueKind.String, TimeSpan.FromSeconds(30));
        using var ended = await api.Admin.SendWithAsync(
            HttpMethod.Post, $"/v1/sessions/{id}/end", await api.VersionAsync($"/v1/sessions/{id}"), new { confirm = true, reason = "stuck" });
        await ended.JsonAsync();

        (await api.EndedAsync(id)).GetProperty("endedBy").GetString().ShouldBe("supervisor");
        (await api.ReadAsync($"/v1/sessions/{id}/history")).ToString().ShouldContain("session.virtual_agent_left.v1");
    }

    [Fact]
    public async Task A_virtual_agent_that_is_always_there_keeps_a_closed_queue_taking_contacts()
    {
        var queue = await api.ClosedAsync("ivr", new { ivr = new { option = "message_only", greeting = new[] { new { language = "en", message = new { text = "We are closed." } } } } });
        await api.EditAsync(queue, "virtual-agent", new { name = "Ada", connector = "simulated", availability = "always" });
        (await api.ReadAsync($"/v1/sessions/{await api.StartAsync(queue, "call", "ivr")}")).GetProperty("status").GetString().ShouldBe("virtual_agent");
        await api.EditAsync(queue, "virtual-agent", null, HttpMethod.Delete);
        (await api.ReadAsync($"/v1/queues/{queue}/virtual-agent")).GetProperty("virtualAgent").ValueKind.ShouldBe(JsonValueKind.Null);

        await api.EditAsync(queue, "scheduled-calls", new { enabled = true, slotMinutes = 30, callsPerSlot = 2, daysAhead = 14, leadMinutes = 60 });
        (await api.ReadAsync($"/v1/queues/{queue}/scheduled-calls")).GetProperty("rules").GetProperty("slotMinutes").GetInt32().ShouldBe(30);
    }
}
