using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests;

/// <summary>A live view is what a fresh read would show at the id it has, however often it was cut off.</summary>
[Collection(WatchingTests.Name)]
public sealed class LiveExactnessTests(TestApi api)
{
    private const int Drops = 100;

    [Fact]
    public async Task A_session_dropped_100_times_at_random_points_under_load_equals_a_fresh_read()
    {
        var (id, consumer) = await api.SessionAsync(await api.QueueAsync());
        var view = new LiveView("snapshot", row: null);
        var loading = LoadAsync(view, async number =>
        {
            using var _ = number % 3 == 0
                ? await api.Admin.PatchAsJsonAsync($"/v1/sessions/{id}/customer-flags", new { repeat_customer = number % 2 == 0 })
                : await consumer.PostAsJsonAsync($"/v1/sessions/{id}/messages", new { text = $"message {number}" });
        });

        await view.FollowAsync(api.Admin, $"/v1/sessions/{id}/live", Drops, loading);

        var fresh = await SnapshotAsync(api.Admin, $"/v1/sessions/{id}/live");
        await view.FollowUntilAsync(api.Admin, $"/v1/sessions/{id}/live", () => view.LastId == fresh.Id);
        view.Messages.ShouldBe(fresh.Data.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        Without(view.Session!.Value, "metrics", "version").ShouldBe(Without(fresh.Data.GetProperty("session"), "metrics", "version"));
        ShouldHaveGoneOn(view);
    }

    /// <summary>Who comes back goes on from where they were; only who was away for longer than changes are kept begins anew, and on a busy machine that happens.</summary>
    private static void ShouldHaveGoneOn(LiveView view) => view.Snapshots.ShouldBeInRange(1, Drops / 2);

    [Theory]
    [InlineData("/v1/monitoring/chats/queued?queueId={0}", "session.sessionId")]
    [InlineData("/v1/monitoring/queues", "queue.queueId")]
    public async Task A_page_dropped_100_times_at_random_points_under_load_equals_a_fresh_read(string page, string key)
    {
        var (queue, other) = (await api.QueueAsync(), await api.QueueAsync());
        var path = string.Format(CultureInfo.InvariantCulture, page, queue);
        var view = new LiveView("snapshot", key);
        var loading = LoadAsync(view, async number =>
        {
            var (id, consumer) = await api.SessionAsync(number % 3 == 0 ? other : queue);
            if (number % 2 == 0)
                (await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null)).Dispose();
        });

        await view.FollowAsync(api.Admin, path, Drops, loading);

        // A page read at once may lack what was just answered, so it is read until the view is the same.
        await Eventually.TrueAsync(() => IsAsFreshAsync(view, path, key));
        view.Rows.Count.ShouldBeGreaterThan(1);
        ShouldHaveGoneOn(view);
    }

    [Theory]
    [InlineData("calls/queued")]
    [InlineData("calls/connected")]
    [InlineData("chats/connected")]
    [InlineData("agents")]
    public async Task Each_page_dropped_100_times_at_random_points_under_load_equals_a_fresh_read(string page)
    {
        await using var floor = await Floor.OpenAsync(api, chats: 20);
        var path = $"/v1/monitoring/{page}?queueId={floor.Queue}";
        var view = new LiveView("snapshot", page == "agents" ? "agentId" : "session.sessionId");
        List<Guid> open = [];
        if (page == "calls/connected")
            open.Add((await floor.ConnectedAsync("call")).Id);
        var loading = LoadAsync(view, async number =>
        {
            switch (page)
            {
                case "agents":
                    await floor.Adapter.DoAsync(new() { SetStatus = new() { Available = number % 2 == 0, Reason = number % 2 == 0 ? "" : "break" } });
                    break;
                case "calls/queued":
                    // The only agent takes one call at a time: the others wait.
                    var (id, caller) = await api.SessionAsync(floor.Queue, "call");
                    if (number % 2 == 0)
                        (await caller.PostAsync($"/v1/sessions/{id}/leave", content: null)).Dispose();
                    break;
                default:
                    if (open.Count == 0 || (page == "chats/connected" && number % 4 == 0 && open.Count < 15))
                        open.Add((await floor.ConnectedAsync()).Id);
                    (await api.Admin.PatchAsJsonAsync($"/v1/sessions/{open[number % open.Count]}/customer-flags", new { repeat_customer = number % 2 == 0, bad_actor = number % 3 == 0 })).Dispose();
                    if (page == "chats/connected" && number % 16 == 0)
                    {
                        await floor.Adapter.DoAsync(new() { End = new() { SessionId = open[0].ToString() } });
                        open.RemoveAt(0);
                    }

                    break;
            }
        });

        await view.FollowAsync(api.Admin, path, Drops, loading);

        await Eventually.TrueAsync(async () =>
        {
            var fresh = await SnapshotAsync(api.Admin, path);
            return await view.BecomesAsync(api.Admin, path, RowsOf(fresh.Data, view.RowKey!));
        });
        view.Rows.ShouldNotBeEmpty();
        // A filter by the members of a queue stands on something that may change: who comes back begins with a snapshot.
        if (page != "agents")
            ShouldHaveGoneOn(view);
    }

