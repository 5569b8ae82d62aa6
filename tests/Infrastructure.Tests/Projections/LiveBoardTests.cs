using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ContactCenter.Infrastructure.Tests.Projections;

public sealed class LiveBoardTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly SessionsProjection sessions = new();
    private ProjectionNode node = null!;
    private IReadModel<MonitoredSession> rows = null!;
    private Task running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        node = await ProjectionNode.StartAsync(database.ConnectionString);
        rows = node.Run(sessions);
    }

    public async Task DisposeAsync()
    {
        await node.DisposeAsync();
        await running;
    }

    [Fact]
    public async Task Resuming_over_a_hundred_disconnects_equals_a_fresh_read()
    {
        var board = Start(ringSize: 16_384);
        static bool IsConnected(MonitoredSession s) => s.Stage == SessionStage.Connected;
        var random = new Random(7);
        var known = new Dictionary<string, MonitoredSession>();
        LogPosition? seen;
        var snapshots = 0;
        // A board begins once its read model does, which may be later than a hundred short connections.
        await using (var begun = board.SubscribeAsync(IsConnected, resumeAfter: null, CancellationToken.None).GetAsyncEnumerator())
        {
            (await begun.MoveNextAsync()).ShouldBeTrue();
            Take(known, begun.Current.ShouldBeOfType<BoardSnapshot<MonitoredSession>>());
            seen = begun.Current.Position;
        }

        var appending = LiveAsync(0, 300);

        for (var disconnects = 0; disconnects < 100; disconnects++)
        {
            using var connection = new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(1, 40)));
            await foreach (var change in UntilCancelledAsync(board.SubscribeAsync(IsConnected, seen, connection.Token)))
            {
                if (seen is { } last)
                    change.Position.ShouldBeGreaterThan(last);
                seen = change.Position;
                snapshots += change is BoardSnapshot<MonitoredSession> ? 1 : 0;
                Take(known, change);
                if (random.Next(20) == 0)
                    break;
            }
        }

        await appending;
        await node.CatchUpAsync(rows);
        var (position, fresh) = await rows.SnapshotAsync([new("stage", FilterOperator.Is, SessionStage.Connected)], CancellationToken.None);
        using var rest = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => node.Tail.Position >= position && board.Rows.Count(IsConnected) == fresh.Count);
        await using var remaining = board.SubscribeAsync(IsConnected, seen, rest.Token).GetAsyncEnumerator(rest.Token);
        while (!Same(known.Values, fresh) && await remaining.MoveNextAsync())
            Take(known, remaining.Current);

        snapshots.ShouldBe(0, "who resumes is told what changed");
        Same(known.Values, fresh).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_fell_out_of_the_ring_gets_a_snapshot_and_nobody_waits_for_them()
    {
        var board = Start(ringSize: 8);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var slow = board.SubscribeAsync(_ => true, resumeAfter: null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        await LiveAsync(1000, 1030);
        await Eventually.TrueAsync(() => board.Rows.Any(s => s.SessionId == SessionStories.SessionId(1029)));

        (await slow.MoveNextAsync()).ShouldBeTrue();

        slow.Current.ShouldBeOfType<BoardSnapshot<MonitoredSession>>();
    }

    [Fact]
    public async Task A_row_that_leaves_the_filter_is_told_as_removed()
    {
        var board = Start(ringSize: 1024);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var queue = SessionStories.QueueId(2002 % 5);
        await using var queued = board
            .SubscribeAsync(s => s.Stage == SessionStage.Queued && s.QueueId == queue && s.SessionId == SessionStories.SessionId(2002), resumeAfter: null, stop.Token)
            .GetAsyncEnumerator(stop.Token);
        (await queued.MoveNextAsync()).ShouldBeTrue();
        queued.Current.ShouldBeOfType<BoardSnapshot<MonitoredSession>>().Rows.ShouldBeEmpty();

        await node.AppendAsync(SessionStories.Stream(2002), 0, SessionStories.Events(SessionStories.Waiting(2002)));
        (await queued.MoveNextAsync()).ShouldBeTrue();
        queued.Current.ShouldBeOfType<BoardRowChanged<MonitoredSession>>();
        await node.AppendAsync(SessionStories.Stream(2002), 2, SessionStories.Events(SessionStories.Connecting(2002)));
        while (queued.Current is not BoardRowRemoved<MonitoredSession>)
            (await queued.MoveNextAsync()).ShouldBeTrue();
        ((BoardRowRemoved<MonitoredSession>)queued.Current).Key.ShouldBe(SessionStories.SessionId(2002).ToString());
    }

    [Fact]
    public async Task A_resume_after_any_change_of_one_reading_leaves_nothing_behind()
    {
        var board = Start(ringSize: 1024);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        static bool IsWaiting(MonitoredSession s) => s.Stage == SessionStage.Queued;
        await node.AppendAsync(SessionStories.Stream(4001), 0, SessionStories.Events(SessionStories.Waiting(4001)));
        await Eventually.TrueAsync(() => board.Rows.Any(s => s.SessionId == SessionStories.SessionId(4001)));
        await using var slow = board.SubscribeAsync(IsWaiting, resumeAfter: null, stop.Token).GetAsyncEnumerator(stop.Token);
        (await slow.MoveNextAsync()).ShouldBeTrue();
        var known = new Dictionary<string, MonitoredSession>();
        Take(known, slow.Current);

        // Of one reading: the row leaves the page, others come and change, and it changes out of sight.
        await node.AppendAsync(SessionStories.Stream(4001), 2, SessionStories.Events(SessionStories.Connecting(4001)));
        await node.AppendAsync(SessionStories.Stream(4002), 0, SessionStories.Events(SessionStories.Waiting(4002)));
        await node.AppendAsync(SessionStories.Stream(4003), 0, SessionStories.Events(SessionStories.Waiting(4003)));
        await node.AppendAsync(SessionStories.Stream(4001), 5, SessionStories.Events(SessionStories.Ending(4001)));
        await node.AppendAsync(SessionStories.Stream(4003), 2, SessionStories.Events(SessionStories.Connecting(4003)));
        await node.AppendAsync(SessionStories.Stream(4004), 0, SessionStories.Events(SessionStories.Waiting(4004)));
        await Eventually.TrueAsync(() => board.Rows.Any(s => s.SessionId == SessionStories.SessionId(4004) && s.Status == SessionStatus.Queued));
        List<BoardChange<MonitoredSession>> told = [];
        do
        {
            (await slow.MoveNextAsync()).ShouldBeTrue();
            told.Add(slow.Current);
        }
        while (!IsLast(told[^1]));

        told.Count.ShouldBeGreaterThan(2);
        for (var dropped = 0; dropped < told.Count; dropped++)
        {
            var view = new Dictionary<string, MonitoredSession>(known);
            foreach (var change in told.Take(dropped))
                Take(view, change);
            if (dropped < told.Count)
                await ResumeAsync(board, IsWaiting, view, dropped == 0 ? null : told[dropped - 1].Position, IsLast, stop.Token);
            view.Keys.Order().ShouldBe(board.Rows.Where(IsWaiting).Select(s => s.SessionId.ToString()).Order(), $"after {dropped} changes");
        }

        static bool IsLast(BoardChange<MonitoredSession> change) =>
            change is BoardRowChanged<MonitoredSession> { Row.Status: SessionStatus.Queued } last && last.Row.SessionId == SessionStories.SessionId(4004);
    }

    private static async Task ResumeAsync(
        TestBoard board, Func<MonitoredSession, bool> shows, Dictionary<string, MonitoredSession> view, LogPosition? seen,
        Func<BoardChange<MonitoredSession>, bool> isLast, CancellationToken cancellationToken)
    {
        await foreach (var change in board.SubscribeAsync(shows, seen, cancellationToken))
        {
            Take(view, change);
            if (isLast(change) || change is BoardSnapshot<MonitoredSession>)
                return;
        }
    }

    [Fact]
    public async Task A_position_that_the_log_has_not_come_to_is_answered_with_a_snapshot()
    {
        var board = Start(ringSize: 1024);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var ahead = board.SubscribeAsync(_ => true, new LogPosition(long.MaxValue), stop.Token).GetAsyncEnumerator(stop.Token);
        (await ahead.MoveNextAsync()).ShouldBeTrue();
        ahead.Current.ShouldBeOfType<BoardSnapshot<MonitoredSession>>();
    }

    [Fact]
    public async Task A_row_stays_as_before_an_event_that_cannot_be_read_until_the_read_model_is_past_it()
    {
        // A read model that pauses before it was ever live shows nothing that a board could begin with.
        await node.CatchUpAsync(rows);
        var board = Start(ringSize: 1024);
        await using var newer = await LogNode.StartAsync(database.ConnectionString, UnreadableTests.NewerTypes);
        var (stream, id) = (SessionStories.Stream(5001), SessionStories.SessionId(5001));
        await node.AppendAsync(stream, 0, SessionStories.Events(SessionStories.Waiting(5001)));
        var unreadable = UnreadableTests.FromTheFuture();
        await newer.Store.AppendAsync(Sample.Append(stream, 2, unreadable), CancellationToken.None);
        await node.AppendAsync(stream, 3, SessionStories.Events(SessionStories.Connecting(5001)));
        await node.AppendAsync(SessionStories.Stream(5002), 0, SessionStories.Events(SessionStories.Waiting(5002)));

        await Eventually.TrueAsync(() => board.Rows.Any(s => s.SessionId == SessionStories.SessionId(5002)));
        board.Rows.Single(s => s.SessionId == id).ShouldSatisfyAllConditions(s => s.Status.ShouldBe(SessionStatus.Queued), s => s.Version.ShouldBe(2));

        var control = new Infrastructure.Projections.ProjectionControl(node.Log.DataSource, [sessions], TimeProvider.System);
        await Eventually.TrueAsync(() => control.SkipAsync("sessions", unreadable.Id, "User:x", CancellationToken.None));
        await Eventually.TrueAsync(async () =>
        {
            // Something has to come by for the board to notice.
            await node.AppendAsync(Sample.NewStream(), 0, Sample.Note());
            return board.Rows.Single(s => s.SessionId == id).Status == SessionStatus.Connected;
        });
    }

    [Fact]
    public async Task Two_hundred_subscribers_see_the_same()
    {
        var board = Start(ringSize: 16_384);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var wanted = SessionStories.SessionId(3029).ToString();
        var subscribers = Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            await foreach (var change in board.SubscribeAsync(_ => true, resumeAfter: null, stop.Token))
            {
                if (change is BoardRowChanged<MonitoredSession> { Row.Status: SessionStatus.Connected } changed && changed.Key == wanted)
                    return changed.Position;
                if (change is BoardSnapshot<MonitoredSession> snapshot && snapshot.Rows.Any(r => r.SessionId.ToString() == wanted && r.Status == SessionStatus.Connected))
                    return snapshot.Position;
            }

            return LogPosition.Start;
        })).ToList();

        await LiveAsync(3000, 3030, endSome: false);

        (await Task.WhenAll(subscribers)).ShouldAllBe(p => p > LogPosition.Start);
    }

    private async Task LiveAsync(int from, int to, bool endSome = true)
    {
        for (var number = from; number < to; number++)
        {
            await node.AppendAsync(SessionStories.Stream(number), 0, SessionStories.Events(SessionStories.Waiting(number)));
            await node.AppendAsync(SessionStories.Stream(number), 2, SessionStories.Events(SessionStories.Connecting(number)));
            if (endSome && number % 3 > 0)
                await node.AppendAsync(SessionStories.Stream(number), 5, SessionStories.Events(SessionStories.Ending(number)));
        }
    }

    private TestBoard Start(int ringSize)
    {
        var board = new TestBoard(sessions, rows, node.Tail, ringSize);
        running = board.RunAsync(node.Stopping);
        return board;
    }

    private static void Take(Dictionary<string, MonitoredSession> known, BoardChange<MonitoredSession> change)
    {
        switch (change)
        {
            case BoardSnapshot<MonitoredSession> snapshot:
                known.Clear();
                foreach (var row in snapshot.Rows)
                    known.Add(row.SessionId.ToString(), row);
                break;
            case BoardRowChanged<MonitoredSession> changed:
                known[changed.Key] = changed.Row;
                break;
            case BoardRowRemoved<MonitoredSession> removed:
                known.Remove(removed.Key).ShouldBeTrue();
                break;
        }
    }

    private static bool Same(IEnumerable<MonitoredSession> one, IEnumerable<MonitoredSession> other) =>
        one.Select(s => (s.SessionId, s.Version)).Order().SequenceEqual(other.Select(s => (s.SessionId, s.Version)).Order());

    private static async IAsyncEnumerable<T> UntilCancelledAsync<T>(IAsyncEnumerable<T> all)
    {
        await using var one = all.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await one.MoveNextAsync())
                    yield break;
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            yield return one.Current;
        }
    }

    private sealed class TestBoard(Projection<MonitoredSession> projection, IReadModel<MonitoredSession> rows, ILiveFeed feed, int ringSize)
        : ReadModelBoard<MonitoredSession>(projection, rows, feed, TimeProvider.System, NullLogger.Instance, ringSize)
    {
        protected override IReadOnlyList<Filter> Beginning { get; } = [new("stage", FilterOperator.AnyOf, new[] { "Queued", "Connected" })];

        protected override string KeyOf(MonitoredSession row) => row.SessionId.ToString();

        protected override bool Keeps(MonitoredSession row) => row.Stage != SessionStage.Ended;
    }
}
