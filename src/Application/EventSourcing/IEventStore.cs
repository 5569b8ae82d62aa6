namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// The log: every fact of the product, in streams and in one total order. Adapters are held to
/// <c>EventStoreConformance</c> in the tests (ADR 0001).
/// </summary>
public interface IEventStore
{
    /// <summary>
    /// Appends in one round trip, all or nothing. When it answers <see cref="Appended"/> the write is durable.
    /// One append's conflict never fails another's.
    /// </summary>
    /// <exception cref="EventStoreUnavailableException">The database cannot be reached, or its answer was lost:
    /// the write may or may not have happened; repeating it with the same event ids is safe.</exception>
    Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken);

    /// <summary>
    /// Reads one stream forward from after a version; empty if there is nothing after it. Stops before an event that
    /// cannot be read: nothing can be folded past it.
    /// </summary>
    Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the log forward from after a position. Never shows an event below which another could still appear, and
    /// leaves none out: what cannot be read is there as an <see cref="UnreadableEvent"/>.
    /// </summary>
    Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The log in pages, from after a position up to the first that is at its end. What comes next is read while a page
    /// is being looked at.
    /// </summary>
    IAsyncEnumerable<LogPage> ReadPagesAsync(LogPosition after, int limit, CancellationToken cancellationToken) =>
        StreamReading.PagesAsync(this, after, limit, cancellationToken);

    /// <summary>The position of the newest event that <see cref="ReadLogAsync"/> would show: where to begin "from now".</summary>
    Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken);

    /// <summary>What an idempotency key stands for, or null.</summary>
    Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken);
}

/// <summary>A page of the log.</summary>
/// <param name="Events">In log order; at most the limit asked for.</param>
/// <param name="Position">Read on from here. Every event up to it has been given.</param>
/// <param name="AtEnd">True if nothing more was visible when it was read.</param>
public sealed record LogPage(IReadOnlyList<StoredEvent> Events, LogPosition Position, bool AtEnd);

/// <summary>The log cannot be reached or its answer was lost. REST answers 503 with Retry-After, gRPC Unavailable.</summary>
public sealed class EventStoreUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);

/// <summary>
/// The live tail of the log on this node: every event once, in log order, as soon as it is visible,
/// also those that other nodes append.
/// </summary>
public interface ILiveFeed
{
    /// <summary>Everything up to here has been published on this node; <see cref="LogPosition.Start"/> until it knows where the log ends.</summary>
    LogPosition Position { get; }

    /// <summary>
    /// Where to begin "from now": <see cref="Position"/>, once this node knows where the log ends. Who took the position
    /// before that would be given the whole log.
    /// </summary>
    ValueTask<LogPosition> NowAsync(CancellationToken cancellationToken);

    /// <summary>
    /// All events after a position that pass the filter: first what has happened, then live, without a gap or a
    /// double. A slow reader falls back to reading the log; it never holds back another. What cannot be read comes as an
    /// <see cref="UnreadableEvent"/>.
    /// </summary>
    /// <param name="after">Where to begin; <see cref="LogPosition.Start"/> for all of the log.</param>
    /// <param name="filter">Cheap and pure; null for all.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    IAsyncEnumerable<StoredEvent> SubscribeAsync(LogPosition after, Func<StoredEvent, bool>? filter, CancellationToken cancellationToken);
}
