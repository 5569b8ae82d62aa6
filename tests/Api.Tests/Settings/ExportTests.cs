using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>All settings as one file, out and in again (ADM-5).</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private readonly TestApi api = new();

    public Task InitializeAsync() => api.InitializeAsync();

    public Task DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Importing_what_was_exported_changes_nothing()
    {
        await FillAsync();
        var (file, revision) = (await api.Admin.ExportAsync(), await api.Admin.VersionAsync("export"));
        using var same = await api.Admin.WriteAsync("export", file, revision);
        var receipt = await same.JsonAsync();
        receipt.GetProperty("position").GetString().ShouldBe("0");
        receipt.GetProperty("version").GetInt64().ShouldBe(revision);
        (await api.Admin.ExportAsync()).ToJsonString().ShouldBe(file.ToJsonString());
    }

    [Fact]
    public async Task A_file_brings_back_what_it_was_and_needs_the_revision_looked_at()
    {
        await FillAsync();
        var file = await api.Admin.ExportAsync();
        await api.Admin.SayAsync("after_hours", "fr", new { text = "Fermé." });
        await api.Admin.SetAsync("calls", new { enabled = false });
        await api.Admin.SetAsync("hours", new { });
        await (await api.Admin.WriteAsync("export", file, ifMatch: null)).ShouldRefuseAsync(HttpStatusCode.PreconditionRequired, "request.version_missing");
        var revision = await api.Admin.VersionAsync("export");
        await (await api.Admin.WriteAsync("export", file, revision - 1)).ShouldRefuseAsync(HttpStatusCode.PreconditionFailed, "request.stale_version");

        using var restored = await api.Admin.WriteAsync("export", file, revision);
        (await restored.JsonAsync()).GetProperty("version").GetInt64().ShouldBe(revision + 1);
        (await api.Admin.ExportAsync()).ToJsonString().ShouldBe(file.ToJsonString());
        (await api.Admin.VersionAsync("export")).ShouldBe(revision + 1);
    }

    [Fact]
    public async Task A_file_is_taken_back_after_the_whisper_of_a_queue_of_text_messages_was_switched_off()
    {
        var queue = await api.QueueAsync("sms");
        var file = await api.Admin.ExportAsync();
        var version = (await (await api.Admin.GetAsync($"/v1/queues/{queue}")).JsonAsync()).GetProperty("version").GetInt64();
        using (var off = new HttpRequestMessage(HttpMethod.Put, $"/v1/queues/{queue}/whisper") { Content = JsonContent.Create(new { whisperEnabled = false }) })
        {
            off.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            await (await api.Admin.SendAsync(off)).JsonAsync();
        }

        await api.Admin.SetAsync("export", file);
        // As it was written before: with the default of every new queue.
        file["queues"]![0]!["whisper"] = new JsonObject { ["whisperEnabled"] = true, ["whisperText"] = null, ["speed"] = 1, ["countdown"] = false };
        await api.Admin.SetAsync("export", file);
        file["queues"]![0]!["whisper"]!["whisperText"] = "A text.";
        var problem = await (await api.Admin.TryAsync("export", file)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.queue.takes_no_calls");
        problem.Places().ShouldBe(["queues[0].whisper"]);
    }

    [Fact]
    public async Task Another_center_takes_the_file_by_menu_and_path()
    {
        await FillAsync();
        var file = await api.Admin.ExportAsync();
        await using var other = new TestApi();
        await other.InitializeAsync();
        var problem = await (await other.Admin.TryAsync("export", file)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, "configuration.queue_not_found");
        problem.Places().ShouldContain("queues[0]");

        var queue = await other.QueueAsync("ivr");
        using var taken = await other.Admin.TryAsync("export", file);
        await taken.JsonAsync();
        (await other.Admin.LookAsync("calls")).GetProperty("ivr").GetProperty("queueId").GetGuid().ShouldBe(queue);
        (await other.Admin.ExportAsync())["queues"]![0]!["hours"]!["open24Hours"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_would_not_be_valid_as_a_whole_changes_nothing_and_hears_everything()
    {
        await FillAsync();
        var (file, before, revision) = (await api.Admin.ExportAsync(), await api.Admin.ExportAsync(), await api.Admin.VersionAsync("export"));
        file["messages"] = new JsonArray(new JsonObject
        {
            ["key"] = "after_hours",
            ["language"] = "en",
            ["message"] = new JsonObject { ["text"] = null, ["audioId"] = "0192f3a0-0000-8000-8000-000000000001" },
        });
        file["supportCenter"]!["email"] = null;
        file["calls"]!["sdk"]!["email"] = true;
        file["calls"]!["ivr"] = new JsonObject { ["option"] = "voicemail" };
        file["queues"]!.AsArray().Add(Queue("0192f3a0-0000-7000-8000-000000000001"));
        var problem = await (await api.Admin.WriteAsync("export", file, revision)).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity);
        problem.Places().ShouldBe(["queues[1]", "calls.sdk.email", "calls.ivr", "chats", "messages.after_hours.en"], ignoreOrder: true);

        file["hours"]!["global"]!["timeZone"] = "Nowhere";
        file["supportCenter"]!["defaultLanguage"] = "?";
        (await (await api.Admin.WriteAsync("export", file, revision)).ShouldRefuseAsync(HttpStatusCode.BadRequest)).Places()
            .ShouldBe(["hours.global.timeZone", "supportCenter.defaultLanguage"], ignoreOrder: true);
        file["color"] = "red";
        (await (await api.Admin.WriteAsync("export", file, revision)).ShouldRefuseAsync(HttpStatusCode.BadRequest)).Places().ShouldBe(["color"]);

        (await api.Admin.ExportAsync()).ToJsonString().ShouldBe(before.ToJsonString());
        (await api.Admin.VersionAsync("export")).ShouldBe(revision);
    }

    [Fact]
    public async Task A_file_of_five_hundred_queues_with_ten_exceptions_each_is_one_write()
    {
        var queue = await api.QueueAsync("ivr");
        for (var i = 1; i < 500; i++)
            (await api.Admin.PostAsJsonAsync("/v1/queues", new { name = $"Queue {i}", channel = "ivr" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var file = await api.Admin.ExportAsync();
        var revision = await api.Admin.VersionAsync("export");
        revision.ShouldBe(500);
        foreach (var one in file["queues"]!.AsArray())
        {
            one!["hours"] = new JsonObject
            {
                ["timeZone"] = "Europe/Berlin",
                ["open24Hours"] = true,
                ["exceptions"] = new JsonArray([.. Enumerable.Range(1, 10).Select(day => (JsonNode)new JsonObject
                {
                    ["name"] = $"Holiday {day}",
                    ["from"] = $"2026-12-{day:00}",
                    ["to"] = $"2026-12-{day:00}",
                    ["closed"] = true,
                })]),
            };
        }

        using var imported = await api.Admin.WriteAsync("export", file, revision);
        (await imported.JsonAsync()).GetProperty("version").GetInt64().ShouldBe(501);
        (await api.Admin.LookAsync($"hours/preview?from=2026-11-30T23:00:00Z&to=2026-12-12T23:00:00Z&queueId={queue}"))
            .GetProperty("exceptions").GetArrayLength().ShouldBe(10);
    }

    private static JsonObject Queue(string id) => new()
    {
        ["id"] = id,
        ["channel"] = "ivr",
        ["path"] = new JsonArray("Nowhere"),
        ["hours"] = null,
        ["deflection"] = null,
        ["virtualAgent"] = null,
        ["scheduledCalls"] = new JsonObject { ["enabled"] = false, ["slotMinutes"] = 15, ["callsPerSlot"] = 1, ["daysAhead"] = 7, ["leadMinutes"] = 15 },
    };

    /// <summary>Something on every page, and a queue that is always open, which the others are deflected to.</summary>
    private async Task FillAsync()
    {
        var queue = await api.QueueAsync("ivr");
        await api.Admin.SetAsync("support-center", SettingsClient.Center(["en"], "help@example.test"));
        await api.Admin.SetAsync("hours", new { global = SettingsClient.Office });
        await api.Admin.SayAsync("after_hours", "en", new { text = "We are closed." });
        await api.Admin.SetAsync("chats", new { enabled = true, email = true });
        var file = await api.Admin.ExportAsync();
        file["queues"]![0]!["hours"] = new JsonObject { ["timeZone"] = "Etc/UTC", ["open24Hours"] = true };
        file["calls"] = new JsonObject
        {
            ["enabled"] = true,
            ["allowTransfers"] = false,
            ["sdk"] = new JsonObject(),
            ["ivr"] = new JsonObject { ["option"] = "queue", ["queueId"] = queue.ToString() },
        };
        await api.Admin.SetAsync("export", file);
    }
}
