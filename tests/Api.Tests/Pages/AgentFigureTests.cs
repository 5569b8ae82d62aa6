using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>The agents that a queue's figures count are those that the agents page shows of it, whoever looks (MON-6, MON-9).</summary>
[Collection(WatchingTests.Name)]
public sealed class AgentFigureTests(TestApi api)
{
    [Fact]
    public async Task A_queue_counts_in_each_status_the_agents_that_the_agents_page_shows_in_it()
    {
        Guid[] teams = [await TeamAsync(), await TeamAsync()];
        using var role = await api.Admin.PostAsJsonAsync(
            "/v1/roles", new { name = "Colleague", grants = new[] { new { permission = Permissions.MonitoringRead, scope = "assigned_queues" } } });
        var colleagueRole = (await role.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var (colleagueId, colleague) = await api.UserAsync([colleagueRole]);
        var agents = new List<(Guid Id, HttpClient Client)>();
        foreach (var of in new Guid[][] { [teams[0]], [teams[0]], [teams[1]], [teams[0], teams[1]], [] })
            agents.Add(await api.UserAsync([BuiltInRoles.Agent], of));
        var (gone, _) = await api.UserAsync([BuiltInRoles.Agent], [teams[0]]);
        Guid[] queues =
        [
            await api.QueueAsync(members: [.. agents.Select(a => a.Id), gone, colleagueId], teamIds: [teams[0]]),
            await api.QueueAsync(members: [agents[1].Id, agents[2].Id, agents[3].Id], teamIds: [teams[1]]),
            await api.QueueAsync(members: [agents[0].Id, agents[3].Id], teamIds: teams),
            await api.QueueAsync(members: [agents[4].Id]),
        ];
        (await api.Admin.PostAsync($"/v1/users/{gone}/deactivate", content: null)).EnsureSuccessStatusCode();
        await using var first = await AdapterClient.SignInAsync(api, agents[0].Client, chats: 1);
        await using var third = await AdapterClient.SignInAsync(api, agents[2].Client, chats: 1);
        await using var shared = await AdapterClient.SignInAsync(api, agents[3].Client, chats: 1);
        await third.DoAsync(new() { SetStatus = new() { Reason = "break" } });
        await shared.DoAsync(new() { SetStatus = new() { Reason = "meal" } });

        var (_, managerOfFirst) = await api.UserAsync([BuiltInRoles.Manager], [teams[0]]);
        var (_, managerOfSecond) = await api.UserAsync([BuiltInRoles.Manager], [teams[1]]);
        var (_, managerOfBoth) = await api.UserAsync([BuiltInRoles.Manager], teams);
        (HttpClient Client, string[] Expected)[] viewers =
        [
            (api.Admin, ["available 1, break 1, meal 1, offline 2", "break 1, meal 1, offline 1", "available 1, meal 1", "offline 1"]),
            (managerOfFirst, ["available 1, meal 1, offline 1", "", "available 1, meal 1", ""]),
            (managerOfSecond, ["", "break 1, meal 1", "meal 1", ""]),
            (managerOfBoth, ["available 1, break 1, meal 1, offline 1", "break 1, meal 1, offline 1", "available 1, meal 1", ""]),
            (colleague, ["available 1, break 1, meal 1, offline 2", "", "", ""]),
        ];
        foreach (var (viewer, expected) in viewers)
            await AgreesAsync(viewer, queues, expected);
    }

    private static async Task AgreesAsync(HttpClient viewer, Guid[] queues, string[] expected)
    {
        await Eventually.TrueAsync(async () => (await CountedAsync(viewer, queues, "/v1/monitoring/queues?limit=200&sort=-waiting", "queue")).SequenceEqual(expected), what: string.Join(" | ", expected));
        (await CountedAsync(viewer, queues, "/v1/monitoring/queues?limit=200", "queue")).ShouldBe(expected);
        using var stream = await EventStream.OpenAsync(viewer, "/v1/monitoring/queues");
        Counted((await stream.NextAsync())!.Value.Data.GetProperty("items"), queues).ShouldBe(expected);
        for (var i = 0; i < queues.Length; i++)
        {
            // Whose queue is out of reach has no figures to agree with.
            if (expected[i].Length == 0)
                continue;
            var page = $"/v1/monitoring/agents?queueId={queues[i]}&limit=200";
            Grouped(await viewer.ItemsAsync(page)).ShouldBe(expected[i]);
            using var live = await EventStream.OpenAsync(viewer, page);
            Grouped((await live.NextAsync())!.Value.Data.GetProperty("items").EnumerateArray()).ShouldBe(expected[i]);
            foreach (var status in new[] { "available", "break", "meal", "offline" })
                (await viewer.ItemsAsync($"{page}&status={status}")).Count.ShouldBe(CountOf(expected[i], status), status);
        }
    }

    private static int CountOf(string figures, string status) =>
        figures.Split(", ").Where(f => f.StartsWith(status + ' ', StringComparison.Ordinal)).Sum(f => int.Parse(f.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));

    private static string Grouped(IEnumerable<JsonElement> agents) => string.Join(
        ", ", agents.GroupBy(a => a.GetProperty("status").GetString()!).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => $"{g.Key} {g.Count()}"));

    private static async Task<string[]> CountedAsync(HttpClient viewer, Guid[] queues, string path, string item)
    {
        List<JsonElement> rows = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await viewer.GetAsync($"{path}&cursor={Uri.EscapeDataString(cursor)}")).JsonAsync();
            rows.AddRange(page.GetProperty("items").EnumerateArray().Where(r => r.TryGetProperty(item, out _)));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return Counted(rows, queues);
    }

    private static string[] Counted(JsonElement rows, Guid[] queues) => Counted([.. rows.EnumerateArray()], queues);

    private static string[] Counted(List<JsonElement> rows, Guid[] queues) =>
        [.. queues.Select(queue => rows.Where(r => r.GetProperty("queue").GetProperty("queueId").GetGuid() == queue).Select(Statuses).SingleOrDefault(""))];

    private static string Statuses(JsonElement row) => string.Join(", ", row.GetProperty("agents").GetProperty("byStatus").EnumerateArray()
        .Select(s => $"{s.GetProperty("status").GetString()} {s.GetProperty("agents").GetInt32()}"));

    private async Task<Guid> TeamAsync()
    {
        using var made = await api.Admin.PostAsJsonAsync("/v1/teams", new { name = "A team" });
        return (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
