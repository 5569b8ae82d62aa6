namespace ContactCenter.Api.Tests;

[Collection(ApiTests.Name)]
public sealed class HealthTests(TestApi api)
{
    [Fact]
    public async Task A_started_node_is_live_and_ready_and_says_what_it_looked_at()
    {
        (await (await api.Anonymous.GetAsync("/health/live")).JsonAsync()).GetProperty("status").GetString().ShouldBe("live");
        var report = await (await api.Anonymous.GetAsync("/health/ready")).JsonAsync();
        report.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString())
            .ShouldBe(["node", "database", "log_oldest_write", "log_tail", "projections", "media"], ignoreOrder: true);
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
        using var recordings = new Application.Recordings.RecordingMetrics();
        recordings.PurgedUnuploaded();
        var text = await api.Anonymous.GetStringAsync("/metrics");
        text.ShouldContain("# TYPE contactcenter_recordings_purged_unuploaded_total counter");
        text.ShouldContain("contactcenter_recordings_purged_unuploaded_total 1");
    }

    [Fact]
    public async Task Queue_and_session()
    {
        var queue = await api.QueueAsync();
        var (id, consumer) = await api.SessionAsync(queue);
        var session = await (await consumer.GetAsync($"/v1/sessions/{id}")).JsonAsync();
        session.GetProperty("status").GetString().ShouldBe("queued");
    }
}
