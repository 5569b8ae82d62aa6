using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests.Pages;

/// <summary>Every list, by every order it knows: pages put together are the list, and a cursor is good for its own list alone (MON-6).</summary>
[Collection(WatchingTests.Name)]
public sealed partial class SortingTests(TestApi api)
{
    public static TheoryData<string> Lists =>
    [
        "/v1/monitoring/calls/connected", "/v1/monitoring/calls/queued", "/v1/monitoring/chats/connected", "/v1/monitoring/chats/queued", "/v1/monitoring/agents", "/v1/monitoring/queues",
        "/v1/queues", "/v1/recordings", "/v1/monitors", "/v1/users", "/v1/teams", "/v1/api-keys", "/v1/crm-keys", "/v1/voicemails", "/v1/scheduled-calls", "/v1/audit",
    ];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Pages_of_every_order_put_together_are_the_list_and_their_cursors_are_refused_elsewhere(string list)
    {
        await using var floor = await Floor.OpenAsync(api);
        for (var i = 0; i < 3; i++)
        {
            await floor.ConnectedAsync();
            await api.SessionAsync(await api.QueueAsync(teamIds: [floor.Team]), "call");
            await api.SessionAsync(await api.QueueAsync(teamIds: [floor.Team]));
        }

        await api.KeyAsync(Permissions.AuditRead);
        await api.MarkEndAsync();
        var filter = list.StartsWith("/v1/monitoring/", StringComparison.Ordinal) || list == "/v1/queues" || list == "/v1/users" ? $"teamId={floor.Team}&" : list == "/v1/audit" ? "command=IssueApiKey&" : "";
        foreach (var sort in await SortsAsync(list))
        {
            // What happened just now is on its way into the list.
            List<string> whole = [], pages = [];
            await Eventually.TrueAsync(
                async () =>
                {
                    whole = await PagesAsync($"{list}?{filter}sort={sort}&limit=200");
                    pages = await PagesAsync($"{list}?{filter}sort={sort}&limit=5");
                    return pages.SequenceEqual(whole);
                },
                what: sort);
            pages.Distinct().Count().ShouldBe(pages.Count, sort);
            await CursorIsRefusedAsync(list, filter, sort);
        }
    }

    [Theory]
    [InlineData("chats/connected")]
    [InlineData("agents")]
    public async Task What_a_line_shows_is_found(string page)
    {
        await using var floor = await Floor.OpenAsync(api);
        var (chat, _) = await floor.ConnectedAsync();
        var name = $"Needle {chat:N}"[..20];
        var password = "a password of some length";
        using var made = await api.Admin.PostAsJsonAsync("/v1/users", new { login = $"needle-{chat:N}", name, password, roleIds = new[] { BuiltInRoles.Agent }, teamIds = new[] { floor.Team } });
        var agentId = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var agent = api.Client(await api.SignInAsync($"needle-{chat:N}", password));
        var queue = await api.QueueAsync(members: [agentId], teamIds: [floor.Team]);
        await using var adapter = await Grpc.AdapterClient.SignInAsync(api, agent);
        var (theirs, _) = await api.SessionAsync(queue);
        await adapter.AcceptAsync(theirs);
        await adapter.StatusAsync(theirs, V1.SessionStatus.Connected);
        using (var looked = await api.Admin.GetAsync($"/v1/queues/{queue}"))
        using (var renamed = await api.Admin.PutTaggedAsync($"/v1/queues/{queue}/name", looked.Headers.ETag!.Tag, new { name = $"Haystack {agentId:N}"[..20] }))
            await renamed.JsonAsync();

        string[] words = page == "agents" ? [name, name.ToUpperInvariant()] : [name, name.ToLowerInvariant(), $"Haystack {agentId:N}"[..20], theirs.ToString()];
        foreach (var word in words)
        {
            var path = $"/v1/monitoring/{page}?search={Uri.EscapeDataString(word)}";
            await Eventually.TrueAsync(async () => (await floor.Manager.ItemsAsync(path)).Count == 1, what: path);
            using var stream = await EventStream.OpenAsync(floor.Manager, path);
            var item = (await stream.NextAsync())!.Value.Data.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
            (page == "agents" ? item.GetProperty("agentId").GetGuid() : item.IdOf()).ShouldBe(page == "agents" ? agentId : theirs, word);
        }
    }

    private async Task CursorIsRefusedAsync(string list, string filter, string sort)
    {
        var first = await (await api.Admin.GetAsync($"{list}?{filter}sort={sort}&limit=1")).JsonAsync();
        if (first.GetProperty("nextCursor").GetString() is not { } cursor)
            return;
        var given = $"cursor={Uri.EscapeDataString(cursor)}";
        var other = sort.StartsWith('-') ? sort[1..] : "-" + sort;
        await (await api.Admin.GetAsync($"{list}?{filter}sort={other}&limit=1&{given}")).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        var narrower = list switch
        {
            "/v1/teams" or "/v1/api-keys" or "/v1/crm-keys" => null,
            "/v1/recordings" or "/v1/monitors" => $"sessionId={Guid.CreateVersion7()}",
            "/v1/voicemails" or "/v1/scheduled-calls" => $"queueId={Guid.CreateVersion7()}",
            "/v1/audit" => "actor=nobody",
            _ => "search=else",
        };
        if (narrower is not null)
            await (await api.Admin.GetAsync($"{list}?{filter}sort={sort}&limit=1&{narrower}&{given}")).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
    }

    /// <summary>What a list can be sorted by, as it says itself to whoever asks for another order.</summary>
    private async Task<List<string>> SortsAsync(string list)
    {
        var problem = await (await api.Admin.GetAsync($"{list}?sort=nonsense")).ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        var known = Known().Match(problem.GetProperty("errors").GetProperty("sort")[0].GetString()!).Groups["names"].Value.Split(", ");
        return [.. known.Select(n => n.TrimStart('-')).Distinct().SelectMany(n => new[] { n, "-" + n })];
    }

    private async Task<List<string>> PagesAsync(string path)
    {
        List<string> keys = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await (await api.Admin.GetAsync($"{path}&cursor={Uri.EscapeDataString(cursor)}")).JsonAsync();
            keys.AddRange(page.GetProperty("items").EnumerateArray().Select(KeyOf));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        return keys;
    }

    private static string KeyOf(JsonElement row)
    {
        foreach (var name in new[] { "agentId", "recordingId", "monitorId", "userId", "teamId", "apiKeyId", "voicemailId", "scheduledCallId", "position", "id" })
        {
            if (row.TryGetProperty(name, out var key))
                return key.ToString();
        }

        return row.TryGetProperty("queue", out var queue) ? queue.GetProperty("queueId").ToString() : row.GetProperty("session").GetProperty("sessionId").ToString();
    }

    [GeneratedRegex("Must be one of (?<names>.*?)(, with a - before it.*)?\\.$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Known();
}