    [Fact]
    public async Task A_managers_page_dropped_100_times_at_random_points_under_load_equals_a_fresh_read()
    {
        await using var floor = await Floor.OpenAsync(api);
        var idle = await api.QueueAsync(teamIds: [floor.Team]);
        var (path, view) = ("/v1/monitoring/chats/queued", new LiveView("snapshot", "session.sessionId"));
        var loading = LoadAsync(view, async number =>
        {
            var (id, consumer) = await api.SessionAsync(number % 3 == 0 ? await api.QueueAsync() : idle);
            if (number % 2 == 0)
                (await consumer.PostAsync($"/v1/sessions/{id}/leave", content: null)).Dispose();
        });

        await view.FollowAsync(floor.Manager, path, Drops, loading);

        await Eventually.TrueAsync(async () =>
        {
            var fresh = await SnapshotAsync(floor.Manager, path);
            return await view.BecomesAsync(floor.Manager, path, RowsOf(fresh.Data, view.RowKey!));
        });
        view.Rows.Count.ShouldBeGreaterThan(1);
        view.Rows.Values.ShouldAllBe(r => r.Contains(idle.ToString(), StringComparison.Ordinal));
    }

    private async Task<bool> IsAsFreshAsync(LiveView view, string path, string key)
    {
        var fresh = await SnapshotAsync(api.Admin, path);
        return await view.BecomesAsync(api.Admin, path, RowsOf(fresh.Data, key));
    }

    [Fact]
    public async Task Every_event_of_a_session_stream_tells_the_version_that_its_id_says()
    {
        var (id, _) = await api.SessionAsync(await api.QueueAsync());
        for (var i = 0; i < 20; i++)
            (await api.Admin.PatchAsJsonAsync($"/v1/sessions/{id}/customer-flags", new { repeat_customer = i % 2 == 0 })).EnsureSuccessStatusCode().Dispose();
        // Everything has happened: whoever reads newer state than the id would tell the last version each time.
        using var stream = await EventStream.OpenAsync(api.Admin, $"/v1/sessions/{id}/live", "1");
        for (var version = 2; version <= 20; version++)
        {
            var (eventId, name, data) = (await stream.NextAsync())!.Value;
            (eventId, name, data.GetProperty("version").GetInt64()).ShouldBe((version.ToString(CultureInfo.InvariantCulture), "changed", version));
        }

        var snapshot = await SnapshotAsync(api.Admin, $"/v1/sessions/{id}/live");
        snapshot.Data.GetProperty("session").GetProperty("version").GetInt64().ToString(CultureInfo.InvariantCulture).ShouldBe(snapshot.Id);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9000000000000000000")]
    [InlineData("99999999999999999999999999")]
    public async Task An_id_that_is_none_or_beyond_the_end_is_answered_with_a_fresh_snapshot(string unknown)
    {
        var queue = await api.QueueAsync();
        var (id, consumer) = await api.SessionAsync(queue);
        (HttpClient Client, string Path)[] streams =
        [
            (api.Admin, $"/v1/sessions/{id}/live"), (consumer, $"/v1/sessions/{id}/stream"), (api.Admin, $"/v1/monitoring/chats/queued?queueId={queue}"),
            (api.Admin, "/v1/monitoring/agents"), (api.Admin, "/v1/monitoring/queues"),
        ];
        foreach (var (client, path) in streams)
        {
            using var stream = await EventStream.OpenAsync(client, path, unknown);
            (await stream.NextAsync())!.Value.Name.ShouldBe("snapshot", path);
        }

        // The log has no other snapshot than itself.
        using var events = await EventStream.OpenAsync(api.Admin, "/v1/events", unknown);
        var first = (await events.NextAsync())!.Value.Data.GetProperty("position").GetString();
        first.ShouldBe((await (await api.Admin.GetAsync("/v1/events?limit=1")).JsonAsync()).GetProperty("items")[0].GetProperty("position").GetString());
    }

    /// <summary>Goes on for as long as somebody watches.</summary>
    private static async Task LoadAsync(LiveView view, Func<int, Task> step)
    {
        for (var number = 1; !view.IsDone; number++)
            await step(number);
    }

    private static async Task<(string? Id, JsonElement Data)> SnapshotAsync(HttpClient client, string path)
    {
        using var stream = await EventStream.OpenAsync(client, path);
        var (id, name, data) = (await stream.NextAsync())!.Value;
        name.ShouldBe("snapshot");
        return (id, data);
    }

    private static string Without(JsonElement element, params string[] names) =>
        string.Join('\n', element.EnumerateObject().Where(p => !names.Contains(p.Name)).Select(p => $"{p.Name}: {p.Value}"));

    internal static SortedDictionary<string, string> RowsOf(JsonElement snapshot, string key) =>
        new(snapshot.GetProperty("items").EnumerateArray().ToDictionary(i => Find(i, key), i => i.ToString()), StringComparer.Ordinal);

    internal static string Find(JsonElement element, string path) =>
        path.Split('.').Aggregate(element, (at, name) => at.GetProperty(name)).GetString()!;
}

/// <summary>What a client knows that takes in what a stream tells, over any number of connections.</summary>
internal sealed class LiveView(string snapshot, string? row)
{
    private readonly Random random = new(11);

