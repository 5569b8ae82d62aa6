using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Infrastructure.Tests.Scheduling;
using ContactCenter.Testing;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Monitoring;

/// <summary>Which monitorings are lost when nobody tells of them any more: their client is gone, or the node they were connected to.</summary>
public sealed class MonitorPresenceTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private AppNode node = null!;

    private IMonitorPresence Presence => node.Get<IMonitorPresence>();

    public async Task InitializeAsync()
    {
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage);
        await ExecuteAsync("delete from monitor_presence; delete from monitor_watch");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Silence_counts_only_while_somebody_has_looked_all_along()
    {
        var monitor = await SilentForAsync(60);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("nobody has looked before");
        await LookedAsync(since: 600, last: 60);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("nobody could be heard for a minute");
        await LookedAsync(since: 2, last: 0);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("the watch is younger than the time they have");
        await LookedAsync(since: 60, last: 0);
        (await Presence.FindLostAsync(default)).ShouldHaveSingleItem().MonitorId.ShouldBe(monitor);
        await Presence.SeenAsync([monitor], default);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("its node told of it");
    }

    [Fact]
    public async Task A_coach_whose_node_died_is_ended_and_their_leg_hung_up()
    {
        var monitor = await SilentForAsync(60);
        await LookedAsync(since: 60, last: 2);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Monitor, monitor)) is [MonitorStarted, MonitorStopped { Reason: "client_lost" }], TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await CountAsync() == 0, TimeSpan.FromSeconds(30));
        await node.StopJobsAsync();
    }

    [Fact]
    public async Task What_was_never_written_down_is_forgotten()
    {
        await Presence.SeenAsync([Guid.CreateVersion7()], default);
        await ExecuteAsync("update monitor_presence set seen_at = seen_at - interval '60 s'");
        await LookedAsync(since: 60, last: 2);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => await CountAsync() == 0, TimeSpan.FromSeconds(60));
        await node.StopJobsAsync();
    }

    /// <summary>A coach in a call that lives, last seen so long ago.</summary>
    private async Task<Guid> SilentForAsync(int seconds)
    {
        var (monitor, session, agent, offer, now) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), TimeProvider.System.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Session, session,
            new SessionRequested(session, SessionKind.Call, Channel.Web, Guid.CreateVersion7(), Guid.CreateVersion7(), "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(StringComparer.Ordinal), null, now),
            new SessionQueued(session, SessionKind.Call, Guid.CreateVersion7(), ["Billing"], now),
            new SessionOffered(session, SessionKind.Call, offer, agent, Guid.CreateVersion7(), Preparation.None, now, now.AddHours(1)),
            new OfferAccepted(session, SessionKind.Call, offer, agent, Preparation.None, now),
            new SessionConnected(session, SessionKind.Call, agent, offer, now));
        await node.AppendAsync(
            Aggregates.Monitor, monitor,
            new MonitorStarted(monitor, session, SessionKind.Call, new Actor(ActorKind.User, agent.ToString()), MonitorMode.Coach, offer, null, now));
        await Presence.SeenAsync([monitor], default);
        await ExecuteAsync($"update monitor_presence set seen_at = seen_at - interval '{seconds} s'");
        return monitor;
    }

    private Task LookedAsync(int since, int last) => ExecuteAsync(
        $"""
        insert into monitor_watch (since, looked_at) values (clock_timestamp() - interval '{since} s', clock_timestamp() - interval '{last} s')
        on conflict (singleton) do update set since = excluded.since, looked_at = excluded.looked_at
        """);

    private async Task<long> CountAsync()
    {
        await using var command = node.Get<NpgsqlDataSource>().CreateCommand("select count(*) from monitor_presence");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = node.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
