using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Routing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Infrastructure.Agents;
using ContactCenter.Infrastructure.Media;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>
/// Sessions that nobody is in any more, and that would stay for hours elsewhere: each is over or waits again within a set
/// time, and says why.
/// </summary>
public sealed class GhostTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private AppNode node = null!;

    public async Task InitializeAsync() => node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock);

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task No_agent_stays_answered_for_hours_of_whom_nothing_is_known()
    {
        var (ghost, chat) = await TalkAsync();
        var (here, kept) = await TalkAsync();
        await node.Get<IAdapterPresence>().SeenAsync(here, "connection", default);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => await WatchedSinceAsync(ghost) is not null, Soon);
        // One look is not enough: an adapter may be on its way.
        (await node.EventsAsync(Aggregates.Session, chat)).OfType<SessionReturned>().ShouldBeEmpty();
        await node.Get<AdapterPresence>().TellAsync(default);
        await SilentForLongAsync(ghost);
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, chat)).OfType<SessionReturned>().Any(), Soon);
        (await node.EventsAsync(Aggregates.Session, chat)).OfType<SessionReturned>().ShouldHaveSingleItem().Reason.ShouldBe("adapter_lost");
        (await node.EventsAsync(Aggregates.Agent, ghost)).TakeLast(2).Select(e => e.GetType()).ShouldBe([typeof(AgentSignedOut), typeof(AgentFreed)]);
        (await node.EventsAsync(Aggregates.Session, kept)).OfType<SessionReturned>().ShouldBeEmpty();
        await node.StopJobsAsync();
    }

    [Fact]
    public async Task A_ghost_is_reaped_in_its_time_whichever_nodes_look()
    {
        await using var other = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock);
        var (ghost, chat) = await TalkAsync();
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => await WatchedSinceAsync(ghost) is not null, Soon);
        await node.StopJobsAsync();
        var since = await WatchedSinceAsync(ghost);

        await other.Get<GhostAgents>().WatchAsync(default);
        (await WatchedSinceAsync(ghost)).ShouldBe(since);
        await other.StartJobsAsync();
        await SilentForLongAsync(ghost);
        await Eventually.TrueAsync(async () => (await other.EventsAsync(Aggregates.Session, chat)).OfType<SessionReturned>().Any(), Soon);
        await other.StopJobsAsync();
    }

    [Fact]
    public async Task What_is_stuck_is_ended_by_a_job_once_that_is_switched_on()
    {
        var (first, stuck) = await TalkAsync();
        clock.Skip(TimeSpan.FromHours(5));
        var (second, young) = await TalkAsync();
        foreach (var agent in new[] { first, second })
            await node.Get<IAdapterPresence>().SeenAsync(agent, "connection", default);
        await node.StartJobsAsync();
        await Eventually.TrueAsync(async () => (await node.Get<IJobs>().ListAsync(default)).Any(j => j is { Name: "end-stuck-sessions", LastResult: "ok" }), Soon);
        (await node.EventsAsync(Aggregates.Session, stuck)).OfType<SessionEnded>().ShouldBeEmpty();

        await node.AppendAsync(Aggregates.Settings, SettingsPages.Monitoring, new MonitoringConfigured(MonitoringRules.Default with { EndStuck = true }, clock.GetUtcNow()));
        await Eventually.TrueAsync(async () => (await node.EventsAsync(Aggregates.Session, stuck)).OfType<SessionEnded>().Any(), Soon);
        (await node.EventsAsync(Aggregates.Session, stuck)).OfType<SessionEnded>().ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            e => e.Reason.ShouldBe("stuck"), e => e.By.ShouldBe(SessionParty.System));
        (await node.EventsAsync(Aggregates.Session, young)).OfType<SessionEnded>().ShouldBeEmpty();
        await node.StopJobsAsync();
    }

    [Fact]
    public async Task A_call_that_its_engine_lost_without_a_word_is_reported_at_the_second_look()
    {
        var call = await WaitAsync(SessionKind.Call);
        var chat = await WaitAsync(SessionKind.Chat);
        var told = new Told();
        var reconciler = new MediaReconciler(
            new Live(call, chat), node.Store, node.Get<AggregateReader>(), node.Get<IMediaEngine>(), told, node.Get<NpgsqlDataSource>(), clock, NullLogger<MediaReconciler>.Instance);
        var once = await reconciler.LookAsync([], default);
        once.ShouldBe([call]);
        told.Facts.ShouldBeEmpty();
        await reconciler.LookAsync(once, default);
        told.Facts.ShouldHaveSingleItem().ShouldBeOfType<MediaLost>().SessionId.ShouldBe(call);
    }

    private async Task<DateTime?> WatchedSinceAsync(Guid agent)
    {
        await using var command = database.DataSource.CreateCommand("select seen_at from adapter_presence where agent_id = $1");
        command.Parameters.Add(new() { Value = agent });
        return (DateTime?)await command.ExecuteScalarAsync();
    }

    /// <summary>Nobody has heard of the agent for longer than it may be, and somebody has listened all along.</summary>
    private async Task SilentForLongAsync(Guid agent)
    {
        await using var command = database.DataSource.CreateCommand(
            $"""
            update adapter_presence set seen_at = seen_at - interval '16 seconds' where agent_id = '{agent}';
            insert into adapter_watch (since, looked_at) values (clock_timestamp() - interval '16 seconds', clock_timestamp())
            on conflict (singleton) do update set since = excluded.since, looked_at = excluded.looked_at
            """);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<Guid> WaitAsync(SessionKind kind)
    {
        var (session, queue, now) = (Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Session,
            session,
            new SessionRequested(session, kind, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, kind, queue, ["Support"], now));
        await using var none = database.DataSource.CreateCommand("delete from outbox where key = $1");
        none.Parameters.Add(new() { Value = session.ToString() });
        await none.ExecuteNonQueryAsync();
        return session;
    }

    /// <summary>An agent in a chat, signed in long ago by an adapter of which nothing is left.</summary>
    private async Task<(Guid Agent, Guid Session)> TalkAsync()
    {
        var (agent, offer, now) = (Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        var session = await WaitAsync(SessionKind.Chat);
        await node.AppendAsync(
            Aggregates.Agent, agent,
            new AgentSignedIn(agent, new Capacity(1, 3), [Channel.Web], now), new AgentReserved(agent, session, offer, SessionKind.Chat, now), new AgentEngaged(agent, session, offer, SessionKind.Chat, now));
        await node.AppendAsync(
            Aggregates.Session, session,
            new SessionOffered(session, SessionKind.Chat, offer, agent, Sample.NewId(), Preparation.None, now, now + TimeSpan.FromHours(9)),
            new OfferAccepted(session, SessionKind.Chat, offer, agent, Preparation.None, now), new SessionConnected(session, SessionKind.Chat, agent, offer, now));
        return (agent, session);
    }

    private sealed class Live(params Guid[] sessions) : IRoutingSnapshot
    {
        public Task<RoutingStart> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new RoutingStart(LogPosition.Start, sessions, [], []));
    }

    private sealed class Told : IMediaFacts
    {
        public List<MediaFact> Facts { get; } = [];

        public Task ReportAsync(MediaFact fact, CancellationToken cancellationToken)
        {
            Facts.Add(fact);
            return Task.CompletedTask;
        }
    }
}