    public string? RowKey => row;

    public string? LastId { get; private set; }

    public long At => LastId is null ? 0 : long.Parse(LastId, CultureInfo.InvariantCulture);

    public bool IsDone { get; private set; }

    public int Snapshots { get; private set; }

    public JsonElement? Session { get; private set; }

    public List<string?> Messages { get; } = [];

    public SortedDictionary<string, string> Rows { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Follows over so many dropped connections, each after a random number of events.</summary>
    public async Task FollowAsync(HttpClient client, string path, int drops, Task loading)
    {
        try
        {
            for (var drop = 0; drop < drops; drop++)
            {
                using var stream = await EventStream.OpenAsync(client, path, LastId);
                for (var takes = random.Next(1, 6); takes > 0; takes--)
                    Take((await stream.NextAsync())!.Value);
            }
        }
        finally
        {
            IsDone = true;
            await loading;
        }
    }

    public async Task FollowUntilAsync(HttpClient client, string path, Func<bool> isThere)
    {
        if (isThere())
            return;
        using var stream = await EventStream.OpenAsync(client, path, LastId);
        while (!isThere())
            Take((await stream.NextAsync())!.Value);
    }

    /// <summary>
    /// Whether what still comes makes the rows these. A page read anew may be of a later moment than its last change, and tells
    /// nothing more then: so it is waited for only a moment, and what is not there by then is looked at again.
    /// </summary>
    public async Task<bool> BecomesAsync(HttpClient client, string path, SortedDictionary<string, string> fresh)
    {
        using var moment = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var stream = await EventStream.OpenAsync(client, path, LastId);
        try
        {
            while (!Rows.SequenceEqual(fresh))
                Take((await stream.NextAsync(moment.Token))!.Value);
            return true;
        }
        catch (OperationCanceledException) when (moment.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Take((string? Id, string Name, JsonElement Data) happened)
    {
        var (id, name, data) = happened;
        // A snapshot voids what was known, and may be of the same moment as the last change.
        if (id is not null && name == snapshot)
            long.Parse(id, CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(At);
        else if (id is not null)
            long.Parse(id, CultureInfo.InvariantCulture).ShouldBeGreaterThan(At);
        LastId = id ?? LastId;
        if (name == snapshot)
            Begin(data);
        else if (name == "message")
            Messages.Add(data.GetProperty("text").GetString());
        else if (row is null)
            Session = data.Clone();
        else if (name == "changed")
            Rows[data.GetProperty("key").GetString()!] = data.GetProperty("item").ToString();
        else
            Rows.Remove(data.GetProperty("key").GetString()!).ShouldBeTrue("a row was removed that the client never knew");
    }

    private void Begin(JsonElement data)
    {
        Snapshots++;
        if (row is not null)
        {
            Rows = LiveExactnessTests.RowsOf(data, row);
            return;
        }

        Session = data.GetProperty("session").Clone();
        Messages.Clear();
        Messages.AddRange(data.GetProperty("messages").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
    }
}
