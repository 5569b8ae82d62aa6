namespace ContactCenter.Application.EventSourcing;

/// <summary>One atomic write to any number of streams, with the rows it causes: all of it or nothing.</summary>
/// <param name="Writes">At least one; each stream at most once.</param>
/// <param name="Metadata">Who causes it.</param>
public sealed record Append(IReadOnlyList<StreamWrite> Writes, EventMetadata Metadata)
{
    /// <summary>Effects on the world and timers that this write causes, committed with it.</summary>
    public IReadOnlyList<OutboxMessage> Outbox { get; init; } = [];

    /// <summary>Streams that the decision was made on and that this does not write; no stream of <see cref="Writes"/>.</summary>
    public IReadOnlyList<StreamLook> Looks { get; init; } = [];

    /// <summary>The caller's idempotency key, recorded with the write, or null.</summary>
    public IdempotencyRecord? Idempotency { get; init; }
}

/// <summary>The events for one stream.</summary>
/// <param name="Stream">Which stream.</param>
/// <param name="ExpectedVersion">The version the decision was made on; 0 for a stream that must not exist yet.</param>
/// <param name="Events">At least one.</param>
public sealed record StreamWrite(StreamId Stream, long ExpectedVersion, IReadOnlyList<NewEvent> Events);

/// <summary>
/// A stream that has to be at a version for an append to be written: else it is a <see cref="VersionConflict"/>. It holds
/// nobody up: two who look and one who writes need not wait for each other.
/// </summary>
/// <param name="Stream">Which stream.</param>
/// <param name="ExpectedVersion">The version the decision was made on; 0 for a stream that does not exist.</param>
public sealed record StreamLook(StreamId Stream, long ExpectedVersion);

/// <summary>
/// Something to do after the commit: an effect on the world, or a timer. Delivered at least once;
/// <paramref name="Id"/> makes the effect idempotent at the receiver.
/// </summary>
/// <param name="Id">Derived from the causing event, so that a repeated append causes it once.</param>
/// <param name="Kind">Which handler: <c>media.place_leg</c>, <c>crm.open_ticket</c>, <c>timer.offer</c>.</param>
/// <param name="Key">Messages with one key are delivered in order of their position; usually the session's id.</param>
/// <param name="Payload">JSON for the handler.</param>
/// <param name="DueAt">Not before this instant.</param>
public sealed record OutboxMessage(Guid Id, string Kind, string Key, string Payload, DateTimeOffset DueAt);

/// <summary>An idempotency key and what it stands for; unique per actor and key.</summary>
/// <param name="Actor">Whose key space: <c>User:…</c>, <c>ApiKey:…</c>.</param>
/// <param name="Key">The caller's key, 1 to 255 visible ASCII characters.</param>
/// <param name="RequestHash">SHA-256 of route and body: the same key with another hash is refused.</param>
/// <param name="Response">The answer to repeat, as JSON; holds no secret.</param>
public sealed record IdempotencyRecord(string Actor, string Key, byte[] RequestHash, string Response);

/// <summary>What became of an append.</summary>
public abstract record AppendResult
{
    private protected AppendResult()
    {
    }
}

/// <summary>The write is durable (now, or since an earlier call with the same event ids).</summary>
/// <param name="Position">The position of its last event.</param>
/// <param name="Versions">Each stream's version after it, in the order of the writes.</param>
/// <param name="Repeated">True if an earlier call had written it: nothing was written now.</param>
public sealed record Appended(LogPosition Position, IReadOnlyList<long> Versions, bool Repeated) : AppendResult;

/// <summary>A stream is not at its expected version; nothing was written.</summary>
/// <param name="Stream">The first stream found elsewhere.</param>
/// <param name="ExpectedVersion">What the caller expected.</param>
/// <param name="ActualVersion">Where it is.</param>
public sealed record VersionConflict(StreamId Stream, long ExpectedVersion, long ActualVersion) : AppendResult;

/// <summary>An event id is taken by an event with other content, stream or version; nothing was written.</summary>
/// <param name="EventId">The id.</param>
public sealed record EventIdReused(Guid EventId) : AppendResult;

/// <summary>The idempotency key is taken by a write that committed before; nothing was written.</summary>
/// <param name="Existing">What the key stands for.</param>
public sealed record IdempotencyKeyTaken(IdempotencyRecord Existing) : AppendResult;
