using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>Whose right is taken sees nothing on, though their streams are open and nothing else happens (MON-1, MON-9).</summary>
[Collection(WatchingTests.Name)]
public sealed class LostRightTests(TestApi api) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData("the role is taken")]
    [InlineData("the role grants less")]
    [InlineData("the team is taken")]
    [InlineData("the user is deactivated")]
    public async Task Every_open_stream_ends_for_whoever_lost_the_right_to_it(string how)
    {
        await using var floor = await Floor.OpenAsync(api);
        var (chat, _) = await floor.ConnectedAsync();
        var grants = new[] { new { permission = Permissions.MonitoringRead, scope = "assigned_teams" } };
        using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Watcher", grants });
        var role = (await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (user, client) = await api.UserAsync([role], [floor.Team]);

        List<EventStream> pages = [];
        foreach (var path in new[] { "/v1/monitoring/chats/connected", "/v1/monitoring/chats/queued", "/v1/monitoring/agents", "/v1/monitoring/queues", $"/v1/sessions/{chat}/details", $"/v1/sessions/{chat}/live" })
        {
            pages.Add(await EventStream.OpenAsync(client, path));
            (await pages[^1].NextAsync(patience.Token))!.Value.Name.ShouldBe("snapshot", path);
        }

        var watched = Watch(chat, AdapterClient.Auth(AdapterClient.TokenOf(client)));
        foreach (var (name, next) in watched)
            (await next()).ShouldBeTrue(name);

        await LoseAsync(how, user, role, floor.Team);
        foreach (var page in pages)
        {
            var last = await LastAsync(page);
            (last.Name, last.Data.GetProperty("reason").GetString(), last.Data.GetProperty("code").GetString()).ShouldBe(("ended", "right_lost", "auth.changed"));
            page.Dispose();
        }

        foreach (var (name, next) in watched)
        {
            var ended = await Should.ThrowAsync<RpcException>(async () =>
            {
                while (await next())
                {
                    // What was told before is not the question.
                }
            });
            (ended.StatusCode, ended.ReasonOf()).ShouldBe((StatusCode.Unauthenticated, "auth.changed"), name);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whose_queue_is_taken_sees_nothing_of_it_on_any_page(bool isQueueTaken)
    {
        await using var floor = await Floor.OpenAsync(api);
        var grants = new[] { new { permission = Permissions.MonitoringRead, scope = "assigned_queues" } };
        using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Watcher", grants });
        var (user, client) = await api.UserAsync([(await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()]);
        await MemberAsync(HttpMethod.Put, floor.Queue, user);
        var (chat, _) = await floor.ConnectedAsync();
        await Eventually.TrueAsync(async () => (await client.ItemsAsync("/v1/monitoring/chats/connected")).Count == 1 && (await client.ItemsAsync("/v1/monitoring/agents")).Count > 0);

        using var details = await EventStream.OpenAsync(client, $"/v1/sessions/{chat}/details");
        (await details.NextAsync(patience.Token))!.Value.Name.ShouldBe("snapshot");
        var auth = AdapterClient.Auth(AdapterClient.TokenOf(client));
        var monitoring = new V1.Monitoring.MonitoringClient(channel);
        using var sessions = monitoring.WatchSessions(new WatchSessionsRequest(), auth);
        using var agents = monitoring.WatchAgents(new WatchAgentsRequest(), auth);
        using var queues = monitoring.WatchQueues(new WatchQueuesRequest(), auth);
        using var one = monitoring.WatchSession(new WatchSessionRequest { SessionId = chat.ToString() }, auth);
        (await SnapshotAsync(sessions, c => c.Change, c => c.Session?.SessionId)).ShouldBe([chat.ToString()]);
        (await SnapshotAsync(agents, c => c.Change, c => c.Agent?.AgentId)).ShouldContain(floor.AgentId.ToString());
        (await SnapshotAsync(queues, c => c.Change, c => c.Queue?.QueueId)).ShouldBe([floor.Queue.ToString()]);
        (await SnapshotAsync(one, c => c.Change, c => c.Session?.SessionId)).ShouldBe([chat.ToString()]);

        if (isQueueTaken)
        {
            await MemberAsync(HttpMethod.Delete, floor.Queue, user);
        }
        else
        {
            await floor.Adapter.DoAsync(new() { Transfer = new() { SessionId = chat.ToString(), QueueId = (await api.QueueAsync()).ToString() } });
        }

        while (await one.ResponseStream.MoveNext(patience.Token))
        {
            // Told until it is out of sight.
        }

        one.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        (await LastAsync(details)).Data.GetProperty("code").GetString().ShouldBe("session.not_found");
        if (!isQueueTaken)
            return;
        (await SnapshotAsync(sessions, c => c.Change, c => c.Session?.SessionId)).ShouldBeEmpty();
        (await SnapshotAsync(agents, c => c.Change, c => c.Agent?.AgentId)).ShouldBeEmpty();
        (await SnapshotAsync(queues, c => c.Change, c => c.Queue?.QueueId)).ShouldBeEmpty();
    }

    private async Task<(string? Id, string Name, System.Text.Json.JsonElement Data)> LastAsync(EventStream page)
    {
        (string? Id, string Name, System.Text.Json.JsonElement Data)? last = null;
        while (await page.NextAsync(patience.Token) is { } told)
            last = told;
        return last.ShouldNotBeNull();
    }

    private async Task MemberAsync(HttpMethod method, Guid queue, Guid user)
    {
        using var request = new HttpRequestMessage(method, $"/v1/queues/{queue}/members/{user}");
        using var answer = await api.Admin.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>What the next whole snapshot shows.</summary>
    private async Task<List<string>> SnapshotAsync<T>(AsyncServerStreamingCall<T> call, Func<T, Change> change, Func<T, string?> id)
    {
        List<string> seen = [];
        while (await call.ResponseStream.MoveNext(patience.Token))
        {
            var told = call.ResponseStream.Current;
            if (change(told) == Change.SnapshotComplete)
                return seen;
            if (change(told) == Change.Present)
                seen.Add(id(told)!);
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public void Dispose()
    {
        channel.Dispose();
        patience.Dispose();
    }

    private (string Name, Func<Task<bool>> Next)[] Watch(Guid session, Metadata auth)
    {
        var monitoring = new V1.Monitoring.MonitoringClient(channel);
        var sessions = monitoring.WatchSessions(new WatchSessionsRequest(), auth);
        var agents = monitoring.WatchAgents(new WatchAgentsRequest(), auth);
        var queues = monitoring.WatchQueues(new WatchQueuesRequest(), auth);
        var one = monitoring.WatchSession(new WatchSessionRequest { SessionId = session.ToString() }, auth);
        var chat = monitoring.ViewChat(new ViewChatRequest { SessionId = session.ToString() }, auth);
        return
        [
            ("sessions", () => sessions.ResponseStream.MoveNext(patience.Token)), ("agents", () => agents.ResponseStream.MoveNext(patience.Token)),
            ("queues", () => queues.ResponseStream.MoveNext(patience.Token)), ("session", () => one.ResponseStream.MoveNext(patience.Token)),
            ("chat", () => chat.ResponseStream.MoveNext(patience.Token)),
        ];
    }

    private async Task LoseAsync(string how, Guid user, Guid role, Guid team)
    {
        using var answer = how switch
        {
            "the role is taken" => await AssignAsync(user, [], [team]),
            "the team is taken" => await AssignAsync(user, [role], []),
            "the role grants less" => await api.Admin.SendTaggedAsync(HttpMethod.Put, $"/v1/roles/{role}", "\"1\"", new { name = "Watcher", grants = Array.Empty<object>() }),
            _ => await api.Admin.PostAsync($"/v1/users/{user}/deactivate", content: null),
        };
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> AssignAsync(Guid user, Guid[] roleIds, Guid[] teamIds) =>
        api.Admin.SendTaggedAsync(HttpMethod.Put, $"/v1/users/{user}/assignment", "\"1\"", new { roleIds, teamIds });
}
