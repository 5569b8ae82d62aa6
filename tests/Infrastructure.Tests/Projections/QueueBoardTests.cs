using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.Projections;

/// <summary>The queues page is the fold of queues, sessions, agents and waits, wherever it begins.</summary>
public sealed class QueueBoardTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly Guid[] queueIds = [.. Enumerable.Range(0, 3).Select(_ => Sample.NewId())];
    private readonly Guid[] agentIds = [.. Enumerable.Range(0, 4).Select(_ => Sample.NewId())];
    private readonly Dictionary<StreamId, long> versions = [];
    private readonly List<Task> running = [];
    private ProjectionNode node = null!;
    private BoardSource<QueueCard> queues = null!;
    private BoardSource<MonitoredSession> sessions = null!;
    private BoardSource<AgentCard> agents = null!;
    private BoardSource<QueueQuarter> quarters = null!;

    public async Task InitializeAsync()
    {
        node = await ProjectionNode.StartAsync(database.ConnectionString);
        queues = Source(new QueuesProjection());
        sessions = Source(new SessionsProjection());
        agents = Source(new AgentsProjection());
        quarters = Source(new QueueQuartersProjection());
        foreach (var id in queueIds)
        {
            await HappenAsync(Aggregates.Queue.Stream(id), new QueueCreated(id, "Billing", Channel.Web, ["Billing"], ParentId: null, [], Noon));
            foreach (var agent in agentIds)
                await HappenAsync(Aggregates.Queue.Stream(id), new QueueMemberAdded(id, agent, Noon));
        }
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task It_says_the_same_however_late_it_begins()
    {
        var early = Start(new ManualClock(Noon));
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
            await LiveAsync(random);
        var late = Start(new ManualClock(Noon));
        await Eventually.TrueAsync(() => Text(late).Length > 0 && Text(early) == Text(late));
        early.Rows.Sum(r => r.Today.Answered).ShouldBeGreaterThan(0);
        early.Rows.Sum(r => r.Today.Abandoned).ShouldBeGreaterThan(0);
        early.Rows.Sum(r => r.Waiting + r.Connected).ShouldBeGreaterThan(0);
        early.Rows.ShouldContain(r => r.Agents.ByStatus.Any(s => s.Status == "break"));
    }

    [Fact]
    public async Task The_day_begins_anew_at_midnight_for_everybody_who_looks_and_whoever_comes_back()
    {
        var clock = new JumpingClock(Noon);
        var board = Start(clock);
        await LiveAsync(new Random(1), Noon.AddMinutes(-5));
        await Eventually.TrueAsync(() => board.Rows.Sum(r => r.Today.Answered + r.Today.Abandoned) > 0);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var looking = board.SubscribeAsync(_ => true, resumeAfter: null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await looking.MoveNextAsync()).ShouldBeTrue();
        var before = looking.Current.Position;

        clock.JumpTo(new DateTimeOffset(2026, 11, 21, 0, 0, 1, TimeSpan.Zero));
        do
            (await looking.MoveNextAsync()).ShouldBeTrue();
        while (looking.Current is not BoardSnapshot<QueueRow> s || s.Rows.Any(r => r.Today.Answered + r.Today.Abandoned > 0));
        await using var back = board.SubscribeAsync(_ => true, before, stop.Token).GetAsyncEnumerator(stop.Token);
        (await back.MoveNextAsync()).ShouldBeTrue();
        back.Current.ShouldBeOfType<BoardSnapshot<QueueRow>>().Rows.ShouldAllBe(r => r.Today.Since == new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task What_changes_several_queues_at_once_is_resumed_after_as_one()
    {
        var board = Start(new ManualClock(Noon));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var looking = board.SubscribeAsync(IsOurs, resumeAfter: null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await looking.MoveNextAsync()).ShouldBeTrue();
        await Eventually.TrueAsync(() => board.Rows.Count(r => IsOurs(r) && r.Queue.Members.Count == agentIds.Length) == queueIds.Length);
        await SignInAsync(agentIds[0]);

        List<BoardChange<QueueRow>> told = [];
        do
        {
            (await looking.MoveNextAsync()).ShouldBeTrue();
            told.Add(looking.Current);
        }
        while (!told.OfType<BoardRowChanged<QueueRow>>().Any(c => !c.IsPart && c.Row.Agents.Free == 1));

        var last = told.OfType<BoardRowChanged<QueueRow>>().Where(c => c.Row.Agents.Free == 1).ToList();
        (last.Count, last.Count(c => c.IsPart), last.Select(c => c.Position).Distinct().Count()).ShouldBe((queueIds.Length, queueIds.Length - 1, 1));
        await SignInAsync(agentIds[1]);
        await using var back = board.SubscribeAsync(IsOurs, last[^1].Position, stop.Token).GetAsyncEnumerator(stop.Token);
        for (var i = 0; i < queueIds.Length; i++)
        {
            (await back.MoveNextAsync()).ShouldBeTrue();
            back.Current.ShouldBeOfType<BoardRowChanged<QueueRow>>().Row.Agents.Free.ShouldBe(2);
        }
    }

    /// <summary>The database is shared with the other tests of this class.</summary>
    private bool IsOurs(QueueRow row) => queueIds.Contains(row.Queue.QueueId);

    private async Task LiveAsync(Random random, DateTimeOffset? at = null)
    {
        var (id, queue, agent, offer, now) = (Sample.NewId(), queueIds[random.Next(3)], agentIds[random.Next(4)], Sample.NewId(), at ?? Noon.AddSeconds(random.Next(600)));
        var stream = Aggregates.Session.Stream(id);
        await HappenAsync(
            stream,
            new SessionRequested(id, SessionKind.Chat, Channel.Web, Sample.NewId(), queue, "en", RecordingConsent.NotAsked, new Dictionary<string, PersonalText>(), Voice: null, now),
            new SessionQueued(id, SessionKind.Chat, queue, ["Billing"], now));
        var waited = new Waited(queue, random.Next(1, 60));
        if (at is not null || random.Next(3) > 0)
        {
            await HappenAsync(
                stream, new SessionOffered(id, SessionKind.Chat, offer, agent, queue, Preparation.None, now, now.AddSeconds(30)),
                new OfferAccepted(id, SessionKind.Chat, offer, agent, Preparation.None, now), new SessionConnected(id, SessionKind.Chat, agent, offer, now, waited));
            if (random.Next(2) == 0)
                await HappenAsync(stream, new SessionTransferred(id, SessionKind.Chat, agent, offer, queueIds[random.Next(3)], now));
        }
        else if (random.Next(2) == 0)
        {
            await HappenAsync(
                stream,
                new SessionEnded(id, SessionKind.Chat, AgentId: null, OfferId: null, SessionParty.Consumer, Sample.NewId(), "left", Answered: false, now, Waited: waited));
        }

        if (at is not null)
            return;
        await SignInAsync(agent);
        await HappenAsync(Aggregates.Agent.Stream(agent), random.Next(2) == 0 ? new AgentPaused(agent, "break", now) : new AgentReserved(agent, id, offer, SessionKind.Chat, now));
    }

    private Task SignInAsync(Guid agent) => HappenAsync(Aggregates.Agent.Stream(agent), new AgentSignedIn(agent, new Capacity(1, 3), [Channel.Web], Noon));

    private async Task HappenAsync(StreamId stream, params IDomainEvent[] events)
    {
        var version = versions.GetValueOrDefault(stream);
        (await node.AppendAsync(stream, version, SessionStories.Events(events))).ShouldBeOfType<Appended>();
        versions[stream] = version + events.Length;
    }

    private BoardSource<TView> Source<TView>(Projection<TView> projection)
        where TView : class => new(projection, node.Run(projection));

    private QueueBoard Start(TimeProvider clock)
    {
        var board = new QueueBoard(queues, sessions, agents, quarters, new Settled(), node.Tail, clock, NullLogger<QueueBoard>.Instance);
        running.Add(board.RunAsync(node.Stopping));
        return board;
    }

    private static string Text(QueueBoard board) => string.Join('\n', board.Rows.Select(r =>
        $"{r.Queue.QueueId} v{r.Queue.Version} {r.Waiting} {r.Connected} {r.LongestWaitingSince} {r.Today} {r.Agents.Free} {string.Join(' ', r.Agents.ByStatus)}").Order(StringComparer.Ordinal));

    private sealed class Settled : ICenterConfiguration
    {
        public ValueTask<CenterConfiguration> AtLeastAsync(long revision, CancellationToken cancellationToken) => new(CenterConfiguration.Initial);
    }

    /// <summary>Stands still, and jumps; what waits for the time it jumps over, goes on.</summary>
    private sealed class JumpingClock(DateTimeOffset start) : TimeProvider
    {
        private readonly List<(DateTimeOffset Due, TimerCallback Call, object? State)> waiting = [];
        private DateTimeOffset now = start;

        public override DateTimeOffset GetUtcNow() => now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            // Only what waits for hours waits for the jump.
            if (dueTime < TimeSpan.FromHours(1))
                return System.CreateTimer(callback, state, dueTime, period);
            lock (waiting)
                waiting.Add((now + dueTime, callback, state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void JumpTo(DateTimeOffset to)
        {
            now = to;
            lock (waiting)
            {
                foreach (var (_, call, state) in waiting.Where(w => w.Due <= to).ToList())
                    call(state);
                waiting.RemoveAll(w => w.Due <= to);
            }
        }
    }
}
