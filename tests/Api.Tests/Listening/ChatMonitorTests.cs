using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>The live chat view (MON-7), and barging into a chat.</summary>
[Collection(WatchingTests.Name)]
public sealed class ChatMonitorTests(TestApi api) : IAsyncLifetime
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);
    private Supervision chat = null!;

    private V1.Monitoring.MonitoringClient Client => new(channel);

    public async Task InitializeAsync() => chat = await Supervision.BeginAsync(api, "chat");

    public async Task DisposeAsync()
    {
        await chat.DisposeAsync();
        channel.Dispose();
    }

    [Fact]
    public async Task Who_may_read_the_session_sees_the_chat_from_its_beginning_and_each_message_as_it_comes()
    {
        await WriteAsync("before");
        var (_, supervisor, _) = await chat.SupervisorAsync(Permissions.MonitoringRead);
        using var viewing = Client.ViewChat(new ViewChatRequest { SessionId = chat.SessionId.ToString() }, Auth(supervisor));
        var opened = (await NextAsync(viewing, e => e.Opened is not null)).Opened;
        opened.Transcript.Select(m => m.Text).ShouldBe(["before"]);
        (opened.Header.AgentName, opened.Header.QueuePath.Single(), opened.Header.Consumer.Length > 0).ShouldBe(("Uma User", "Billing", true));
        await WriteAsync("while");
        (await NextAsync(viewing, e => e.Message is not null)).Message.Text.ShouldBe("while");
    }

    [Fact]
    public async Task Who_may_only_listen_sees_it_from_the_beginning_of_the_monitoring()
    {
        await WriteAsync("before");
        var (_, supervisor, _) = await chat.SupervisorAsync(Permissions.MonitoringListen);
        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId);
        using var view = await EventStream.OpenAsync(supervisor, $"/v1/monitors/{monitor}/live");
        var snapshot = (await view.NextAsync())!.Value;
        (snapshot.Name, snapshot.Data.GetProperty("messages").GetArrayLength()).ShouldBe(("snapshot", 0));
        await WriteAsync("while");
        (await MessageAsync(view)).ShouldBe("while");
        using (var resumed = await EventStream.OpenAsync(supervisor, $"/v1/monitors/{monitor}/live", lastEventId: "1"))
            (await MessageAsync(resumed)).ShouldBe("while");

        // gRPC begins both at once, for the same user with the same right.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var viewing = Client.ViewChat(
            new ViewChatRequest { SessionId = chat.SessionId.ToString() }, Auth(supervisor), cancellationToken: limit.Token);
        (await NextAsync(viewing, e => e.Opened is not null)).Opened.Transcript.ShouldBeEmpty();

        using (var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        var ended = (await view.NextAsync())!.Value;
        while (ended.Name != "ended")
            ended = (await view.NextAsync())!.Value;
        ended.Data.GetProperty("reason").GetString().ShouldBe("asked");
        (await view.NextAsync()).ShouldBeNull();
        using var late = await supervisor.GetAsync($"/v1/monitors/{monitor}/live");
        await late.ShouldRefuseAsync(HttpStatusCode.Conflict, "monitoring.over");
    }

    [Fact]
    public async Task Opening_the_live_view_of_a_chat_is_a_monitoring_that_auditors_find_and_the_agent_in_it_is_none()
    {
        var (id, supervisor, _) = await chat.SupervisorAsync(Permissions.MonitoringRead);
        using (var view = await EventStream.OpenAsync(supervisor, $"/v1/sessions/{chat.SessionId}/live"))
        {
            (await view.NextAsync())!.Value.Name.ShouldBe("snapshot");
            await Eventually.TrueAsync(async () => (await MonitorsAsync()).Any(m => m == (id.ToString(), true)));
        }

        await Eventually.TrueAsync(async () => (await MonitorsAsync()).Any(m => m == (id.ToString(), false)));

        // Nobody reads on of whom the history says that they do no more.
        using (var view = await EventStream.OpenAsync(supervisor, $"/v1/sessions/{chat.SessionId}/live"))
        {
            (await view.NextAsync())!.Value.Name.ShouldBe("snapshot");
            await Eventually.TrueAsync(async () => (await MonitorsAsync()).Any(m => m.IsLive));
            using var monitors = await api.Admin.GetAsync($"/v1/monitors?sessionId={chat.SessionId}");
            var now = (await monitors.JsonAsync()).GetProperty("items").EnumerateArray().Single(m => m.GetProperty("stopReason").ValueKind == System.Text.Json.JsonValueKind.Null);
            (await api.Get<Dispatcher>().SendAsSystemAsync("jobs", new EndMonitor(now.GetProperty("monitorId").GetGuid(), "client_lost"), CancellationToken.None)).IsOk.ShouldBeTrue();
            while (await view.NextAsync() is not null)
            {
                // What was told before the end.
            }
        }

        (await MonitorsAsync()).ShouldAllBe(m => m.By == id.ToString());
    }

    [Fact]
    public async Task An_agent_who_gives_the_chat_away_does_not_read_on_as_if_they_were_in_it()
    {
        // Who may monitor as well, and still has the work after it to do.
        var (id, agent, _) = await chat.SupervisorAsync(Supervision.All);
        var next = await api.QueueAsync(members: [chat.AgentId]);
        var queue = await api.QueueAsync(members: [id], teamIds: [chat.TeamId]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (session, consumer) = await api.SessionAsync(queue);
        await adapter.AcceptAsync(session);
        await adapter.StatusAsync(session, SessionStatus.Connected);
        using var view = await EventStream.OpenAsync(agent, $"/v1/sessions/{session}/live");
        (await view.NextAsync())!.Value.Name.ShouldBe("snapshot");

        await adapter.DoAsync(new() { Transfer = new() { SessionId = session.ToString(), QueueId = next.ToString() } });
        await chat.Adapter.AcceptAsync(session);
        await chat.Adapter.StatusAsync(session, SessionStatus.Connected);
        using (var sent = await consumer.PostAsJsonAsync($"/v1/sessions/{session}/messages", new { text = "Is he gone?" }))
            await sent.JsonAsync();
        while (await view.NextAsync() is { } told)
            told.Name.ShouldNotBe("message");

        // Opened anew it is what it is.
        using var again = await EventStream.OpenAsync(agent, $"/v1/sessions/{session}/live");
        (await again.NextAsync())!.Value.Name.ShouldBe("snapshot");
        await Eventually.TrueAsync(async () =>
        {
            using var monitors = await api.Admin.GetAsync($"/v1/monitors?sessionId={session}");
            return (await monitors.JsonAsync()).GetProperty("items").EnumerateArray().Any(m => m.GetProperty("by").GetProperty("id").GetString() == id.ToString());
        });
    }

    [Fact]
    public async Task Who_barges_into_a_chat_writes_under_their_own_name_and_both_sides_see_who_it_is()
    {
        using var consumer = await EventStream.OpenAsync(chat.Consumer, $"/v1/sessions/{chat.SessionId}/stream");
        (await consumer.NextAsync())!.Value.Name.ShouldBe("snapshot");
        var (_, supervisor, _) = await chat.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId);
        using (var early = await supervisor.PostAsJsonAsync($"/v1/monitors/{monitor}/messages", new { text = "Hello" }))
            await early.ShouldRefuseAsync(HttpStatusCode.Conflict, "monitoring.not_barged");
        using (var coach = await supervisor.PatchAsJsonAsync($"/v1/monitors/{monitor}", new { mode = "coach" }))
            await coach.ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "monitoring.mode_not_possible");
        using (var barge = await supervisor.PatchAsJsonAsync($"/v1/monitors/{monitor}", new { mode = "barge" }))
            await barge.JsonAsync();
        using (var sent = await supervisor.PostAsJsonAsync($"/v1/monitors/{monitor}/messages", new { text = "Hello" }))
            await sent.JsonAsync();

        await chat.Adapter.ToldAsync(c => c.SessionUpdate is { Supervisors: ["Uma User"] });
        (await chat.Adapter.ToldAsync(c => c.Message is { Message_.Text: "Hello" })).Message.Message_.Author.ShouldBe(ChatMessage.Types.Author.Supervisor);
        List<(string Name, string Text)> seen = [];
        while (seen.All(e => e.Name != "message"))
        {
            var (_, name, data) = (await consumer.NextAsync())!.Value;
            seen.Add((name, data.ToString()));
        }

        seen.ShouldContain(e => e.Name == "changed" && e.Text.Contains("\"supervisors\":[\"Uma User\"]", StringComparison.Ordinal));
        seen[^1].Text.ShouldContain("\"supervisor\"");

        using (var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        using var late = await supervisor.PostAsJsonAsync($"/v1/monitors/{monitor}/messages", new { text = "Hello?" });
        await late.ShouldRefuseAsync(HttpStatusCode.Conflict, "monitoring.over");
    }

    /// <summary>A message is asked about at once; beside it the right is looked at every five seconds.</summary>
    [Theory]
    [InlineData("the queue is taken")]
    [InlineData("the chat is transferred")]
    public async Task A_view_that_finds_the_right_lost_first_says_so_and_so_does_the_history(string how)
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Listener", grants = new[] { new { permission = Permissions.MonitoringListen, scope = "assigned_queues" } } });
        var (id, supervisor) = await api.UserAsync([(await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()]);
        using (var joined = await api.Admin.PutAsync($"/v1/queues/{chat.QueueId}/members/{id}", content: null))
            await joined.JsonAsync();
        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId);
        using var view = await EventStream.OpenAsync(supervisor, $"/v1/monitors/{monitor}/live");
        (await view.NextAsync())!.Value.Name.ShouldBe("snapshot");

        if (how == "the queue is taken")
        {
            using var left = await api.Admin.DeleteAsync($"/v1/queues/{chat.QueueId}/members/{id}");
            await left.JsonAsync();
            await WriteAsync("Who reads this?");
        }
        else
        {
            await chat.Adapter.DoAsync(new() { Transfer = new() { SessionId = chat.SessionId.ToString(), QueueId = (await api.QueueAsync()).ToString() } });
        }

        (string? Id, string Name, System.Text.Json.JsonElement Data) last = default;
        while (await view.NextAsync() is { } told)
            last = told;
        last.Name.ShouldBe("ended");
        (last.Data.GetProperty("reason").GetString(), last.Data.GetProperty("code").GetString()).ShouldBe(("right_lost", "auth.forbidden"));
        await chat.EndedAsync(monitor, "right_lost");
    }

    [Theory]
    [InlineData("the role is taken")]
    [InlineData("the team is taken")]
    public async Task A_view_over_grpc_that_finds_the_right_lost_first_ends_with_what_every_stream_says(string how)
    {
        var (id, supervisor, role) = await chat.SupervisorAsync(Permissions.MonitoringListen);
        using var viewing = Client.ViewChat(new ViewChatRequest { SessionId = chat.SessionId.ToString() }, Auth(supervisor));
        var monitor = Guid.Parse((await viewing.ResponseHeadersAsync).GetValue("monitor-id")!);
        await NextAsync(viewing, e => e.Opened is not null);

        var less = how == "the role is taken" ? new Application.Access.AssignUser(id, [], [chat.TeamId]) : new Application.Access.AssignUser(id, [role], []);
        (await api.Get<Dispatcher>().SendAsSystemAsync("tests", less, CancellationToken.None)).IsOk.ShouldBeTrue();
        await WriteAsync("Who reads this?");

        var ended = await Should.ThrowAsync<RpcException>(() => NextAsync(viewing, e => e.Message is not null));
        (ended.StatusCode, ended.ReasonOf()).ShouldBe((StatusCode.Unauthenticated, "auth.changed"));
        viewing.GetTrailers().GetValue("monitor-ended").ShouldBe("right_lost");
        await chat.EndedAsync(monitor, "right_lost");
    }

    [Fact]
    public async Task A_chat_cannot_be_heard_and_a_call_cannot_be_viewed()
    {
        var (_, supervisor, _) = await chat.SupervisorAsync(Permissions.MonitoringListen, Permissions.MonitoringRead);
        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId);
        using var heard = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio");
        await heard.ShouldRefuseAsync(HttpStatusCode.Conflict, "session.not_a_call");
        await using var call = await Supervision.BeginAsync(api, "call");
        using var viewed = await api.Admin.GetAsync($"/v1/monitors/{await Supervision.StartAsync(api.Admin, call.SessionId)}/live");
        await viewed.ShouldRefuseAsync(HttpStatusCode.Conflict, "session.not_a_chat");
    }

    private static Metadata Auth(HttpClient client) => AdapterClient.Auth(AdapterClient.TokenOf(client));

    private async Task WriteAsync(string text)
    {
        using var sent = await chat.Consumer.PostAsJsonAsync($"/v1/sessions/{chat.SessionId}/messages", new { text });
        await sent.JsonAsync();
    }

    private async Task<IReadOnlyList<(string By, bool IsLive)>> MonitorsAsync()
    {
        using var answer = await api.Admin.GetAsync($"/v1/monitors?sessionId={chat.SessionId}");
        return [.. (await answer.JsonAsync()).GetProperty("items").EnumerateArray()
            .Select(m => (m.GetProperty("by").GetProperty("id").GetString()!, m.GetProperty("stopReason").ValueKind == System.Text.Json.JsonValueKind.Null))];
    }

    private static async Task<string> MessageAsync(EventStream view)
    {
        while (await view.NextAsync() is { } next)
        {
            if (next.Name == "message")
                return next.Data.GetProperty("text").GetString()!;
        }

        throw new InvalidOperationException("The view ended.");
    }

    private static async Task<ChatViewEvent> NextAsync(AsyncServerStreamingCall<ChatViewEvent> viewing, Func<ChatViewEvent, bool> isIt)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await viewing.ResponseStream.MoveNext(patience.Token))
        {
            if (isIt(viewing.ResponseStream.Current))
                return viewing.ResponseStream.Current;
        }

        throw new InvalidOperationException("The view ended.");
    }
}
