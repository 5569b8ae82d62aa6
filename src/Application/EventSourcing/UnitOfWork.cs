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
public sealed class UnitOfWork(IEventStore store, AggregateCache cache, CurrentCall call, IEnumerable<IEffects> effects)
{
    private const int PageSize = 1000;
    private readonly List<Write> writes = [];

    /// <summary>True if a state came from the cache without a look at the log.</summary>
    public bool DecidedOnCachedState { get; private set; }

    /// <summary>True once something has been appended in this call.</summary>
    public bool HasCommitted { get; private set; }

    /// <summary>Look at the log for every state from now on.</summary>
    public bool Fresh { get; set; }

    /// <summary>Forget everything loaded and decided; for another attempt.</summary>
    public void Reset()
    {
        writes.Clear();
        DecidedOnCachedState = false;
    }

    /// <summary>The state of one aggregate and its version; the initial state at 0 if it does not exist.</summary>
    public async ValueTask<Versioned<TState>> LoadAsync<TState>(AggregateType<TState> type, Guid id, CancellationToken cancellationToken)
        where TState : class
    {
        var stream = type.Stream(id);
        var known = cache.Find<TState>(stream);
        if (known is not null && !Fresh)
        {
            DecidedOnCachedState = true;
            return known;
        }

        var (state, version) = known is null ? (type.Initial, 0) : (known.State, known.Version);
        IReadOnlyList<StoredEvent> page;
        do
        {
            page = await store.ReadStreamAsync(stream, version, PageSize, cancellationToken);
            foreach (var stored in page)
                (state, version) = (type.Apply(state, stored.Data), stored.Version);
        }
        while (page.Count == PageSize);

        var loaded = new Versioned<TState>(stream, state, version);
        if (version > 0)
            cache.Put(loaded);
        return loaded;
    }

    /// <summary>Adds events to what will be appended; none is fine. Several calls for one stream add up.</summary>
    public void Append<TState, TEvent>(AggregateType<TState> type, Versioned<TState> loaded, IReadOnlyList<TEvent> events)
        where TState : class
        where TEvent : IDomainEvent
    {
        if (events.Count == 0)
            return;
        var write = writes.Find(w => w.Stream == loaded.Stream);
        if (write is null)
        {
            write = new Write<TState>(type, loaded);
            writes.Add(write);
        }

        foreach (var happened in events)
            write.Add(new NewEvent(Guid.CreateVersion7(call.Context.Now), happened));
    }

    /// <summary>
    /// Appends everything at once. Answers a receipt for the aggregate named, or a <see cref="ConflictError"/> with
    /// code <see cref="ErrorCodes.Concurrency"/> if another writer came first; the pipeline then tries again.
    /// With nothing to append it answers the version loaded.
    /// </summary>
    public async Task<Result<Receipt>> CommitAsync<TState>(Versioned<TState> about, CancellationToken cancellationToken)
        where TState : class
    {
        var id = about.Stream.Id;
        if (writes.Count == 0)
            return new Receipt(id, about.Version, "0");

        var version = writes.Find(w => w.Stream == about.Stream)?.NewVersion ?? about.Version;
        var receipt = new Receipt(id, version, "0");
        var result = await store.AppendAsync(Build(receipt), cancellationToken);
        switch (result)
        {
            case Appended appended:
                HasCommitted = true;
                foreach (var write in writes)
                    write.Remember(cache);
                return receipt with { Position = appended.Position.ToString() };
            case VersionConflict conflict:
                cache.Outdate(conflict.Stream, conflict.ActualVersion);
                return new ConflictError(ErrorCodes.Concurrency, "Somebody else changed this at the same moment.");
            case IdempotencyKeyTaken:
                return new ConflictError(ErrorCodes.IdempotencyRaced, "A request with this key is being handled.");
            default:
                throw new InvalidOperationException($"Append answered {result.GetType().Name}.");
        }
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

        return new Append([.. writes.Select(w => w.ToStreamWrite())], metadata)
        {
            Outbox = outbox,
            Idempotency = IdempotentAnswer.For(context, receipt),
        };
    }

    private abstract class Write(StreamId stream, long expectedVersion)
    {
        public StreamId Stream { get; } = stream;

        public List<NewEvent> Events { get; } = [];

        public long NewVersion => expectedVersion + Events.Count;

        public virtual void Add(NewEvent happened) => Events.Add(happened);

        public StreamWrite ToStreamWrite() => new(Stream, expectedVersion, Events);

        public abstract void Remember(AggregateCache cache);
    }

    private sealed class Write<TState>(AggregateType<TState> type, Versioned<TState> loaded) : Write(loaded.Stream, loaded.Version)
        where TState : class
    {
        private TState state = loaded.State;

        public override void Add(NewEvent happened)
        {
            base.Add(happened);
            state = type.Apply(state, happened.Data);
        }

        public override void Remember(AggregateCache cache) => cache.Put(new Versioned<TState>(Stream, state, NewVersion));
    }
}
