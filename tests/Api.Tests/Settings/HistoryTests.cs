using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>Settings as they were, hours that are asked for wrongly, and edits while somebody else holds the database up.</summary>
public sealed class HistoryTests(TestApi api) : IClassFixture<TestApi>
{
    [Fact]
    public async Task A_queues_settings_are_answered_as_they_were_at_an_instant()
    {
        var beforeAll = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var queue = await api.QueueAsync("ivr");
        await EditAsync(queue, "hours", new { timeZone = "Etc/UTC", open24Hours = true });
        await EditAsync(queue, "virtual-agent", new { name = "Vera", connector = "simulated", availability = "always" });
        var then = await AfterNowAsync(queue);
        await EditAsync(queue, "hours", new { timeZone = "Europe/Berlin" });
        await EditAsync(queue, "virtual-agent", new { name = "Ada", connector = "simulated", availability = "always" });
        await EditAsync(queue, "handling", new { offerTimeoutSeconds = 90, wrapUpSeconds = 5 });

        var at = $"?asOf={Uri.EscapeDataString(then.ToString("O"))}";
        (await GetAsync($"/v1/queues/{queue}/hours{at}")).GetProperty("hours").GetProperty("timeZone").GetString().ShouldBe("Etc/UTC");
        (await GetAsync($"/v1/queues/{queue}/hours")).GetProperty("hours").GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        (await GetAsync($"/v1/queues/{queue}/virtual-agent{at}")).GetProperty("virtualAgent").GetProperty("name").GetString().ShouldBe("Vera");
        (await GetAsync($"/v1/queues/{queue}/deflection{at}")).GetProperty("version").GetInt64().ShouldBe(3);
        (await GetAsync($"/v1/queues/{queue}/scheduled-calls{at}")).GetProperty("rules").GetProperty("enabled").GetBoolean().ShouldBeFalse();
        var whole = await GetAsync($"/v1/queues/{queue}{at}");
        (whole.GetProperty("version").GetInt64(), whole.GetProperty("handling").GetProperty("offerTimeoutSeconds").GetInt32()).ShouldBe((3, 30));
        await (await api.Admin.GetAsync($"/v1/queues/{queue}?asOf={Uri.EscapeDataString(beforeAll.ToString("O"))}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "queue.not_found");
    }

    [Fact]
    public async Task The_file_of_all_settings_is_answered_as_it_was_at_an_instant()
    {
        var queue = await api.QueueAsync("mobile");
        await api.Admin.SetAsync("support-center", SettingsClient.Center(["en"], name: "Before"));
        var (file, revision) = (await api.Admin.ExportAsync(), await api.Admin.VersionAsync("export"));
        var then = await AfterNowAsync(queue);
        await api.Admin.SetAsync("support-center", SettingsClient.Center(["en"], name: "After"));
        await api.QueueAsync("mobile");
        await EditAsync(queue, "whisper", new { whisperEnabled = false });

        using var answer = await api.Admin.GetAsync($"/v1/settings/export?asOf={Uri.EscapeDataString(then.ToString("O"))}");
        (await answer.JsonAsync()).ToString().ShouldBe(JsonDocument.Parse(file.ToJsonString()).RootElement.ToString());
        answer.Headers.ETag!.Tag.ShouldBe($"\"{revision}\"");
    }

    [Fact]
    public async Task Handling_and_whisper_are_in_the_file_at_once_and_count_in_its_version()
    {
        var queue = await api.QueueAsync("ivr");
        var revision = await api.Admin.VersionAsync("export");
        await EditAsync(queue, "handling", new { offerTimeoutSeconds = 77, wrapUpSeconds = 7 });
        (await api.Admin.VersionAsync("export")).ShouldBe(revision + 1);
        var file = await api.Admin.ExportAsync();
        var mine = file["queues"]!.AsArray().Single(q => q!["id"]!.GetValue<Guid>() == queue)!;
        mine["handling"]!["offerTimeoutSeconds"]!.GetValue<int>().ShouldBe(77);

        mine["whisper"]!["whisperText"] = "It is a bill.";
        await api.Admin.SetAsync("export", file);
        (await GetAsync($"/v1/queues/{queue}")).GetProperty("whisper").GetProperty("whisperText").GetString().ShouldBe("It is a bill.");
    }

    [Fact]
    public async Task A_preview_is_of_a_channel_that_the_queue_has_and_a_language_that_there_is()
    {
        var queue = await api.QueueAsync("ivr");
        const string days = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
        (await GetAsync($"/v1/settings/hours/preview?{days}&queueId={queue}&channel=ivr&language=en-GB")).GetProperty("appliedHours").GetString().ShouldNotBeNull();
        await Refused($"/v1/settings/hours/preview?{days}&queueId={queue}&channel=web", "queue.other_channel");
        await Refused($"/v1/queues/{queue}/hours/preview?{days}&channel=web", "queue.other_channel");
        var problem = await Refused($"/v1/queues/{queue}/hours/preview?{days}&language=tlh", "settings.language_not_enabled");
        problem.GetProperty("detail").GetString()!.ShouldContain("en");
        await Refused($"/v1/settings/hours/preview?{days}&language=tlh", "settings.language_not_enabled");
    }

    [Fact]
    public async Task Settings_are_edited_and_read_while_somebody_leaves_a_write_open_in_the_database()
    {
        await using var other = await api.AnotherNodeAsync();
        var queue = await api.QueueAsync("ivr");
        await api.MarkEndAsync();
        await using var connection = await api.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var open = await connection.BeginTransactionAsync();
        await using (var write = new NpgsqlCommand("select pg_current_xact_id()", connection, open))
            await write.ExecuteScalarAsync();

        foreach (var node in new[] { api, other, api })
        {
            // What another node wrote shows here once it was met: then it is looked at again.
            using (var met = await node.Admin.TryAsync("support-center", SettingsClient.Center(["en"], name: $"{node.Rest}")))
                met.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.PreconditionFailed);
            await node.Admin.SetAsync("support-center", SettingsClient.Center(["en"], name: $"{node.Rest}"));
            (await node.Admin.ExportAsync())["supportCenter"]!["name"]!.GetValue<string>().ShouldBe($"{node.Rest}");
        }

        // A queue that the feed has not brought yet.
        using var made = await other.Admin.PostAsJsonAsync("/v1/queues", new { name = "Night", channel = "ivr" });
        var night = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await EditAsync(queue, "deflection", new { ivr = new { option = "queue", queueId = night } });
        (await api.Admin.ExportAsync())["queues"]!.AsArray().Count(q => q!["id"]!.GetValue<Guid>() == night).ShouldBe(1);

        await open.RollbackAsync();
        await api.MarkEndAsync();
        (await api.Admin.ExportAsync())["queues"]!.AsArray().Count(q => q!["id"]!.GetValue<Guid>() == night).ShouldBe(1);
    }

    private async Task<JsonElement> GetAsync(string path) => await (await api.Admin.GetAsync(path)).JsonAsync();

    private async Task<JsonElement> Refused(string path, string code) =>
        await (await api.Admin.GetAsync(path)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, code);

    /// <summary>An instant after everything so far: when the database recorded the queue's last change.</summary>
    private async Task<DateTimeOffset> AfterNowAsync(Guid queue)
    {
        var events = await GetAsync($"/v1/streams/queue-{queue}");
        var last = events[events.GetArrayLength() - 1].GetProperty("recordedAt").GetDateTimeOffset();
        using var answer = await api.Admin.GetAsync("/v1/streams/settings-5e771465-0000-7000-8000-000000000001");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return last;
        var pages = await answer.JsonAsync();
        var page = pages[pages.GetArrayLength() - 1].GetProperty("recordedAt").GetDateTimeOffset();
        return page > last ? page : last;
    }

    private async Task EditAsync(Guid queue, string part, object body)
    {
        var version = (await GetAsync($"/v1/queues/{queue}")).GetProperty("version").GetInt64();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/v1/queues/{queue}/{part}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        await (await api.Admin.SendAsync(request)).JsonAsync();
    }
}
