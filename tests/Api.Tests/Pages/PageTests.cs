using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>The six pages: what they show, to whom, and that a list, a stream and their filters say the same (MON-6, MON-9).</summary>
[Collection(WatchingTests.Name)]
public sealed class PageTests(TestApi api)
{
    private static readonly Guid Nobody = Guid.Parse("00000000-0000-7000-8000-00000000dead");

    [Fact]
    public async Task Each_session_is_on_its_page_and_on_no_other()
    {
        await using var floor = await Floor.OpenAsync(api);
        var idle = await api.QueueAsync(teamIds: [floor.Team]);
        var sessions = new Dictionary<string, Guid>
        {
            ["calls/connected"] = (await floor.ConnectedAsync("call")).Id,
            ["chats/connected"] = (await floor.ConnectedAsync()).Id,
            ["calls/queued"] = (await api.SessionAsync(idle, "call")).Id,
            ["chats/queued"] = (await api.SessionAsync(idle)).Id,
        };
        foreach (var (page, id) in sessions)
        {
            var path = $"/v1/monitoring/{page}?teamId={floor.Team}";
            await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync(path)).Select(r => r.IdOf()).SequenceEqual([id]), what: page);
            using var stream = await EventStream.OpenAsync(floor.Manager, path);
            (await stream.NextAsync())!.Value.Data.GetProperty("items").EnumerateArray().Select(r => r.IdOf()).ShouldBe([id], page);
        }
    }

    [Fact]
    public async Task A_page_is_filtered_searched_and_sorted_the_same_as_a_list_and_live()
    {
        var queue = await api.QueueAsync();
        List<Guid> all = [];
        for (var i = 0; i < 4; i++)
            all.Add((await api.SessionAsync(queue)).Id);
        (await api.Admin.PatchAsJsonAsync($"/v1/sessions/{all[2]}/customer-flags", new { bad_actor = true })).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync($"/v1/monitoring/chats/queued?queueId={queue}&flag=bad_actor")).Count == 1);
        (string Filter, Guid[] Expected)[] asked =
        [
            ("", [.. all]), ("&sort=-since", [.. all.AsEnumerable().Reverse()]), ("&flag=bad_actor", [all[2]]), ($"&search={all[1]}", [all[1]]), ("&search=billing", [.. all]),
            ("&search=nothing", []), ("&channel=web", [.. all]), ("&channel=mobile", []), ("&language=en", [.. all]), ("&language=de", []), ("&stuck=false", [.. all]), ("&stuck=true", []),
            ($"&agentId={Nobody}", []), ($"&teamId={Nobody}", []),
        ];
        foreach (var (filter, expected) in asked)
        {
            var path = $"/v1/monitoring/chats/queued?queueId={queue}{filter}";
            (await api.Admin.ItemsAsync(path)).Select(r => r.IdOf()).ShouldBe(expected, filter);
            using var stream = await EventStream.OpenAsync(api.Admin, path);
            (await stream.NextAsync())!.Value.Data.GetProperty("items").EnumerateArray().Select(r => r.IdOf()).ShouldBe(expected, ignoreOrder: true, filter);
        }

        List<Guid> paged = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await api.Admin.GetAsync($"/v1/monitoring/chats/queued?queueId={queue}&limit=1&sort=-requestedAt&cursor={Uri.EscapeDataString(cursor)}")).JsonAsync();
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(r => r.IdOf()));
            cursor = page.GetProperty("nextCursor").GetString();
            // Whoever comes in between is on no page twice and hides nobody.
            if (paged.Count == 2)
                await api.SessionAsync(queue);
        }

        paged.ShouldBe(all.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task The_queues_page_tells_both_service_levels_who_gave_up_and_what_the_agents_do()
    {
        await using var floor = await Floor.OpenAsync(api);
        var (off, offClient) = await api.UserAsync([BuiltInRoles.Agent], [floor.Team]);
        (await api.Admin.PutAsync($"/v1/queues/{floor.Queue}/members/{off}", content: null)).EnsureSuccessStatusCode();
        await floor.HandlingAsync(new { offerTimeoutSeconds = 30, wrapUpSeconds = 0, serviceLevelSeconds = 60 });
        await floor.ConnectedAsync();
        await floor.ConnectedAsync();
        await floor.Adapter.DoAsync(new() { SetStatus = new() { Reason = "meal" } });
        var (gone, consumer) = await api.SessionAsync(floor.Queue);
        await api.SessionAsync(floor.Queue);
        (await consumer.PostAsync($"/v1/sessions/{gone}/leave", content: null)).EnsureSuccessStatusCode();

        JsonElement row = default;
        await Eventually.TrueAsync(async () =>
        {
            if (await RowAsync(api.Admin, floor.Queue) is not { } found)
                return false;
            row = found;
            return row.GetProperty("today").GetProperty("abandoned").GetInt32() == 1 && row.GetProperty("waiting").GetInt32() == 1 && StatusesOf(row) == "meal 1, offline 1";
        });
        (row.GetProperty("connected").GetInt32(), row.GetProperty("longestWaitingSince").ValueKind, row.GetProperty("agents").GetProperty("free").GetInt32())
            .ShouldBe((2, JsonValueKind.String, 0));
        var today = row.GetProperty("today");
        today.GetProperty("answered").GetInt32().ShouldBe(2);
        var level = today.GetProperty("serviceLevel");
        (level.GetProperty("targetSeconds").GetInt32(), level.GetProperty("ofAnswered").GetDouble(), level.GetProperty("ofOffered").GetDouble()).ShouldBe((60, 1.0, 1.0));

        using var stream = await EventStream.OpenAsync(floor.Manager, $"/v1/monitoring/queues?teamId={floor.Team}");
        (await stream.NextAsync())!.Value.Data.GetProperty("items")[0].ToString().ShouldBe(row.ToString());
        await floor.Adapter.DoAsync(new() { SetStatus = new() { Available = true } });
        for (var changed = await stream.NextAsync(); StatusesOf(changed!.Value.Data.GetProperty("item")) != "available 1, offline 1";)
            changed = await stream.NextAsync();
    }

    [Fact]
    public async Task The_queues_page_is_sorted_by_its_figures_and_paged()
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        var team = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        List<Guid> queues = [];
        for (var waiting = 0; waiting < 4; waiting++)
        {
            queues.Add(await api.QueueAsync(teamIds: [team]));
            for (var i = 0; i < waiting; i++)
                await api.SessionAsync(queues[^1]);
        }

        var path = $"/v1/monitoring/queues?teamId={team}&limit=2&sort=-waiting";
        await Eventually.TrueAsync(async () => (await api.Admin.ItemsAsync(path)).Sum(r => r.GetProperty("waiting").GetInt32()) == 5);
        var first = await (await api.Admin.GetAsync(path)).JsonAsync();
        var cursor = Uri.EscapeDataString(first.GetProperty("nextCursor").GetString()!);
        var second = await (await api.Admin.GetAsync($"{path}&cursor={cursor}")).JsonAsync();
        first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(r => r.GetProperty("queue").GetProperty("queueId").GetGuid())
            .ShouldBe(queues.AsEnumerable().Reverse());
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);
        await (await api.Admin.GetAsync($"/v1/monitoring/queues?sort=-waiting&cursor={cursor}")).ShouldRefuseAsync(HttpStatusCode.BadRequest);
        (await api.Admin.ItemsAsync($"/v1/monitoring/queues?teamId={team}&sort=-longestWaiting"))[0].GetProperty("queue").GetProperty("queueId").GetGuid().ShouldBe(queues[1]);
    }

    [Fact]
    public async Task A_queue_that_nobody_came_to_has_no_service_level()
    {
        var queue = await api.QueueAsync();
        JsonElement? row = null;
        await Eventually.TrueAsync(async () => (row = await RowAsync(api.Admin, queue)) is not null);
        var level = row!.Value.GetProperty("today").GetProperty("serviceLevel");
        (level.GetProperty("ofAnswered").ValueKind, level.GetProperty("ofOffered").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
    }

    [Fact]
    public async Task The_agents_page_is_filtered_by_status_queue_and_team()
    {
        await using var floor = await Floor.OpenAsync(api);
        await floor.Adapter.DoAsync(new() { SetStatus = new() { Reason = "break" } });
        var path = $"/v1/monitoring/agents?queueId={floor.Queue}";
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync(path + "&status=break")).Count == 1);
        var row = (await floor.Manager.ItemsAsync(path)).ShouldHaveSingleItem();
        (row.GetProperty("agentId").GetGuid(), row.GetProperty("status").GetString(), row.GetProperty("presence").GetString()).ShouldBe((floor.AgentId, "break", "paused"));
        (await floor.Manager.ItemsAsync(path + "&status=available")).ShouldBeEmpty();
        (await floor.Manager.ItemsAsync($"/v1/monitoring/agents?teamId={Nobody}")).ShouldBeEmpty();
        using var stream = await EventStream.OpenAsync(floor.Manager, path + "&status=break");
        (await stream.NextAsync())!.Value.Data.GetProperty("items").GetArrayLength().ShouldBe(1);
        await floor.Adapter.DoAsync(new() { SetStatus = new() { Available = true } });
        (await stream.NextAsync())!.Value.Name.ShouldBe("removed");
    }

    [Fact]
    public async Task What_waits_too_long_is_stuck_on_its_page_by_the_queues_own_limit_if_it_has_one()
    {
        await using var floor = await Floor.OpenAsync(api);
        var idle = await api.QueueAsync(teamIds: [floor.Team]);
        var old = await floor.OldChatAsync(idle, TimeSpan.FromHours(6));
        var (young, _) = await api.SessionAsync(idle);
        var path = $"/v1/monitoring/chats/queued?queueId={idle}";
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync(path)).Count == 2);
        (await floor.Manager.ItemsAsync(path + "&stuck=true")).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            r => r.IdOf().ShouldBe(old), r => r.GetProperty("isStuck").GetBoolean().ShouldBeTrue());
        (await floor.Manager.ItemsAsync(path + "&stuck=false")).ShouldHaveSingleItem().IdOf().ShouldBe(young);

        using var looked = await api.Admin.GetAsync($"/v1/queues/{idle}");
        using var set = await api.Admin.PutTaggedAsync(
            $"/v1/queues/{idle}/handling", looked.Headers.ETag!.Tag, new { offerTimeoutSeconds = 30, wrapUpSeconds = 30, stuckAfterMinutes = 600 });
        await set.JsonAsync();
        await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync(path + "&stuck=true")).Count == 0);
    }

    [Fact]
    public async Task A_manager_sees_nothing_of_other_teams_on_any_page_by_any_filter()
    {
        await using var floor = await Floor.OpenAsync(api);
        await using var other = await Floor.OpenAsync(api);
        var (chat, _) = await other.ConnectedAsync();
        var (waiting, _) = await api.SessionAsync(other.Queue, "call");
        foreach (var page in new[] { "calls/connected", "calls/queued", "chats/connected", "chats/queued", "agents", "queues" })
        {
            string[] filters = page is "agents" or "queues" ? ["", $"?teamId={other.Team}"] : ["", $"?queueId={other.Queue}", $"?teamId={other.Team}", $"?search={chat}", $"?agentId={other.AgentId}"];
            foreach (var filter in filters)
            {
                var path = $"/v1/monitoring/{page}{filter}";
                string[] foreign = [chat.ToString(), waiting.ToString(), other.Queue.ToString(), other.AgentId.ToString(), other.Team.ToString()];
                var listed = await floor.Manager.GetStringAsync(path);
                using var stream = await EventStream.OpenAsync(floor.Manager, path);
                var live = (await stream.NextAsync())!.Value.Data.ToString();
                foreach (var secret in foreign)
                    (listed + live).ShouldNotContain(secret, Case.Sensitive, path);
            }
        }

        foreach (var path in new[] { "", "/details", "/history", "/transcript", "/live", "/ticket" })
        {
            await (await floor.Manager.GetAsync($"/v1/sessions/{chat}{path}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
            await (await floor.Manager.GetAsync($"/v1/sessions/{Nobody}{path}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found");
        }

        // The configuration of all queues is a manager's to read, and what happens in them is not.
        var configured = (await floor.Manager.ItemsAsync($"/v1/queues?teamId={other.Team}")).ShouldHaveSingleItem();
        (configured.GetProperty("waiting").ValueKind, configured.GetProperty("agents").ValueKind).ShouldBe((JsonValueKind.Null, JsonValueKind.Null));
        // Who is of two teams is seen by both managers, and each sees the sessions of their own.
        var (shared, sharedClient) = await api.UserAsync([BuiltInRoles.Agent], [floor.Team, other.Team]);
        (await api.Admin.PutAsync($"/v1/queues/{other.Queue}/members/{shared}", content: null)).EnsureSuccessStatusCode();
        (await other.Agent.PutAsJsonAsync($"/v1/agents/{other.AgentId}/status", new { presence = "paused", reason = "break" })).EnsureSuccessStatusCode();
        await using var adapter = await AdapterClient.SignInAsync(api, sharedClient, chats: 1);
        var (theirs, _) = await api.SessionAsync(other.Queue);
        await adapter.AcceptAsync(theirs);
        await Eventually.TrueAsync(async () => await WorkOfAsync(other.Manager) == theirs.ToString() && await WorkOfAsync(floor.Manager) == "hidden");

        async Task<string> WorkOfAsync(HttpClient manager) =>
            (await (await manager.GetAsync($"/v1/agents/{shared}")).JsonAsync()).GetProperty("work").EnumerateArray()
                .Select(w => w.GetProperty("sessionId").GetString() ?? (w.GetProperty("offerId").ValueKind == JsonValueKind.Null ? "hidden" : "half")).SingleOrDefault("none");

        await (await floor.Manager.GetAsync($"/v1/agents/{other.AgentId}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "agent.not_found");
        await (await floor.Manager.GetAsync($"/v1/agents/{Nobody}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "agent.not_found");
    }

    /// <summary>The queue's row, or null while it is not on the page.</summary>
    private static async Task<JsonElement?> RowAsync(HttpClient client, Guid queue)
    {
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await client.GetAsync($"/v1/monitoring/queues?limit=200&cursor={Uri.EscapeDataString(cursor)}")).JsonAsync();
            foreach (var row in page.GetProperty("items").EnumerateArray())
            {
                if (row.GetProperty("queue").GetProperty("queueId").GetGuid() == queue)
                    return row;
            }

            cursor = page.GetProperty("nextCursor").GetString();
        }

        return null;
    }

    private static string StatusesOf(JsonElement row) => string.Join(", ", row.GetProperty("agents").GetProperty("byStatus").EnumerateArray()
        .Select(s => $"{s.GetProperty("status").GetString()} {s.GetProperty("agents").GetInt32()}"));
}
