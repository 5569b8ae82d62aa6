using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Agents;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Tests.Recordings;
using ContactCenter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Tests.Scheduling;

/// <summary>Who is lost, who had no chance to be heard, and what happens to one who comes back in that very moment.</summary>
public sealed class AdapterPresenceTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly RecordingFolder folder = new();
    private AppNode node = null!;
    private SteppingStore store = null!;

    private IAdapterPresence Presence => node.Get<IAdapterPresence>();

    public async Task InitializeAsync()
    {
        node = await AppNode.StartAsync(database.ConnectionString, folder.Storage, change: services => services
            .AddSingleton(provider => new SteppingStore(provider.GetRequiredService<PostgresEventStore>()))
            .AddSingleton<IEventStore>(provider => provider.GetRequiredService<SteppingStore>()));
        store = node.Get<SteppingStore>();
        await ExecuteAsync("delete from adapter_presence; delete from adapter_watch");
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task After_an_outage_every_adapter_has_its_time_to_be_heard_again()
    {
        var agent = await TalkingAsync("before");
        await SilentForAsync(60);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("nobody has looked before");
        await LookedAsync(since: 600, last: 60);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("nobody could be heard for a minute");
        await LookedAsync(since: 5, last: 1);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("the watch is younger than the time they have");

        await LookedAsync(since: 60, last: 1);
        (await Presence.FindLostAsync(default)).ShouldHaveSingleItem().AgentId.ShouldBe(agent);
        await node.Get<AdapterPresence>().TellAsync(default);
        (await Presence.FindLostAsync(default)).ShouldBeEmpty("its node told of it");
    }

    [Fact]
    public async Task Who_is_seen_before_being_taken_for_lost_stays()
    {
        var agent = await TalkingAsync("before");
        var lost = await FoundAsync(agent);
        await Presence.SeenAsync(agent, "after", default);
        (await node.SendAsync(new SignOutLostAgent(agent, lost.SeenAt))).Error.ShouldBeNull();
        (await EventsAsync(agent)).ShouldNotContain(e => e is AgentSignedOut || e is AgentResumed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_comes_back_while_being_signed_out_stays_with_all_that_is_in_hand(bool again)
    {
        var agent = await TalkingAsync("before");
        var lost = await FoundAsync(agent);
        store.BeforeNextAppend = async () =>
        {
            if (again)
                await Presence.SeenAsync(agent, "after", default);
            else
                await node.Get<AdapterPresence>().TellAsync(default);
        };
        (await node.SendAsync(new SignOutLostAgent(agent, lost.SeenAt))).Error.ShouldBeNull();

        (await EventsAsync(agent)).ShouldNotContain(e => e is AgentSignedOut || e is AgentFreed);
        (await EventsAsync(agent)).OfType<AgentResumed>().ShouldHaveSingleItem();
        await Presence.SeenAsync(agent, "third", default);
        (await EventsAsync(agent)).OfType<AgentResumed>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_comes_back_after_it_is_signed_out_and_has_nothing_in_hand()
    {
        var agent = await TalkingAsync("before");
        var lost = await FoundAsync(agent);
        (await node.SendAsync(new SignOutLostAgent(agent, lost.SeenAt))).Error.ShouldBeNull();
        await Presence.SeenAsync(agent, "after", default);
        await Presence.ForgetAsync(lost, default);

        var state = (await EventsAsync(agent)).Aggregate(Agent.Initial, (a, e) => a.Apply(e));
        (state.Presence, state.Work.Length).ShouldBe((Domain.Agents.Presence.Offline, 0));
        (await EventsAsync(agent)).ShouldNotContain(e => e is AgentResumed);
        (await CountAsync("select count(*) from adapter_presence")).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_is_first_it_is_never_an_agent_without_the_chat_or_a_chat_without_the_agent()
    {
        var agents = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TalkingAsync("before")));
        await SilentForAsync(60);
        await LookedAsync(since: 600, last: 1);
        var lost = (await Presence.FindLostAsync(default)).ToDictionary(l => l.AgentId, l => l.SeenAt);
        await Task.WhenAll(agents.SelectMany(agent => new[]
        {
            Task.Run(async () => (await node.SendAsync(new SignOutLostAgent(agent, lost[agent]))).Error.ShouldBeNull()),
            Task.Run(async () => await Presence.SeenAsync(agent, "after", default)),
        }));

        foreach (var agent in agents)
        {
            var state = (await EventsAsync(agent)).Aggregate(Agent.Initial, (a, e) => a.Apply(e));
            var session = (await node.EventsAsync(Aggregates.Session, agent)).Cast<SessionEvent>().Aggregate(Session.Initial, (s, e) => s.Apply(e));
            var together = (state.Presence, state.Work.Length, session.Status);
            together.ShouldBeOneOf(
                (Domain.Agents.Presence.Offline, 0, SessionStatus.Queued), (Domain.Agents.Presence.Available, 1, SessionStatus.Connected));
        }
    }

    /// <summary>An agent in a chat that has the agent's own id, with an adapter connected here.</summary>
    private async Task<Guid> TalkingAsync(string connection)
    {
        var (id, offer, queue, now) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), TimeProvider.System.GetUtcNow());
        await node.AppendAsync(
            Aggregates.Session,
            id,
            new SessionRequested(id, SessionKind.Chat, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(id, SessionKind.Chat, queue, ["Support"], now),
            new SessionOffered(id, SessionKind.Chat, offer, id, queue, Preparation.None, now, now + TimeSpan.FromSeconds(30)),
            new OfferAccepted(id, SessionKind.Chat, offer, id, Preparation.None, now),
            new SessionConnected(id, SessionKind.Chat, id, offer, now));
        await node.AppendAsync(
            Aggregates.Agent,
            id,
            new AgentSignedIn(id, new Capacity(1, 3), [Channel.Web], now),
            new AgentReserved(id, id, offer, SessionKind.Chat, now),
            new AgentEngaged(id, id, offer, SessionKind.Chat, now));
        await Presence.SeenAsync(id, connection, default);
        return id;
    }

    private async Task<LostAdapter> FoundAsync(Guid agent)
    {
        await SilentForAsync(60);
        await LookedAsync(since: 600, last: 1);
        return (await Presence.FindLostAsync(default)).Single(l => l.AgentId == agent);
    }

    private async Task<IReadOnlyList<AgentEvent>> EventsAsync(Guid agent) => [.. (await node.EventsAsync(Aggregates.Agent, agent)).Cast<AgentEvent>()];

    private Task SilentForAsync(int seconds) =>
        ExecuteAsync($"update adapter_presence set seen_at = clock_timestamp() - interval '{seconds} seconds'");

    private Task LookedAsync(int since, int last) => ExecuteAsync(
        $"""
        insert into adapter_watch (since, looked_at) values (clock_timestamp() - interval '{since} seconds', clock_timestamp() - interval '{last} seconds')
        on conflict (singleton) do update set since = excluded.since, looked_at = excluded.looked_at
        """);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Lets something happen just before an append.</summary>
    private sealed class SteppingStore(IEventStore inner) : IEventStore
    {
        public Func<Task>? BeforeNextAppend { get; set; }

        public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
        {
            if (BeforeNextAppend is { } first)
            {
                BeforeNextAppend = null;
                await first();
            }

            return await inner.AppendAsync(append, cancellationToken);
        }

        public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
            inner.ReadStreamAsync(stream, afterVersion, limit, cancellationToken);

        public Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken) => inner.ReadLogAsync(after, limit, cancellationToken);

        public Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken) => inner.ReadEndAsync(cancellationToken);

        public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken) =>
            inner.FindIdempotencyAsync(actor, key, cancellationToken);
    }
}
