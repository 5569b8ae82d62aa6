using System.Collections.Concurrent;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.EventSourcing;

/// <summary>What an event causes outside, derived from the event alone.</summary>
public interface IEffects
{
    /// <summary>The outbox messages of one event; their ids follow from the event's id.</summary>
    IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now);
}

/// <summary>
/// One command's work: states loaded, events decided, one atomic append. One instance per call.
/// </summary>
public sealed class UnitOfWork(
    IEventStore store, AggregateReader reader, AggregateCache cache, CurrentCall call, IEnumerable<IEffects> effects)
{
    /// <summary>No command takes all connections of the node.</summary>
    private const int ReadsAtOnce = 8;

    private readonly List<Write> writes = [];
    private readonly Dictionary<StreamId, object> loaded = [];
    private readonly Dictionary<StreamId, long> looks = [];

    /// <summary>True if a state came from the cache without a look at the log.</summary>
    public bool DecidedOnCachedState { get; private set; }

    /// <summary>True once something has been appended in this call.</summary>
    public bool HasCommitted { get; private set; }

    /// <summary>True once states are read from the log only.</summary>
    public bool IsFresh { get; private set; }

    /// <summary>The stream that another writer was first at in this attempt, or null.</summary>
    public StreamId? Contested { get; private set; }

    /// <summary>Forgets everything loaded and decided, for another attempt that looks at the log for every state.</summary>
    public void StartOver()
    {
        writes.Clear();
        loaded.Clear();
        looks.Clear();
        DecidedOnCachedState = false;
        Contested = null;
        IsFresh = true;
    }

    /// <summary>
    /// The state of one aggregate and its version; the initial state at 0 if it does not exist. Within one attempt the
    /// same answer again, whatever is appended meanwhile.
    /// </summary>
    public async ValueTask<Versioned<TState>> LoadAsync<TState>(AggregateType<TState> type, Guid id, CancellationToken cancellationToken)
        where TState : class
    {
        var stream = type.Stream(id);
        if (loaded.TryGetValue(stream, out var before))
            return (Versioned<TState>)before;

        var known = IsFresh ? null : cache.Find<TState>(stream);
        DecidedOnCachedState |= known is not null;
        known ??= await reader.LoadFreshAsync(type, id, cancellationToken);
        loaded[stream] = known;
        return known;
    }

    /// <summary>The same for several at once: what is not cached is read side by side.</summary>
    public async ValueTask<IReadOnlyList<Versioned<TState>>> LoadAllAsync<TState>(AggregateType<TState> type, IEnumerable<Guid> ids, CancellationToken cancellationToken)
        where TState : class
    {
        var wanted = ids.ToList();
        var missing = wanted.Select(type.Stream).Where(s => !loaded.ContainsKey(s) && (IsFresh || cache.Find<TState>(s) is null)).Distinct().ToList();
        ConcurrentBag<Versioned<TState>> read = [];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(missing, limits, async (s, token) => read.Add(await reader.LoadFreshAsync(type, s.Id, token)));
        foreach (var fresh in read)
            loaded[fresh.Stream] = fresh;
        List<Versioned<TState>> all = [];
        foreach (var id in wanted)
            all.Add(await LoadAsync(type, id, cancellationToken));
        return all;
    }

    /// <summary>Adds events to what will be appended; none is fine. Several calls for one stream add up.</summary>
    public void Append<TState, TEvent>(AggregateType<TState> type, Versioned<TState> to, params IReadOnlyList<TEvent> events)
        where TState : class
        where TEvent : IDomainEvent
    {
        if (events.Count == 0)
            return;
        if (WriteTo(to) is not { } write)
            writes.Add(write = new Write<TState>(type, to));
        foreach (var happened in events)
            write.Add(new NewEvent(Guid.CreateVersion7(call.Context.Now), happened));
    }

    /// <summary>Adds what was decided, or answers why it was refused.</summary>
    public DomainError? Append<TState, TEvent>(AggregateType<TState> type, Versioned<TState> to, Decision<TEvent> decision)
        where TState : class
        where TEvent : IDomainEvent
    {
        Append(type, to, decision.Events);
        return decision.Rejection;
    }

    /// <summary>What is appended was decided on a stream at this version: if it has moved on by then, it is decided again.</summary>
    /// <param name="stream">The stream; one that this call writes too is checked by that write.</param>
    /// <param name="version">Its version.</param>
    public void DecidedOn(StreamId stream, long version) => looks[stream] = version;

    /// <summary>The state as it will be with what is to be appended.</summary>
    public TState After<TState>(Versioned<TState> to)
        where TState : class => WriteTo(to)?.State ?? to.State;

    /// <summary>Commits, and answers a receipt for the aggregate named; see the other.</summary>
    public Task<Result<Receipt>> CommitAsync<TState>(Versioned<TState> about, CancellationToken cancellationToken)
        where TState : class => CommitAsync(about, part: null, cancellationToken);

    /// <summary>
    /// Appends everything at once. Answers a receipt for the aggregate named, or a <see cref="ConflictError"/> with
    /// code <see cref="ErrorCodes.Concurrency"/> if another writer came first; the pipeline then tries again.
    /// With nothing to append it answers the version loaded.
    /// </summary>
    /// <param name="about">The aggregate.</param>
    /// <param name="part">What the receipt names instead of the aggregate: a part of it that has an id of its own; or null.</param>
    /// <param name="cancellationToken">Cancels waiting for the answer.</param>
    public async Task<Result<Receipt>> CommitAsync<TState>(Versioned<TState> about, Guid? part, CancellationToken cancellationToken)
        where TState : class
    {
        var receipt = new Receipt(part ?? about.Stream.Id, WriteTo(about)?.NewVersion ?? about.Version, "0");
        if (writes.Count == 0)
            return receipt;

        var era = cache.Era;
        var result = await store.AppendAsync(Build(receipt), cancellationToken);
        switch (result)
        {
            case Appended appended:
                HasCommitted = true;
                foreach (var write in writes)
                    write.Remember(cache, era);
                return receipt with { Position = appended.Position.ToString() };
            case VersionConflict conflict:
                cache.Outdate(conflict.Stream, conflict.ActualVersion);
                // Who only looked need not take turns with those who write there.
                Contested = writes.Exists(w => w.Stream == conflict.Stream) ? conflict.Stream : null;
                return new ConflictError(ErrorCodes.Concurrency, "Somebody else changed this at the same moment.");
            case IdempotencyKeyTaken:
                return new ConflictError(ErrorCodes.IdempotencyRaced, "A request with this key is being handled.");
            default:
                throw new InvalidOperationException($"Append answered {result.GetType().Name}.");
        }
    }

    private Write<TState>? WriteTo<TState>(Versioned<TState> to)
        where TState : class
    {
        foreach (var write in writes)
        {
            if (write.Stream == to.Stream)
                return (Write<TState>)write;
        }

        return null;
    }

    private Append Build(Receipt receipt)
    {
        var context = call.Context;
        var metadata = new EventMetadata(context.CommandId, call.CommandName, context.Caller.Actor, context.Source);
        List<OutboxMessage> outbox = [];
        foreach (var happened in writes.SelectMany(w => w.Events))
        {
            foreach (var effect in effects)
                outbox.AddRange(effect.Of(happened, context.Now));
        }

        List<StreamWrite> all = [.. writes.Select(w => w.ToStreamWrite())];
        return new Append(all, metadata)
        {
            Outbox = outbox,
            Looks = [.. looks.Where(l => !all.Exists(w => w.Stream == l.Key)).Select(l => new StreamLook(l.Key, l.Value))],
            Idempotency = IdempotentAnswer.For(context, receipt, all[^1]),
        };
    }

    private abstract class Write(StreamId stream, long expectedVersion)
    {
        public StreamId Stream { get; } = stream;

        public List<NewEvent> Events { get; } = [];

        public long NewVersion => expectedVersion + Events.Count;

        public StreamWrite ToStreamWrite() => new(Stream, expectedVersion, Events);

        public abstract void Remember(AggregateCache cache, int era);
    }

    private sealed class Write<TState>(AggregateType<TState> type, Versioned<TState> to) : Write(to.Stream, to.Version)
        where TState : class
    {
        public TState State { get; private set; } = to.State;

        public void Add(NewEvent happened)
        {
            Events.Add(happened);
            State = type.Apply(State, happened.Data);
        }

        public override void Remember(AggregateCache cache, int era) => cache.Put(new Versioned<TState>(Stream, State, NewVersion), era);
    }
}
