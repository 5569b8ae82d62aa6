using System.Collections.Concurrent;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ContactCenter.Infrastructure.Tests.Outbox;

public sealed class OutboxLaneTests(PostgresFixture database) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly OutboxOptions Fast = new()
    {
        Lease = TimeSpan.FromSeconds(1),
        FirstBackoff = TimeSpan.FromMilliseconds(10),
        LongestBackoff = TimeSpan.FromMilliseconds(100),
        IdlePoll = TimeSpan.FromMilliseconds(20),
        Parallel = 8,
    };

    private readonly string lane = $"lane{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private LogNode log = null!;

    public async Task InitializeAsync() => log = await LogNode.StartAsync(database.ConnectionString);

    public async Task DisposeAsync() => await log.DisposeAsync();

    [Fact]
    public async Task Three_nodes_that_are_killed_now_and_then_do_every_effect_once_at_its_receiver_and_in_order_per_key()
    {
        const int Keys = 100;
        const int PerKey = 20;
        var ledger = new Ledger { Expected = Keys * PerKey };
        await Parallel.ForAsync(0, Keys, async (key, _) =>
        {
            for (var number = 0; number < PerKey; number++)
                await WriteAsync($"key-{key}", number);
        });

        var nodes = Enumerable.Range(0, 3).Select(_ => Node.Start(database.ConnectionString, lane, ledger)).ToList();
        for (var kills = 0; kills < 12 && !ledger.IsComplete; kills++)
        {
            await nodes[kills % 3].KillAsync();
            nodes[kills % 3] = Node.Start(database.ConnectionString, lane, ledger);
        }

        await Eventually.TrueAsync(async () => await LeftAsync() == 0, TimeSpan.FromMinutes(1));
        foreach (var node in nodes)
            await node.StopAsync();
        ledger.Count.ShouldBe(Keys * PerKey);
        ledger.Deliveries.ShouldBeGreaterThan(Keys * PerKey, "the kills hit nothing in flight");
        foreach (var key in ledger.Order.Values)
            key.ShouldBe(Enumerable.Range(0, PerKey));
    }

    [Fact]
    public async Task A_poisoned_message_holds_back_its_key_alone_until_it_goes_through()
    {
        var ledger = new Ledger();
        var poisoned = true;
        ledger.Refuses = message => poisoned && message is { Key: "ill", Payload: "1" };
        for (var number = 0; number < 3; number++)
        {
            await WriteAsync("ill", number);
            await WriteAsync("well", number);
        }

        var node = Node.Start(database.ConnectionString, lane, ledger);
        await Eventually.TrueAsync(() => ledger.Of("well").Length == 3);
        await Eventually.TrueAsync(async () => (await FiguresAsync()).MostAttempts >= 3);
        ledger.Of("ill").ShouldBe([0]);
        var figures = await FiguresAsync();
        figures.Failing.ShouldBe(1);
        figures.LastError!.ShouldContain("poisoned");

        poisoned = false;
        await Eventually.TrueAsync(() => ledger.Of("ill").Length == 3);
        ledger.Of("ill").ShouldBe([0, 1, 2]);
        await node.StopAsync();
    }

    [Fact]
    public async Task A_slow_message_keeps_its_lease_and_is_not_done_twice()
    {
        // Long enough that a busy machine's pause is not taken for a dead node.
        var options = Fast with { Lease = TimeSpan.FromSeconds(4) };
        var ledger = new Ledger { Delay = options.Lease * 2.5 };
        await WriteAsync("slow", 0);
        var nodes = Enumerable.Range(0, 2).Select(_ => Node.Start(database.ConnectionString, lane, ledger, options)).ToList();
        await Eventually.TrueAsync(async () => await LeftAsync() == 0);
        foreach (var node in nodes)
            await node.StopAsync();
        ledger.Deliveries.ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_stops_gives_back_what_it_did_not_begin_at_once()
    {
        var patient = Fast with { Lease = TimeSpan.FromMinutes(10) };
        var ledger = new Ledger { Delay = Timeout.InfiniteTimeSpan };
        await WriteAsync("key", 0);
        var first = Node.Start(database.ConnectionString, lane, ledger, patient);
        await Eventually.TrueAsync(() => ledger.Deliveries == 1);
        await first.StopAsync();

        ledger.Delay = TimeSpan.Zero;
        var second = Node.Start(database.ConnectionString, lane, ledger, patient);
        await Eventually.TrueAsync(() => ledger.Count == 1);
        await second.StopAsync();
    }

    [Fact]
    public async Task A_message_is_not_due_before_its_time_and_a_timer_waits_for_nobody()
    {
        var outbox = new OutboxStore(database.DataSource, TimeProvider.System, Fast);
        var now = TimeProvider.System.GetUtcNow();
        await WriteAsync("key", 0, now + TimeSpan.FromHours(1));
        await WriteAsync("key", 1, now - TimeSpan.FromSeconds(1));

        (await outbox.ClaimDueAsync($"{lane}.note", 10, default)).ShouldHaveSingleItem().Message.Payload.ShouldBe("1");
        (await outbox.ClaimDueAsync($"{lane}.note", 10, default)).ShouldBeEmpty();
        (await outbox.ClaimHeadsAsync(lane, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_receiver_that_is_down_for_long_costs_one_look_at_what_waits_behind_it()
    {
        const int Keys = 10_000;
        await using (var fill = database.DataSource.CreateCommand(
            """
            insert into outbox (id, kind, key, payload, due_at, position, attempts, created_at)
            select gen_random_uuid(), $1 || '.note', 'key-' || n / 3, n::text,
              clock_timestamp() + case when n % 3 = 0 then interval '1 hour' else interval '-1 hour' end, n, 1 - n % 3 / 2, clock_timestamp()
            from generate_series(0, $2 * 3 - 1) n
            """))
        {
            fill.Parameters.Add(new() { Value = lane });
            fill.Parameters.Add(new() { Value = Keys });
            await fill.ExecuteNonQueryAsync();
        }

        var outbox = new OutboxStore(database.DataSource, TimeProvider.System, Fast);
        var looks = 0;
        for (; await DueAsync() > 0; looks++)
            (await outbox.ClaimHeadsAsync(lane, 16, default)).ShouldBeEmpty();
        looks.ShouldBeInRange(Keys * 2 / 500, (Keys * 2 / 500) + 1);
    }

    [Fact]
    public async Task Who_is_late_deletes_nothing_that_another_holds_and_takes_nothing_of_its_key()
    {
        var late = new OutboxStore(database.DataSource, TimeProvider.System, Fast with { Lease = TimeSpan.FromMilliseconds(1) });
        var other = new OutboxStore(database.DataSource, TimeProvider.System, Fast with { Lease = TimeSpan.FromMinutes(10) });
        await WriteAsync("key", 0);
        await WriteAsync("key", 1);
        var mine = (await late.ClaimHeadsAsync(lane, 10, default)).ShouldHaveSingleItem();
        ClaimedMessage? taken = null;
        await Eventually.TrueAsync(async () => (taken = (await other.ClaimHeadsAsync(lane, 10, default)).SingleOrDefault()) is not null);

        await late.CompleteAsync(mine, default);
        (await late.CompleteAndClaimNextAsync(mine, lane, default)).ShouldBeNull();
        (await LeftAsync()).ShouldBe(2);

        (await other.CompleteAndClaimNextAsync(taken!, lane, default)).ShouldNotBeNull().Message.Payload.ShouldBe("1");
        (await LeftAsync()).ShouldBe(1);
    }

    private async Task<long> DueAsync()
    {
        await using var command = database.DataSource.CreateCommand("select count(*) from (select from outbox where lane = $1 and due_at <= clock_timestamp() limit 1) due");
        command.Parameters.Add(new() { Value = lane });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task WriteAsync(string key, int number, DateTimeOffset? due = null)
    {
        var message = new OutboxMessage(
            Sample.NewId(), $"{lane}.note", key, number.ToString(), due ?? TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1));
        (await log.Store.AppendAsync(Sample.Append(Sample.NewStream(), 0, Sample.Note()) with { Outbox = [message] }, default)).ShouldBeOfType<Appended>();
    }

    private async Task<long> LeftAsync()
    {
        await using var command = database.DataSource.CreateCommand("select count(*) from outbox where lane = $1");
        command.Parameters.Add(new() { Value = lane });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<OutboxFigures> FiguresAsync() =>
        (await new OutboxStore(database.DataSource, TimeProvider.System, Fast).FiguresAsync(default)).SingleOrDefault(f => f.Kind == $"{lane}.note")
        ?? new OutboxFigures(lane, 0, 0, null, 0, null);

    /// <summary>A receiver that knows what it has by the messages' ids, and refuses what it is told to.</summary>
    private sealed class Ledger
    {
        private readonly ConcurrentDictionary<Guid, byte> seen = new();
        private int deliveries;

        public ConcurrentDictionary<string, List<int>> Order { get; } = new();

        public Func<OutboxMessage, bool> Refuses { get; set; } = _ => false;

        public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(1);

        public int Deliveries => Volatile.Read(ref deliveries);

        public int Count => seen.Count;

        public int Expected { get; init; } = int.MaxValue;

        public bool IsComplete => Count >= Expected;

        public int[] Of(string key)
        {
            var order = Order.GetOrAdd(key, _ => []);
            lock (order)
                return [.. order];
        }

        public async Task TakeAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref deliveries);
            if (Refuses(message))
                throw new InvalidOperationException("poisoned");
            await Task.Delay(Delay, cancellationToken);
            var order = Order.GetOrAdd(message.Key, _ => []);
            lock (order)
            {
                if (seen.TryAdd(message.Id, 0))
                    order.Add(int.Parse(message.Payload));
            }
        }
    }

    private sealed class Handler(string lane, Ledger ledger) : IOutboxHandler
    {
        private volatile bool dies;
        private volatile bool hasDied;

        public IReadOnlyList<string> Kinds => [$"{lane}."];

        /// <summary>From now on it dies after an effect, before it can say so.</summary>
        public bool Dies
        {
            set => dies = value;
        }

        public bool HasDied => hasDied;

        public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
        {
            await ledger.TakeAsync(message, cancellationToken);
            if (!dies)
                return;
            hasDied = true;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    /// <summary>One node's worker on connections of its own.</summary>
    private sealed class Node
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly NpgsqlDataSource dataSource;
        private readonly Task running;
        private readonly Handler handler;
        private readonly Ledger ledger;

        private Node(string connectionString, string lane, Ledger ledger, OutboxOptions options)
        {
            this.ledger = ledger;
            handler = new Handler(lane, ledger);
            dataSource = PostgresDataSource.Create(connectionString, "contactcenter-outbox");
            var outbox = new OutboxStore(dataSource, TimeProvider.System, options);
            var worker = new OutboxLane(
                lane, [handler], outbox, () => Task.Delay(Timeout.Infinite, stopping.Token), options, TimeProvider.System, NullLogger.Instance);
            running = Task.Run(() => worker.RunAsync(stopping.Token));
        }

        public static Node Start(string connectionString, string lane, Ledger ledger, OutboxOptions? options = null) =>
            new(connectionString, lane, ledger, options ?? Fast);

        /// <summary>No goodbye: the database is out of reach from one moment to the next, whatever is in flight.</summary>
        public async Task KillAsync()
        {
            handler.Dies = true;
            await Eventually.TrueAsync(() => handler.HasDied || ledger.IsComplete, TimeSpan.FromMinutes(1));
            await dataSource.DisposeAsync();
            await stopping.CancelAsync();
            await running;
        }

        public async Task StopAsync()
        {
            await stopping.CancelAsync();
            await running;
            await dataSource.DisposeAsync();
        }
    }
}
