using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Settings;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Api.Tests.Settings;

/// <summary>The configuration as one value, on two nodes that edit it at once (ADR 0032).</summary>
public sealed class ConfigurationTests : IAsyncLifetime
{
    private readonly TestApi one = new();
    private TestApi two = null!;

    public async Task InitializeAsync()
    {
        await one.InitializeAsync();
        two = await one.AnotherNodeAsync();
    }

    public async Task DisposeAsync()
    {
        await two.DisposeAsync();
        await one.DisposeAsync();
    }

    /// <summary>A queue that is always open may be the one that calls are deflected to; one that closes may not.</summary>
    [Fact]
    public async Task A_circle_that_two_edits_at_once_would_make_together_is_refused_to_one_of_them()
    {
        var queue = await one.QueueAsync("ivr");
        object calls = new { enabled = true, ivr = new { option = "queue", queueId = queue } };
        object hours = new { global = SettingsClient.Office };
        await RaceAsync("configuration.deflection_cycle", ("calls", calls, new { enabled = false }), ("hours", hours, new { }));
    }

    [Fact]
    public async Task A_message_that_two_edits_at_once_would_leave_missing_is_refused_to_one_of_them()
    {
        await one.Admin.SayAsync("after_hours", "en", new { text = "We are closed." });
        await RaceAsync(
            "configuration.message_missing",
            ("calls", new { enabled = true }, new { enabled = false }),
            ("support-center", SettingsClient.Center(["en", "de"]), SettingsClient.Center(["en"])));
    }

    [Fact]
    public async Task Every_node_agrees_with_the_log_whoever_edits_what_at_once()
    {
        await Task.WhenAll(
            EditAsync(one, i => one.Admin.TryAsync("support-center", SettingsClient.Center(["en"], name: $"Center {i}"))),
            EditAsync(two, i => two.Admin.TrySayAsync("after_hours", i % 2 == 0 ? "de" : "fr", new { text = $"Closed {i}" })),
            EditAsync(one, _ => one.Admin.TrySayAsync("voicemail_greeting", "en", new { text = "Speak." })),
            EditAsync(two, i => two.Admin.TryAsync("hours", i % 2 == 0 ? new { } : new { global = SettingsClient.Office })),
            Task.WhenAll(Enumerable.Range(0, 10).Select(_ => one.QueueAsync("ivr"))),
            Task.WhenAll(Enumerable.Range(0, 10).Select(_ => two.QueueAsync("mobile"))));

        await AllAgreeAsync(one, two);
        // A third, which reads what is there; and the second, which begins anew.
        await two.DisposeAsync();
        two = await one.AnotherNodeAsync();
        await one.Admin.SayAsync("after_hours", "en", new { text = "Closed for good" });
        await AllAgreeAsync(one, two);
    }

    [Fact]
    public async Task Who_wrote_reads_what_they_wrote_at_once()
    {
        for (var i = 0; i < 30; i++)
        {
            await one.Admin.SetAsync("support-center", SettingsClient.Center(["en"], name: $"Center {i}"));
            (await one.Admin.ExportAsync())["supportCenter"]!["name"]!.GetValue<string>().ShouldBe($"Center {i}");
        }
    }

    /// <summary>
    /// The other node's feed is held back, so that it knows of no change for as long as it is not asked to look: what was a
    /// matter of milliseconds is so every time.
    /// </summary>
    [Fact]
    public async Task Who_comes_in_at_another_node_goes_by_the_settings_that_were_acknowledged_before()
    {
        await one.Admin.SayAsync("after_hours", "en", new { text = "We are closed." });
        await one.Admin.SetAsync("calls", new { enabled = true });
        var queue = await one.QueueAsync("ivr");
        await two.MarkEndAsync();
        (await ComesInAsync()).ShouldBe("queued");
        await using var connection = await one.Get<NpgsqlDataSource>().OpenConnectionAsync();
        await using var open = await connection.BeginTransactionAsync();
        await using (var write = new NpgsqlCommand("select pg_current_xact_id()", connection, open))
            await write.ExecuteScalarAsync();

        await one.Admin.SetAsync("hours", new { global = new { timeZone = "Etc/UTC" } });
        (await ComesInAsync()).ShouldBe("requested", "it hears the message, and waits in no queue");
        await one.Admin.SetAsync("hours", new { });
        (await ComesInAsync()).ShouldBe("queued");

        async Task<string?> ComesInAsync()
        {
            using var answer = await two.Admin.PostAsJsonAsync(
                "/v1/sessions", new { kind = "call", channel = "ivr", queueId = queue, language = "en", consumer = new { kind = "phone", identity = "+4930123456" } });
            var id = (await answer.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            using var session = await two.Admin.GetAsync($"/v1/sessions/{id}");
            return (await session.JsonAsync()).GetProperty("status").GetString();
        }
    }

    private static async Task EditAsync(TestApi node, Func<int, Task<HttpResponseMessage>> edit)
    {
        for (var i = 0; i < 15; i++)
        {
            using var answer = await edit(i);
            answer.StatusCode.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.PreconditionFailed);
        }
    }

    private static async Task AllAgreeAsync(params TestApi[] nodes)
    {
        var log = await FoldAsync(nodes[0]);
        foreach (var node in nodes)
            Text(await node.Get<ICenterConfiguration>().AtLeastAsync(log.Revision, CancellationToken.None)).ShouldBe(Text(log));
    }

    private static async Task<CenterConfiguration> FoldAsync(TestApi node)
    {
        var store = node.Get<IEventStore>();
        var revision = (await node.Get<AggregateReader>().LoadFreshAsync(Aggregates.Configuration, ConfigurationRevised.StreamId, CancellationToken.None)).Version;
        var center = CenterConfiguration.Initial;
        // What was just appended shows in the log a moment later.
        await Eventually.TrueAsync(async () =>
        {
            center = CenterConfiguration.Initial;
            LogPage page;
            var position = LogPosition.Start;
            do
            {
                page = await store.ReadLogAsync(position, 1000, CancellationToken.None);
                center = page.Events.Aggregate(center, (at, happened) => at.Apply(happened.Data));
                position = page.Position;
            }
            while (!page.AtEnd);
            return center.Revision == revision;
        });
        return center;
    }

    private static string Text(CenterConfiguration center) => JsonSerializer.Serialize(
        new { center.Revision, File = SettingsFile.Of(center), Gone = center.Queues.Values.Where(q => q.IsArchived).Select(q => q.Id).Order() });

    /// <summary>Two edits that are each right, and wrong together: one on each node, at once, again and again.</summary>
    private async Task RaceAsync(string code, (string Page, object Edit, object Undo) left, (string Page, object Edit, object Undo) right)
    {
        for (var round = 0; round < 15; round++)
        {
            var versions = (await one.Admin.VersionAsync(left.Page), await two.Admin.VersionAsync(right.Page));
            var answers = await Task.WhenAll(
                Task.Run(() => one.Admin.WriteAsync(left.Page, left.Edit, versions.Item1)),
                Task.Run(() => two.Admin.WriteAsync(right.Page, right.Edit, versions.Item2)));
            answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(1);
            await answers.Single(a => a.StatusCode != HttpStatusCode.OK).ShouldRefuseAsync(HttpStatusCode.UnprocessableEntity, code);

            if (answers[0].StatusCode == HttpStatusCode.OK)
                await one.Admin.SetAsync(left.Page, left.Undo);
            else
                await two.Admin.SetAsync(right.Page, right.Undo);
        }
    }
}
