using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Listening;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;
using Change = ContactCenter.V1.SessionChange.Types.Change;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>One session over gRPC: what may be done to it stays true, and who comes back goes on (MON-4).</summary>
[Collection(ApiTests.Name)]
public sealed class WatchedSessionTests(TestApi api) : IAsyncLifetime
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
    private Supervision chat = null!;

    private V1.Monitoring.MonitoringClient Client => new(channel);

    public async Task InitializeAsync() => chat = await Supervision.BeginAsync(api, "chat");

    public async Task DisposeAsync()
    {
        await chat.DisposeAsync();
        channel.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task Actions_follow_what_changes_beside_the_session()
    {
        var (_, supervisor, _) = await chat.SupervisorAsync(Supervision.All);
        using var watching = Watch(supervisor);
        (await NextAsync(watching, c => c.Change == Change.Present)).Actions.ShouldNotContain("stop_monitoring");

        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId);
        var began = await NextAsync(watching, c => c.Actions.Contains("stop_monitoring"));
        (began.Change, began.Sequence, began.Session).ShouldBe((Change.Actions, 0, null));
        began.Actions.ShouldNotContain("take_over");

        await using (var own = await AdapterClient.SignInAsync(api, supervisor))
        {
            await NextAsync(watching, c => c.Actions.Contains("take_over"));
            await own.DoAsync(new() { SignOut = new() });
            (await NextAsync(watching, c => c.Change == Change.Actions)).Actions.ShouldNotContain("take_over");
        }

        using (var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        await NextAsync(watching, c => c.Change == Change.Actions && !c.Actions.Contains("stop_monitoring"));
    }

    [Fact]
    public async Task Who_comes_back_is_told_what_changed_and_what_they_may_do_now()
    {
        long last;
        using (var watching = Watch(api.Admin))
            last = (await NextAsync(watching, c => c.Change == Change.SnapshotComplete)).Sequence;
        await FlagAsync("bad_actor");
        var monitor = await Supervision.StartAsync(api.Admin, chat.SessionId);

        using (var again = Watch(api.Admin, last))
        {
            List<SessionChange> told = [];
            while (!told.Exists(c => c.Session?.Flags.BadActor == true) || !told.Exists(c => c.Actions.Contains("stop_monitoring")))
                told.Add(await NextAsync(again, _ => true));
            told.ShouldAllBe(c => c.Change == Change.Updated || c.Change == Change.Actions);
            last = told.Max(c => c.Sequence);
        }

        using (var stopped = await api.Admin.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        using (var left = await chat.Consumer.PostAsync($"/v1/sessions/{chat.SessionId}/leave", content: null))
            await left.JsonAsync();
        using var late = Watch(api.Admin, last);
        (await NextAsync(late, c => c.Change == Change.Removed)).Session.SessionId.ShouldBe(chat.SessionId.ToString());
        (await late.ResponseStream.MoveNext(patience.Token)).ShouldBeFalse();
        var never = await Watch(api.Admin).RefusalAsync();
        (never.StatusCode, never.ReasonOf()).ShouldBe((StatusCode.FailedPrecondition, "session.ended"));
    }

    [Fact]
    public async Task Whose_browser_comes_back_to_the_details_is_told_what_they_may_do_now()
    {
        string last;
        using (var details = await EventStream.OpenAsync(api.Admin, Details))
        {
            var snapshot = (await details.NextAsync(patience.Token))!.Value;
            last = snapshot.Id!;
            ActionsIn(snapshot.Data.GetProperty("actions")).ShouldNotContain("stop_monitoring");
        }

        await Supervision.StartAsync(api.Admin, chat.SessionId);
        // It is in the log and in the list by then: nothing that is yet to come tells of it.
        await Testing.Eventually.TrueAsync(async () =>
        {
            using var monitors = await api.Admin.GetAsync($"/v1/monitors?sessionId={chat.SessionId}");
            return (await monitors.JsonAsync()).GetProperty("items").GetArrayLength() == 1;
        });
        await api.MarkEndAsync();
        await Testing.Eventually.TrueAsync(async () => await api.Get<IReadModel<MonitorCard>>().PositionAsync(patience.Token) >= api.Get<ILiveFeed>().Position);

        using var again = await EventStream.OpenAsync(api.Admin, Details, last);
        var told = (await again.NextAsync(patience.Token))!.Value;
        (told.Id, told.Name).ShouldBe((null, "actions"));
        ActionsIn(told.Data).ShouldContain("stop_monitoring");
    }

    [Fact]
    public async Task Actions_follow_the_teams_of_the_queue()
    {
        var grants = new[] { new { permission = Permissions.MonitoringRead, scope = "all" }, new { permission = Permissions.MonitoringListen, scope = "assigned_teams" } };
        using var made = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Watcher", grants });
        var team = await Supervision.TeamAsync(api);
        var (_, watcher) = await api.UserAsync([(await made.JsonAsync(System.Net.HttpStatusCode.Created)).GetProperty("id").GetGuid()], [team]);
        using var details = await EventStream.OpenAsync(watcher, Details);
        ActionsIn((await details.NextAsync(patience.Token))!.Value.Data.GetProperty("actions")).ShouldNotContain("monitor");
        using var watching = Watch(watcher);
        (await NextAsync(watching, c => c.Change == Change.Present)).Actions.ShouldNotContain("monitor");

        using (var looked = await api.Admin.GetAsync($"/v1/queues/{chat.QueueId}"))
        using (var set = await api.Admin.PutTaggedAsync($"/v1/queues/{chat.QueueId}/teams", looked.Headers.ETag!.Tag, new { teamIds = new[] { chat.TeamId, team } }))
            await set.JsonAsync();
        await NextAsync(watching, c => c.Actions.Contains("monitor"));
        await UntilActionsAsync(details, "monitor");
    }

    /// <summary>The list of monitorings is written behind the log: here it stands still.</summary>
    [Theory]
    [InlineData("read")]
    [InlineData("live")]
    [InlineData("live over gRPC")]
    public async Task A_monitoring_that_no_list_shows_yet_is_in_the_actions(string how)
    {
        await using var connection = await api.Get<NpgsqlDataSource>().OpenConnectionAsync(patience.Token);
        await using var transaction = await connection.BeginTransactionAsync(patience.Token);
        await using (var hold = new NpgsqlCommand("lock table read_models.monitors in exclusive mode", connection, transaction))
            await hold.ExecuteNonQueryAsync(patience.Token);
        await Supervision.StartAsync(api.Admin, chat.SessionId);
        await api.MarkEndAsync();

        switch (how)
        {
            case "read":
                using (var read = await api.Admin.GetAsync(Details, patience.Token))
                    ActionsIn((await read.JsonAsync()).GetProperty("actions")).ShouldContain("stop_monitoring");
                break;
            case "live":
                using (var details = await EventStream.OpenAsync(api.Admin, Details))
                {
                    (await details.NextAsync(patience.Token))!.Value.Name.ShouldBe("snapshot");
                    await UntilActionsAsync(details, "stop_monitoring");
                }

                break;
            default:
                using (var watching = Watch(api.Admin))
                    await NextAsync(watching, c => c.Actions.Contains("stop_monitoring"));
                break;
        }

        using var monitors = await api.Admin.GetAsync($"/v1/monitors?sessionId={chat.SessionId}", patience.Token);
        (await monitors.JsonAsync()).GetProperty("items").GetArrayLength().ShouldBe(0, "the list was to stand still");
    }

    [Fact]
    public async Task A_chats_view_goes_on_after_the_last_version_seen()
    {
        await WriteAsync("before");
        long last;
        using (var view = View(after: 0))
        {
            await view.ResponseStream.MoveNext(patience.Token);
            var opened = view.ResponseStream.Current;
            opened.Opened.Transcript.Single().Text.ShouldBe("before");
            last = opened.Version;
        }

        await WriteAsync("while away");
        using var again = View(last);
        List<ChatViewEvent> seen = [];
        while (seen.All(e => e.Message is null) && await again.ResponseStream.MoveNext(patience.Token))
            seen.Add(again.ResponseStream.Current);
        seen.ShouldAllBe(e => e.Opened == null && e.Version > last);
        seen[^1].Message.Text.ShouldBe("while away");
        var refused = await View(after: -1).RefusalAsync();
        (refused.StatusCode, refused.FieldsOf().Single()).ShouldBe((StatusCode.InvalidArgument, "afterVersion"));
    }

    private async Task UntilActionsAsync(EventStream details, string action)
    {
        var told = (await details.NextAsync(patience.Token))!.Value;
        while (told.Name != "actions" || !ActionsIn(told.Data).Contains(action))
            told = (await details.NextAsync(patience.Token))!.Value;
    }

    private string Details => $"/v1/sessions/{chat.SessionId}/details";

    private static IEnumerable<string?> ActionsIn(JsonElement actions) => actions.EnumerateArray().Select(a => a.GetString());

    private static Metadata Auth(HttpClient client) => AdapterClient.Auth(AdapterClient.TokenOf(client));

    private AsyncServerStreamingCall<SessionChange> Watch(HttpClient client, long after = 0) =>
        Client.WatchSession(new WatchSessionRequest { SessionId = chat.SessionId.ToString(), AfterSequence = after }, Auth(client), cancellationToken: patience.Token);

    private AsyncServerStreamingCall<ChatViewEvent> View(long after) =>
        Client.ViewChat(new ViewChatRequest { SessionId = chat.SessionId.ToString(), AfterVersion = after }, Auth(api.Admin), cancellationToken: patience.Token);

    private async Task<SessionChange> NextAsync(AsyncServerStreamingCall<SessionChange> watching, Func<SessionChange, bool> isIt)
    {
        while (await watching.ResponseStream.MoveNext(patience.Token))
        {
            if (isIt(watching.ResponseStream.Current))
                return watching.ResponseStream.Current;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private async Task FlagAsync(string flag)
    {
        using var set = await api.Admin.PatchAsJsonAsync($"/v1/sessions/{chat.SessionId}/customer-flags", new Dictionary<string, bool> { [flag] = true });
        set.EnsureSuccessStatusCode();
    }

    private async Task WriteAsync(string text)
    {
        using var sent = await chat.Consumer.PostAsJsonAsync($"/v1/sessions/{chat.SessionId}/messages", new { text });
        await sent.JsonAsync();
    }
}
