using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>Of several that a job finds, the first always fails: the others are done all the same, and the job says that it failed.</summary>
public sealed class FailingItemTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Several = 40;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly RecordingFolder folder = new();
    private readonly SkippingClock clock = new();
    private readonly First first = new();
    private AppNode node = null!;

    public async Task InitializeAsync()
    {
        await ExecuteAsync("delete from adapter_presence; delete from monitor_presence; delete from job_outcomes");
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, clock, services => services
            .AddSingleton(first)
            .AddTransient<IPipelineBehavior<SignOutLostAgent, Result<Receipt>>, Failing<SignOutLostAgent>>()
            .AddTransient<IPipelineBehavior<EndStuckSession, Result<Receipt>>, Failing<EndStuckSession>>()
            .AddTransient<IPipelineBehavior<EndMonitor, Result<Receipt>>, Failing<EndMonitor>>());
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Lost_agents()
    {
        var agents = await ManyAsync(async id =>
        {
            await node.AppendAsync(Aggregates.Agent, id, new AgentSignedIn(id, new Capacity(1, 3), [Channel.Web], clock.GetUtcNow()));
            await ExecuteAsync($"insert into adapter_presence (agent_id, node, connection, seen_at) values ('{id}', 'gone', '', clock_timestamp() - interval '1 minute')");
        });
        await WatchedAsync("adapter_watch");
        await node.StartJobsAsync();
        await ShouldGoOnAsync(agents, "sign-out-lost-agents", Aggregates.Agent, e => e is AgentSignedOut);
    }

    [Fact]
    public async Task Lost_monitors()
    {
        var monitors = await ManyAsync(async id =>
        {
            var session = await TalkAsync(Sample.NewId());
            await node.AppendAsync(
                Aggregates.Monitor, id,
                new MonitorStarted(id, session, SessionKind.Chat, new Actor(ActorKind.User, id.ToString()), MonitorMode.Silent, null, null, clock.GetUtcNow()));
            await ExecuteAsync($"insert into monitor_presence (monitor_id, seen_at) values ('{id}', clock_timestamp() - interval '1 minute')");
        });
        await WatchedAsync("monitor_watch");
        await node.StartJobsAsync();
        await ShouldGoOnAsync(monitors, "end-lost-monitors", Aggregates.Monitor, e => e is MonitorStopped);
    }

    [Fact]
    public async Task Stuck_sessions()
    {
        var sessions = await ManyAsync(TalkAsync);
        await node.StartJobsAsync();
        await SeenAsync<MonitoredSession>(rows => sessions.All(s => rows.Any(r => r.SessionId == s)));
        clock.Skip(TimeSpan.FromHours(6));
        await node.AppendAsync(Aggregates.Settings, SettingsPages.Monitoring, new MonitoringConfigured(MonitoringRules.Default with { EndStuck = true }, clock.GetUtcNow()));
        await ShouldGoOnAsync(sessions, "end-stuck-sessions", Aggregates.Session, e => e is SessionEnded);
    }

    private static async Task<Guid[]> ManyAsync(Func<Guid, Task> write)
    {
        var ids = Enumerable.Range(0, Several).Select(_ => Sample.NewId()).ToArray();
        foreach (var id in ids)
            await write(id);
        return ids;
    }

    /// <summary>When the job first tells of the failure, everything else is done.</summary>
    private async Task ShouldGoOnAsync<TState>(Guid[] all, string job, AggregateType<TState> type, Func<IDomainEvent, bool> isDone)
        where TState : class
    {
        await Eventually.TrueAsync(async () => (await node.Get<IJobs>().ListAsync(default)).Any(j => j.Name == job && j.LastError?.Contains("damaged", StringComparison.Ordinal) == true), Soon);
        List<Guid> left = [];
        foreach (var id in all)
        {
            if (!(await node.EventsAsync(type, id)).Any(isDone))
                left.Add(id);
        }

        left.ShouldBe(all.Where(first.Is));
        await node.StopJobsAsync();
    }

    private async Task SeenAsync<TRow>(Func<IReadOnlyList<TRow>, bool> are)
        where TRow : class => await Eventually.TrueAsync(async () => are((await node.Get<IReadModel<TRow>>().SnapshotAsync([], default)).Rows), Soon);

    private async Task<Guid> TalkAsync(Guid session)
    {
        var (agent, offer, queue, now) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), clock.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Agent, agent,
            new AgentSignedIn(agent, new Capacity(1, 3), [Channel.Web], now),
            new AgentReserved(agent, session, offer, SessionKind.Chat, now),
            new AgentEngaged(agent, session, offer, SessionKind.Chat, now));
        await node.AppendAsync(
            Aggregates.Session, session,
            new SessionRequested(session, SessionKind.Chat, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(session, SessionKind.Chat, queue, ["Support"], now),
            new SessionOffered(session, SessionKind.Chat, offer, agent, queue, Preparation.None, now, now + TimeSpan.FromHours(9)),
            new OfferAccepted(session, SessionKind.Chat, offer, agent, Preparation.None, now),
            new SessionConnected(session, SessionKind.Chat, agent, offer, now));
        // Else it is a ghost, of whom what they have in hand is taken.
        await node.Get<IAdapterPresence>().SeenAsync(agent, "connection", default);
        return session;
    }

    /// <summary>Somebody has listened for long enough to know that nothing was to be heard.</summary>
    private Task WatchedAsync(string watch) => ExecuteAsync(
        $"""
        insert into {watch} (since, looked_at) values (clock_timestamp() - interval '1 minute', clock_timestamp())
        on conflict (singleton) do update set since = excluded.since, looked_at = excluded.looked_at
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Which one fails: the first that comes.</summary>
    private sealed class First
    {
        private string? item;

        public string Item => Volatile.Read(ref item)!;

        public bool Is(Guid id) => (Interlocked.CompareExchange(ref item, id.ToString(), null) ?? Item) == id.ToString();
    }

    private sealed class Failing<TRequest>(First first) : IPipelineBehavior<TRequest, Result<Receipt>>
        where TRequest : IRequest<Result<Receipt>>
    {
        public Task<Result<Receipt>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<Receipt>> next)
        {
            var id = (object)request switch
            {
                SignOutLostAgent lost => lost.AgentId,
                EndStuckSession stuck => stuck.SessionId,
                EndMonitor end => end.MonitorId,
                _ => throw new NotSupportedException(),
            };
            return first.Is(id) ? throw new InvalidDataException($"{id} is damaged.") : next();
        }
    }
}
