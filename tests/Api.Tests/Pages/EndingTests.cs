using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using SessionStatus = ContactCenter.V1.SessionStatus;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>A supervisor ends sessions and signs agents out (END-1 to END-4), and sees what they may do (MON-4).</summary>
[Collection(WatchingTests.Name)]
public sealed class EndingTests(TestApi api)
{
    [Theory]
    [InlineData("chat", true)]
    [InlineData("call", true)]
    [InlineData("chat", false)]
    [InlineData("call", false)]
    public async Task A_session_ends_with_all_that_hangs_on_it_from_connected_and_from_queued(string kind, bool connected)
    {
        await using var floor = await Floor.OpenAsync(api);
        var idle = await api.QueueAsync(teamIds: [floor.Team]);
        var (id, consumer) = connected ? await floor.ConnectedAsync(kind) : await api.SessionAsync(idle, kind);
        using var told = await EventStream.OpenAsync(consumer, $"/v1/sessions/{id}/stream");
        using var details = await floor.Manager.GetAsync($"/v1/sessions/{id}/details");
        ActionsOf(await details.JsonAsync()).ShouldContain("end");

        using var ended = await EndAsync(floor.Manager, id, details.Headers.ETag!.Tag);
        if (ended.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            // A ticket was linked meanwhile: what was looked at is not what is there.
            using var again = await EndAsync(floor.Manager, id, ended.Headers.ETag?.Tag ?? (await floor.Manager.GetAsync($"/v1/sessions/{id}")).Headers.ETag!.Tag);
            await again.JsonAsync();
        }
        else
        {
            await ended.JsonAsync();
        }

        for (var change = await told.NextAsync(); change is not null && change.Value.Name != "ended"; change = await told.NextAsync())
        {
            if (change.Value.Data.TryGetProperty("status", out var status) && status.GetString() == "ended")
                break;
        }

        var fact = (SessionEnded)(await SessionFactsAsync(id)).Single(e => e is SessionEnded);
        (fact.By, fact.Reason, fact.Words!.Value.Value).ShouldBe((Domain.Sessions.SessionParty.Supervisor, "ended_by_supervisor", "Abuse."));
        fact.ById.ShouldNotBeNull();
        if (connected)
        {
            await floor.Adapter.StatusAsync(id, SessionStatus.Ended);
            await Eventually.TrueAsync(async () =>
                (await (await floor.Manager.GetAsync($"/v1/agents/{floor.AgentId}")).JsonAsync()).GetProperty("work").GetArrayLength() == 0);
        }

        ActionsOf(await (await floor.Manager.GetAsync($"/v1/sessions/{id}/details")).JsonAsync()).ShouldBeEmpty();
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync($"/v1/monitoring/{kind}s/{(connected ? "connected" : "queued")}?search={id}")).Count == 0);
    }

    [Fact]
    public async Task Nothing_ends_unseen()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync();
        var unconfirmed = await (await floor.Manager.PostAsJsonAsync($"/v1/sessions/{id}/end", new { }))
            .ShouldRefuseAsync(HttpStatusCode.Conflict, "session.confirmation_required");
        unconfirmed.GetProperty("details").GetProperty("sessionId").GetGuid().ShouldBe(id);
        await (await EndAsync(floor.Manager, id, tag: null)).ShouldRefuseAsync((HttpStatusCode)428);
        await (await EndAsync(floor.Manager, id, "\"1\"")).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed);
        await (await api.Admin.PostAsJsonAsync($"/v1/sessions/{Guid.CreateVersion7()}/end", new { })).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        (await SessionFactsAsync(id)).ShouldNotContain(e => e is SessionEnded);
    }

    [Fact]
    public async Task The_details_are_live_with_what_may_be_done_and_equal_a_fresh_read()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync("call");
        using var seen = await EventStream.OpenAsync(floor.Manager, $"/v1/sessions/{id}/details");
        using var own = await EventStream.OpenAsync(floor.Agent, $"/v1/sessions/{id}/details");
        ActionsOf((await seen.NextAsync())!.Value.Data).ShouldBe(["monitor", "end"]);
        ActionsOf((await own.NextAsync())!.Value.Data).ShouldBe(["hold", "transfer", "consult", "pause_recording", "redact_recording", "complete"]);

        await floor.Adapter.DoAsync(new() { Hold = new() { SessionId = id.ToString() } });
        await UntilAsync(own, d => d.ValueKind == JsonValueKind.Object && ActionsOf(d).Contains("resume"));
        await floor.Adapter.DoAsync(new() { ResumeFromHold = new() { SessionId = id.ToString() } });
        await UntilAsync(own, d => d.ValueKind == JsonValueKind.Object && ActionsOf(d).Contains("hold"));
        // A pause is a fact of the recording: the session itself stays as it is.
        await floor.Adapter.DoAsync(new() { PauseRecording = new() { SessionId = id.ToString() } });
        await UntilAsync(own, d => d.ValueKind == JsonValueKind.Array && d.EnumerateArray().Any(a => a.GetString() == "resume_recording"));

        await floor.Adapter.DoAsync(new() { End = new() { SessionId = id.ToString() } });
        var last = await UntilAsync(seen, d => d.ValueKind == JsonValueKind.Object && d.GetProperty("session").GetProperty("status").GetString() == "ended");
        ActionsOf(last).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_manager_signs_an_agent_of_the_team_out_and_the_chat_waits_again()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync();
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "Another team" });
        var (_, foreign) = await api.UserAsync([BuiltInRoles.Manager], [(await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()]);
        var path = $"/v1/agents/{floor.AgentId}/sign-out";
        await (await foreign.PostAsJsonAsync(path, new { reason = "Gone home." })).ShouldRefuseAsync(HttpStatusCode.NotFound, "agent.not_found");
        await (await floor.Agent.PostAsJsonAsync(path, new { reason = "Gone home." })).ShouldRefuseAsync(HttpStatusCode.Forbidden, "auth.forbidden");
        await (await floor.Manager.PostAsJsonAsync(path, new { reason = "Gone home." })).JsonAsync();

        await floor.Adapter.ToldAsync(c => c.PresenceUpdate is { Presence: "offline", Reason: "forced" });
        foreach (var word in new[] { "forced", "adapter_lost" })
            await (await floor.Agent.PutAsJsonAsync($"/v1/agents/{floor.AgentId}/status", new { presence = "offline", reason = word })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync($"/v1/monitoring/chats/queued?search={id}")).Count == 1);
        await Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync("/v1/audit?limit=200")).Any(e => e.ToString().Contains("ForceAgentSignOut", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Both_are_there_over_grpc_with_the_version_looked_at()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync();
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        var client = new V1.Monitoring.MonitoringClient(channel);
        var auth = AdapterClient.Auth(AdapterClient.TokenOf(floor.Manager));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var watching = client.WatchSession(new WatchSessionRequest { SessionId = id.ToString() }, auth, cancellationToken: limit.Token);
        (await watching.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
        watching.ResponseStream.Current.Actions.ShouldBe(["monitor", "view_live", "end"]);
        await Eventually.TrueAsync(async () => (await (await floor.Manager.GetAsync($"/v1/sessions/{id}")).JsonAsync()).GetProperty("ticketId").ValueKind == JsonValueKind.String);
        var version = (await (await floor.Manager.GetAsync($"/v1/sessions/{id}")).JsonAsync()).GetProperty("version").GetInt64();

        EndSessionRequest Request(long at, bool confirm) => new() { SessionId = id.ToString(), Version = at, Confirm = confirm, Reason = "Abuse." };
        (await Should.ThrowAsync<RpcException>(client.EndSessionAsync(Request(version, confirm: false), auth).ResponseAsync)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await Should.ThrowAsync<RpcException>(client.EndSessionAsync(Request(1, confirm: true), auth).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Aborted);
        (await Should.ThrowAsync<RpcException>(client.EndSessionAsync(Request(0, confirm: true), auth).ResponseAsync)).ReasonOf().ShouldBe("request.version_missing");
        (await client.EndSessionAsync(Request(version, confirm: true), auth)).Version.ShouldBeGreaterThan(version);
        (await client.SignOutAgentAsync(new SignOutAgentRequest { AgentId = floor.AgentId.ToString(), Reason = "Gone home." }, auth)).Id.ShouldBe(floor.AgentId.ToString());
        await floor.Adapter.ToldAsync(c => c.PresenceUpdate is { Presence: "offline", Reason: "forced" });
    }

    [Fact]
    public async Task A_supervisor_who_is_no_agent_starts_from_the_page_they_look_at()
    {
        // Elsewhere a supervisor could not begin to monitor from a page of their own, without an agent's client.
        await using var floor = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync("call");
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync($"/v1/monitoring/calls/connected?agentId={floor.AgentId}")).Count == 1);
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync($"/v1/monitoring/agents?queueId={floor.Queue}")).Single()
            .GetProperty("work").EnumerateArray().Any(w => w.GetProperty("sessionId").GetGuid() == id));
        ActionsOf(await (await floor.Manager.GetAsync($"/v1/sessions/{id}/details")).JsonAsync()).ShouldContain("monitor");
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var listening = new V1.Monitoring.MonitoringClient(channel).Listen(
            new ListenRequest { SessionId = id.ToString() }, AdapterClient.Auth(AdapterClient.TokenOf(floor.Manager)), cancellationToken: limit.Token);
        (await listening.ResponseStream.MoveNext(limit.Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_pages_are_right_after_a_transfer()
    {
        // Elsewhere a supervisor's list was wrong after a transfer.
        await using var floor = await Floor.OpenAsync(api);
        await using var other = await Floor.OpenAsync(api);
        var (id, _) = await floor.ConnectedAsync();
        await floor.Adapter.DoAsync(new() { Transfer = new() { SessionId = id.ToString(), QueueId = other.Queue.ToString() } });
        await other.Adapter.AcceptAsync(id);
        await other.Adapter.StatusAsync(id, SessionStatus.Connected);

        await Eventually.TrueAsync(async () => (await other.Manager.ItemsAsync($"/v1/monitoring/chats/connected?agentId={other.AgentId}")).Any(r => r.IdOf() == id));
        (await floor.Manager.ItemsAsync($"/v1/monitoring/chats/connected?search={id}")).ShouldBeEmpty();
        (await floor.Manager.ItemsAsync($"/v1/monitoring/chats/queued?search={id}")).ShouldBeEmpty();
        await (await floor.Manager.GetAsync($"/v1/sessions/{id}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        var participants = (await (await other.Manager.GetAsync($"/v1/sessions/{id}")).JsonAsync()).GetProperty("participants");
        participants.EnumerateArray().Select(p => p.GetProperty("party").GetString()).ShouldBe(["consumer", "agent", "agent"]);
    }

    private static async Task<JsonElement> UntilAsync(EventStream stream, Func<JsonElement, bool> isIt)
    {
        while (true)
        {
            if (await stream.NextAsync() is not { } happened)
                throw new InvalidOperationException("The stream ended.");
            if (isIt(happened.Data))
                return happened.Data;
        }
    }

    private static Task<HttpResponseMessage> EndAsync(HttpClient client, Guid id, string? tag) =>
        client.SendTaggedAsync(HttpMethod.Post, $"/v1/sessions/{id}/end", tag, new { reason = "Abuse.", confirm = true });

    private static IEnumerable<string?> ActionsOf(JsonElement details) => details.GetProperty("actions").EnumerateArray().Select(a => a.GetString());

    private async Task<IReadOnlyList<Domain.Abstractions.IDomainEvent>> SessionFactsAsync(Guid id)
    {
        List<Domain.Abstractions.IDomainEvent> facts = [];
        await foreach (var stored in api.Get<IEventStore>().ReadAllAsync(Aggregates.Session.Stream(id), CancellationToken.None))
            facts.Add(stored.Data);
        return facts;
    }
}
