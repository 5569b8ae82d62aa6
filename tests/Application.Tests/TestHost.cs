using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Consumers;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Settings;
using ContactCenter.Infrastructure.Access;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.VirtualAgents;
using ContactCenter.Testing;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Application.Tests;

/// <summary>The real dispatcher and pipeline over a log in memory. One instance is one node; several can share a log.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public static readonly EventTypeRegistry Types = EventTypeRegistry.OfProduct();

    /// <summary>When every adapter was seen last, for all that a log in memory knows.</summary>
    public static readonly DateTimeOffset LastSeen = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;

    public TestHost(TestHost? sharingLogWith = null)
    {
        Clock = sharingLogWith?.Clock ?? new TestClock();
        Log = sharingLogWith?.Log ?? new InMemoryEventStore(Types, Clock);
        Store = new InterleavingStore(Log);
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IEventStore>(Store)
            .AddSingleton<CommitSignal>()
            .AddSingleton<LogTail>()
            .AddSingleton<ILiveFeed>(provider => provider.GetRequiredService<LogTail>())
            .AddSingleton<IPasswordHasher>(new Pbkdf2PasswordHasher(iterations: 1_000))
            .AddSingleton<IIdentityHasher>(new HmacIdentityHasher(new byte[32]))
            .AddSingleton<IAdapterPresence, SilentAdapters>()
            .AddSingleton<IMonitorPresence, SilentMonitors>()
            .AddVirtualAgents(["simulated"])
            .AddApplication()
            .AddSingleton<ICenterConfiguration>(new FoldedConfiguration(Log))
            .AddSingleton<IMessageAudioStore, InMemoryMessageAudioStore>()
            .AddSingleton<RecordingMetrics>()
            .AddSingleton<IReadModel<TakenSlot>>(new FoldedSlots(Log))
            .AddSingleton<IReadModel<MonitorCard>>(new FoldedMonitors(Log))
            .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }

    public TestClock Clock { get; }

    public InMemoryEventStore Log { get; }

    public InterleavingStore Store { get; }

    public static Caller Admin { get; } = User(Guid.Parse("00000000-0000-7000-8000-00000000a001"), [.. BuiltInRoles.Grants(BuiltInRoles.Admin)!]);

    public static Caller Sdk { get; } = new(new Actor(ActorKind.ApiKey, "sdk"), [new Grant(Permissions.EntryWrite, Scope.All)], []);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static Caller User(Guid id, IReadOnlyList<Grant> grants, params Guid[] teams) => new(new Actor(ActorKind.User, id.ToString()), grants, teams);

    public static Caller Agent(Guid id) => User(id, BuiltInRoles.Grants(BuiltInRoles.Agent)!);

    public Guid NewId() => Guid.CreateVersion7(Clock.GetUtcNow());

    /// <summary>Sends a request; with a key, the request's own text stands for its body.</summary>
    public Task<Result<T>> SendAsync<T>(Caller caller, IRequest<Result<T>> request, string? key = null, long? ifMatch = null, string? body = null)
    {
        var now = Clock.GetUtcNow();
        var context = new CallContext(caller)
        {
            CommandId = Guid.CreateVersion7(now),
            Now = now,
            Source = "tests",
            IfMatch = ifMatch,
            IdempotencyKey = key,
            RequestHash = key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(body ?? request.ToString()!)),
        };
        return Get<Dispatcher>().SendAsync(request, context, CancellationToken.None);
    }

    public async Task<T> DoAsync<T>(Caller caller, IRequest<Result<T>> request, long? ifMatch = null)
    {
        var answer = await SendAsync(caller, request, ifMatch: ifMatch);
        answer.Error.ShouldBeNull($"{request.GetType().Name}: {answer.Error?.Code}");
        return answer.Value!;
    }

    public async Task<T> DoAsSystemAsync<T>(IRequest<Result<T>> request) => await DoAsync(Caller.System("tests"), request);

    public async Task RefusedAsync<T>(string code, Caller caller, IRequest<Result<T>> request, long? ifMatch = null)
    {
        var answer = await SendAsync(caller, request, ifMatch: ifMatch);
        answer.Error.ShouldNotBeNull($"{request.GetType().Name} was accepted").Code.ShouldBe(code, request.GetType().Name);
    }

    public IReadOnlyList<StoredEvent> Stream<TState>(AggregateType<TState> type, Guid id)
        where TState : class => [.. Log.Events.Where(e => e.Stream == type.Stream(id))];

    public string[] TypesOf<TState>(AggregateType<TState> type, Guid id)
        where TState : class => [.. Stream(type, id).Select(e => e.Type)];

    public async Task<TState> StateAsync<TState>(AggregateType<TState> type, Guid id)
        where TState : class => (await Get<AggregateReader>().LoadFreshAsync(type, id, CancellationToken.None)).State;

    /// <summary>The events of the last write that named this event type, as wire names: what happened together.</summary>
    public string[] Together(string type)
    {
        var write = Log.Events.Last(e => e.Type == type).Position.Value >> 20;
        return [.. Log.Events.Where(e => e.Position.Value >> 20 == write).Select(e => e.Type).Order(StringComparer.Ordinal)];
    }

    /// <summary>Why a caller does not meet a requirement, or null.</summary>
    public async Task<DomainError?> WhyNotAsync(Caller caller, Requirement requirement)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Application.Pipeline.Authorizer>().RefusalAsync(caller, requirement, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>Recordings for messages, in memory.</summary>
internal sealed class InMemoryMessageAudioStore : IMessageAudioStore
{
    private readonly ConcurrentDictionary<Guid, byte[]> kept = new();

    public Task KeepAsync(Guid contentId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        kept.TryAdd(contentId, content.ToArray());
        return Task.CompletedTask;
    }

    public Task<byte[]?> ReadAsync(Guid contentId, CancellationToken cancellationToken) => Task.FromResult(kept.GetValueOrDefault(contentId));

    public Task<IReadOnlyList<Guid>> ListAsync(DateTimeOffset before, int limit, Guid after, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Sweeping is tested with the database.");

    public Task DiscardAsync(Guid contentId, CancellationToken cancellationToken)
    {
        kept.TryRemove(contentId, out _);
        return Task.CompletedTask;
    }
}

/// <summary>The configuration folded from the whole log at every question: what the follower is to agree with.</summary>
internal sealed class FoldedConfiguration(InMemoryEventStore log) : ICenterConfiguration
{
    public ValueTask<CenterConfiguration> AtLeastAsync(long revision, CancellationToken cancellationToken) =>
        new(log.Events.Select(e => e.Data).Aggregate(CenterConfiguration.Initial, (center, happened) => center.Apply(happened)));
}

/// <summary>The slots in which somebody has a place, folded from the whole log at every question.</summary>
internal sealed class FoldedSlots(InMemoryEventStore log) : IReadModel<TakenSlot>
{
    public Task<(LogPosition Position, IReadOnlyList<TakenSlot> Rows)> SnapshotAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken)
    {
        var projection = new TakenSlotsProjection();
        var slots = log.Events.Where(e => projection.KeyOf(e) is not null).GroupBy(projection.KeyOf)
            .Select(events => events.Aggregate((TakenSlot?)null, projection.Evolve)).OfType<TakenSlot>();
        return Task.FromResult<(LogPosition, IReadOnlyList<TakenSlot>)>((LogPosition.Start, [.. slots.Where(slot => filters.All(f => Holds(f, slot)))]));
    }

    public Task<TakenSlot?> FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Page<TakenSlot>> QueryAsync(ReadQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private static bool Holds(Filter filter, TakenSlot slot) => (filter.Column, filter.Operator) switch
    {
        ("queue_id", FilterOperator.Is) => slot.QueueId.Equals(filter.Value),
        ("starts_at", FilterOperator.AtLeast) => slot.StartsAt >= (DateTimeOffset)filter.Value!,
        _ => throw new NotSupportedException($"{filter.Column} {filter.Operator}"),
    };
}

/// <summary>Who monitors what, folded whenever it is asked for.</summary>
internal sealed class FoldedMonitors(InMemoryEventStore log) : IReadModel<MonitorCard>
{
    public Task<Page<MonitorCard>> QueryAsync(ReadQuery query, CancellationToken cancellationToken)
    {
        var projection = new MonitorsProjection();
        var cards = log.Events.Where(e => projection.KeyOf(e) is not null).GroupBy(projection.KeyOf)
            .Select(events => events.Aggregate((MonitorCard?)null, projection.Evolve)).OfType<MonitorCard>();
        return Task.FromResult(new Page<MonitorCard>([.. cards.Where(card => query.Filters.All(f => Holds(f, card)))], NextCursor: null));
    }

    public Task<MonitorCard?> FindAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<(LogPosition Position, IReadOnlyList<MonitorCard> Rows)> SnapshotAsync(IReadOnlyList<Filter> filters, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<LogPosition> PositionAsync(CancellationToken cancellationToken) => Task.FromResult(log.Events is [.., var last] ? last.Position : LogPosition.Start);

    private static bool Holds(Filter filter, MonitorCard card) => filter.Column switch
    {
        "session_id" => card.SessionId.Equals(filter.Value),
        "by_id" => card.By.Id.Equals(filter.Value),
        "is_live" => (card.StoppedAt is null).Equals(filter.Value),
        _ => throw new NotSupportedException(filter.Column),
    };
}

/// <summary>Adapters that were seen once, at <see cref="TestHost.LastSeen"/>; the real presence is tested with its database.</summary>
internal sealed class SilentAdapters : IAdapterPresence
{
    public ValueTask SeenAsync(Guid agentId, string connection, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Gone(Guid agentId, string connection)
    {
    }

    public Task<IReadOnlyList<LostAdapter>> FindLostAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LostAdapter>>([]);

    public Task<bool> TakeForLostAsync(LostAdapter lost, CancellationToken cancellationToken) => Task.FromResult(lost.SeenAt == TestHost.LastSeen);

    public Task WatchAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetAsync(LostAdapter lost, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Nobody is ever lost; the real presence is tested with its database.</summary>
internal sealed class SilentMonitors : IMonitorPresence
{
    public Task SeenAsync(IReadOnlyCollection<Guid> monitorIds, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<LostMonitor>> FindLostAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LostMonitor>>([]);

    public Task<bool> IsUnseenForAsync(Guid monitorId, TimeSpan time, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task ForgetAsync(LostMonitor lost, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Real time, with jumps, until it is stopped; then jumps alone.</summary>
internal sealed class TestClock : TimeProvider
{
    private TimeSpan ahead;
    private DateTimeOffset? stopped;

    public override DateTimeOffset GetUtcNow() => (stopped ?? base.GetUtcNow()) + ahead;

    public void Stop() => stopped = base.GetUtcNow();

    public void Advance(TimeSpan by) => ahead += by;
}

/// <summary>Lets other callers in between any two steps, as a database does; and on request just before an append.</summary>
internal sealed class InterleavingStore(IEventStore inner) : IEventStore
{
    private int logEventsRead;

    public Func<Task>? BeforeNextAppend { get; set; }

    /// <summary>How long an append is on its way, as to a database; none if it is not set.</summary>
    public TimeSpan RoundTrip { get; set; }

    /// <summary>Done once the end of the log is read, before it is answered.</summary>
    public Func<Task>? AfterNextReadEnd { get; set; }

    public int StreamReads { get; private set; }

    /// <summary>How many events of streams were read.</summary>
    public int EventsRead { get; private set; }

    /// <summary>The same for each stream.</summary>
    public ConcurrentDictionary<StreamId, int> EventsReadOf { get; } = new();

    /// <summary>How many events were read in the order of the log.</summary>
    public int LogEventsRead => Volatile.Read(ref logEventsRead);

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (RoundTrip > TimeSpan.Zero)
            await Task.Delay(RoundTrip, cancellationToken);
        if (BeforeNextAppend is { } first)
        {
            BeforeNextAppend = null;
            await first();
        }

        return await inner.AppendAsync(append, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        StreamReads++;
        await Task.Yield();
        var page = await inner.ReadStreamAsync(stream, afterVersion, limit, cancellationToken);
        EventsRead += page.Count;
        EventsReadOf.AddOrUpdate(stream, page.Count, (_, before) => before + page.Count);
        return page;
    }

    public async Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken)
    {
        var page = await inner.ReadLogAsync(after, limit, cancellationToken);
        Interlocked.Add(ref logEventsRead, page.Events.Count);
        return page;
    }

    public async Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken)
    {
        var end = await inner.ReadEndAsync(cancellationToken);
        if (AfterNextReadEnd is { } then)
        {
            AfterNextReadEnd = null;
            await then();
        }

        return end;
    }

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken) =>
        inner.FindIdempotencyAsync(actor, key, cancellationToken);
}
