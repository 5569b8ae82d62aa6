using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ContactCenter.Api.Tests.Recordings;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Testing;

namespace ContactCenter.Api.Tests;

[Collection(ApiTests.Name)]
public sealed partial class HealthTests(TestApi api)
{
    [Fact]
    public async Task A_started_node_is_live_and_ready_and_says_what_it_looked_at()
    {
        (await (await api.Anonymous.GetAsync("/health/live")).JsonAsync()).GetProperty("status").GetString().ShouldBe("live");
        var report = await (await api.Anonymous.GetAsync("/health/ready")).JsonAsync();
        report.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString())
            .ShouldBe(["node", "database", "log_oldest_write", "log_tail", "projections", "media", "virtual_agents"], ignoreOrder: true);
        report.ToString().ShouldContain("simulated");
    }

    [Fact]
    public async Task Figures_are_prometheus_text_and_count_requests()
    {
        await api.Anonymous.GetAsync("/health/live");
        var text = await api.Anonymous.GetStringAsync("/metrics");
        text.ShouldContain("# TYPE http_server_request_duration_seconds histogram");
        text.ShouldContain("http_route=\"/health/live\"");
    }

    [Fact]
    public async Task Figures_of_recordings_are_exported()
    {
        var text = await api.Anonymous.GetStringAsync("/metrics");
        // A first one is an increase only where there was a zero before.
        foreach (var reason in new[] { "not_confirmed", "api_limit", "too_large" })
            text.ShouldContain($"contactcenter_recordings_upload_failures_total{{reason=\"{reason}\"}} ");
        foreach (var reason in new[] { "agent", "redaction" })
            text.ShouldContain($"contactcenter_recordings_pauses_forgotten_total{{reason=\"{reason}\"}} ");
    }

    [Fact]
    public async Task A_recording_that_is_lost_is_told_with_when_it_was_by_every_node()
    {
        const string Lost = "contactcenter_recordings_purged_unuploaded_total";
        var (before, began) = (Value(await FiguresAsync(api), Lost), TimeProvider.System.GetUtcNow());
        var overdue = await WaitingRecording.OverdueAsync(api);
        (await api.Get<Dispatcher>().SendAsSystemAsync("tests", new PurgeRecording(overdue.Id), default)).Error.ShouldBeNull();
        await Eventually.TrueAsync(async () => Value(await FiguresAsync(api), Lost) > before);
        var other = await api.AnotherNodeAsync();
        var told = await FiguresAsync(other);
        await other.DisposeAsync();
        told.ShouldContain($"# TYPE {Lost} counter");
        Value(told, Lost).ShouldBe(before + 1);
        Value(told, "contactcenter_recordings_purged_unuploaded_last_timestamp_seconds")
            .ShouldBeInRange(began.ToUnixTimeSeconds(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
    }

    [Fact]
    public async Task Alerts_ask_for_figures_that_there_are_and_take_them_together_as_they_are_told()
    {
        var docs = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "docs");
        var ofDatabase = (await File.ReadAllTextAsync(Path.Combine(docs, "metrics.md"))).Split("## ")[1];
        var lines = await FiguresAsync(api);
        var asked = Expression().Matches(await File.ReadAllTextAsync(Path.Combine(docs, "operations", "recordings.rules.yml"))).Select(m => m.Value).ToList();
        asked.Count.ShouldBe(5);
        foreach (var expression in asked)
        {
            var name = Figure().Matches(expression).Select(m => m.Value).Distinct().ShouldHaveSingleItem();
            var isCounter = lines.Single(l => l.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)).EndsWith(" counter", StringComparison.Ordinal);
            if (ofDatabase.Contains($"`{name}`", StringComparison.Ordinal))
            {
                // Every node tells the same, and one that starts late must not make it an increase.
                (isCounter, expression.Contains("sum(", StringComparison.Ordinal)).ShouldBe((false, false), expression);
                expression.ShouldContain($"max({name})");
            }
            else
            {
                isCounter.ShouldBeTrue(expression);
                expression.ShouldBe($"expr: sum(increase({name}[15m])) > 0 or sum({name} unless {name} offset 15m) > 0");
            }
        }
    }

    [Fact]
    public async Task Every_figure_has_its_help_and_type_and_those_of_the_database_are_there()
    {
        await api.SessionAsync(await api.QueueAsync(), "call");
        var lines = await FiguresAsync(api);
        var histograms = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal) && l.EndsWith(" histogram", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToHashSet();
        var names = lines.Where(l => l[0] != '#').Select(l => l.Split('{', ' ')[0])
            .Select(n => histograms.Contains(n[..Math.Max(0, n.LastIndexOf('_'))]) ? n[..n.LastIndexOf('_')] : n).Distinct();
        foreach (var name in names)
        {
            lines.Count(l => l.StartsWith($"# HELP {name} ", StringComparison.Ordinal)).ShouldBe(1, name);
            lines.Count(l => l.StartsWith($"# TYPE {name} ", StringComparison.Ordinal)).ShouldBe(1, name);
        }

        foreach (var name in new[] { "sessions", "agents", "queues", "recordings", "users", "teams", "roles", "api_keys", "crm_keys", "audit" })
        {
            Value(lines, "contactcenter_projection_lag_events", $"projection=\"{name}\"").ShouldBeGreaterThanOrEqualTo(0);
            Value(lines, "contactcenter_projection_lag_seconds", $"projection=\"{name}\"").ShouldBeGreaterThanOrEqualTo(0);
            Value(lines, "contactcenter_projection_state", $"projection=\"{name}\"", "state=\"live\"").ShouldBe(1);
            Value(lines, "contactcenter_projection_state", $"projection=\"{name}\"", "state=\"paused\"").ShouldBe(0);
        }

        foreach (var lane in new[] { "media", "crm", "recording", "timer" })
        {
            foreach (var figure in new[] { "depth", "due", "failing", "oldest_due_seconds" })
                Value(lines, $"contactcenter_outbox_{figure}", $"lane=\"{lane}\"").ShouldBeGreaterThanOrEqualTo(0);
        }

        Value(lines, "contactcenter_database_up").ShouldBe(1);
        Value(lines, "contactcenter_recordings_oldest_waiting_seconds").ShouldBeGreaterThanOrEqualTo(0);
        Value(lines, "contactcenter_recordings_purged_unuploaded_total").ShouldBeGreaterThanOrEqualTo(0);
        Value(lines, "contactcenter_recordings_purged_unuploaded_last_timestamp_seconds").ShouldBeGreaterThanOrEqualTo(0);
        Value(lines, "contactcenter_log_oldest_write_seconds").ShouldBeInRange(0, 10);
    }

    private static async Task<string[]> FiguresAsync(TestApi node) =>
        (await node.Anonymous.GetStringAsync("/metrics")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Here([CallerFilePath] string here = "") => here;

    [GeneratedRegex("expr: .*", RegexOptions.NonBacktracking)]
    private static partial Regex Expression();

    [GeneratedRegex("contactcenter_[a-z_]+", RegexOptions.NonBacktracking)]
    private static partial Regex Figure();

    private static double Value(string[] lines, string name, params string[] labels) => double.Parse(
        lines.Single(l => (l.StartsWith(name + "{", StringComparison.Ordinal) || l.StartsWith(name + " ", StringComparison.Ordinal)) && labels.All(l.Contains)).Split(' ')[^1],
        System.Globalization.CultureInfo.InvariantCulture);
}
