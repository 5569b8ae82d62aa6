using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Audit;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Queues;
using ContactCenter.Testing;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Npgsql;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ContactCenter.Api.Tests;

/// <summary>
/// A service of its own, since it is broken and stopped; and alone, since a transaction held open holds back the readers
/// of every database of the cluster.
/// </summary>
[Collection(Alone)]
public sealed class FiguresTests : IAsyncLifetime
{
    private const string Alone = "alone";
    private readonly TestApi api = new("--CONTACTCENTER_DRAIN_SECONDS=3");

    public Task InitializeAsync() => api.InitializeAsync();

    public Task DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_paused_read_model_and_what_waits_show_in_figures_and_health()
    {
        var queue = await api.QueueAsync();
        var unreadable = Sample.NewId();
        await using (var rename = api.Get<NpgsqlDataSource>().CreateCommand(
            """
            select base from append_events(
              '{}', '{}', '{}', '{0}', array[$1], '{1}', '{2}',
              '{0}', array[$1], '{2}', array[$2], '{queue.painted.v9}', '{"{}"}', array[$3::json],
              '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', now(), log_epoch_offset())
            """))
        {
            rename.Parameters.Add(new() { Value = $"queue-{queue}" });
            rename.Parameters.Add(new() { Value = unreadable });
            rename.Parameters.Add(new() { Value = $"{{\"commandId\":\"{Sample.NewId()}\",\"command\":\"Paint\",\"actor\":{{\"kind\":\"system\",\"id\":\"tests\"}},\"source\":null}}" });
            await rename.ExecuteNonQueryAsync();
        }

        foreach (var (name, version) in new[] { ("queues", new QueuesProjection().Version), ("audit", new AuditProjection().Version) })
        {
            await Eventually.TrueAsync(async () => (await api.Anonymous.GetStringAsync("/metrics"))
                .Contains($"contactcenter_projection_state{{projection=\"{name}\",build=\"v{version}.1\",state=\"paused\"}} 1", StringComparison.Ordinal));
        }

        var projections = await api.Get<IProjectionControl>().ListAsync(CancellationToken.None);
        projections.Where(p => p.Status == "paused").Select(p => p.Name).ShouldBe(["audit", "queues"]);
        projections.Where(p => p.Status == "paused").ShouldAllBe(p => p.Error!.EventId == unreadable);
        // A report is kept for a second.
        await Eventually.TrueAsync(async () => (await api.Anonymous.GetStringAsync("/health/ready")).Contains($"queues paused at event {unreadable}", StringComparison.Ordinal));

        // Live pages and the feed of events go on; the event is told as what it is.
        await api.SessionAsync(await api.QueueAsync());
        using var feed = await EventStream.OpenAsync(api.Admin, "/v1/events");
        for (var happened = await feed.NextAsync(); ; happened = await feed.NextAsync())
        {
            if (happened!.Value.Data.GetProperty("id").GetGuid() != unreadable)
                continue;
            happened.Value.Data.GetProperty("type").GetString().ShouldBe("queue.painted.v9");
            happened.Value.Data.GetProperty("data").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
            break;
        }

        using var skipped = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(api.Admin, "/v1/operations/projections/queues/skip", new { eventId = unreadable });
        skipped.EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await api.Anonymous.GetStringAsync("/metrics"))
            .Contains($"contactcenter_projection_state{{projection=\"queues\",build=\"v{new QueuesProjection().Version}.1\",state=\"live\"}} 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Grpc_health_tells_what_readiness_tells_and_its_watchers_each_change_up_to_the_drain()
    {
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        var health = new Health.HealthClient(PatientCalls.Of(channel));
        await Eventually.TrueAsync(async () => (await health.CheckAsync(new HealthCheckRequest())).Status == ServingStatus.Serving);
        (await health.CheckAsync(new HealthCheckRequest { Service = "contactcenter.v1.Monitoring" })).Status.ShouldBe(ServingStatus.Serving);
        using var watch = health.Watch(new HealthCheckRequest());
        (await NextAsync(watch)).ShouldBe(ServingStatus.Serving);

        // The log's readers are held back for too long: not ready, also in REST.
        await using (var connection = await api.Get<NpgsqlDataSource>().OpenConnectionAsync())
        {
            await using var open = await connection.BeginTransactionAsync();
            await using var write = new NpgsqlCommand("select pg_current_xact_id()", connection);
            await write.ExecuteScalarAsync();
            (await NextAsync(watch)).ShouldBe(ServingStatus.NotServing);
            (await api.Anonymous.GetAsync("/health/ready")).StatusCode.ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);
        }

        (await NextAsync(watch)).ShouldBe(ServingStatus.Serving);
        var stopping = api.App.StopAsync();
        (await NextAsync(watch)).ShouldBe(ServingStatus.NotServing);
        // It still answers, so that balancers can hear it.
        stopping.IsCompleted.ShouldBeFalse();
        (await health.CheckAsync(new HealthCheckRequest())).Status.ShouldBe(ServingStatus.NotServing);
        await stopping;
    }

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await watch.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
        return watch.ResponseStream.Current.Status;
    }
}

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneTests;
