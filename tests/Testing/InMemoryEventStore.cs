using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.EventStore;

namespace ContactCenter.Testing;

/// <summary>The log in memory, for tests of handlers; held to the same conformance suite as the real one.</summary>
public sealed class InMemoryEventStore(EventTypeRegistry types, TimeProvider time) : IEventStore
{
    private static readonly JsonSerializerOptions Comparing = new();

    private readonly Lock gate = new();
    private readonly List<StoredEvent> log = [];
    private readonly Dictionary<Guid, StoredEvent> byId = [];
    private readonly Dictionary<StreamId, List<StoredEvent>> streams = [];
    private readonly Dictionary<(string Actor, string Key), IdempotencyRecord> keys = [];
    private readonly List<OutboxMessage> outbox = [];
    private long transactions;

    /// <summary>What the appends so far want done.</summary>
    public IReadOnlyList<OutboxMessage> Outbox
    {
        get
        {
            lock (gate)
                return [.. outbox];
        }
    }

    /// <summary>All of the log.</summary>
    public IReadOnlyList<StoredEvent> Events
    {
        get
        {
            lock (gate)
                return [.. log];
        }
    }

    public Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        PendingAppend.Check(append);
        foreach (var @event in append.Writes.SelectMany(w => w.Events))
            types.NameOf(@event.Data.GetType());
        lock (gate)
            return Task.FromResult(Refusal(append) ?? Write(append));
    }

    public Task<IReadOnlyList<StoredEvent>> ReadStreamAsync(StreamId stream, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<StoredEvent>>([.. Of(stream).Where(e => e.Version > afterVersion).Take(limit)]);
    }

    public Task<LogPage> ReadLogAsync(LogPosition after, int limit, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var events = log.SkipWhile(e => e.Position <= after).Take(limit).ToList();
            return Task.FromResult(new LogPage(events, events.Count > 0 ? events[^1].Position : after, events.Count < limit));
        }
    }

    public Task<LogPosition> ReadEndAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            return Task.FromResult(log.Count > 0 ? log[^1].Position : LogPosition.Start);
    }

    public Task<IdempotencyRecord?> FindIdempotencyAsync(string actor, string key, CancellationToken cancellationToken)
    {
        lock (gate)
            return Task.FromResult(keys.GetValueOrDefault((actor, key)));
    }

    private AppendResult? Refusal(Append append)
    {
        var all = append.Writes.SelectMany(w => w.Events.Select((e, i) => (w.Stream, Version: w.ExpectedVersion + i + 1, Event: e))).ToList();
        if (all.Find(e => byId.ContainsKey(e.Event.Id)).Event is { } known)
        {
            var other = all.Find(e => !byId.TryGetValue(e.Event.Id, out var stored) || !IsSame(stored, e.Stream, e.Version, e.Event)).Event;
            return other is null ? Answer(append, all.Max(e => byId[e.Event.Id].Position), repeated: true) : new EventIdReused(known.Id);
        }
        if (append.Idempotency is { } key && keys.TryGetValue((key.Actor, key.Key), out var taken))
            return new IdempotencyKeyTaken(taken);
        var moved = append.Writes.FirstOrDefault(w => Of(w.Stream).Count != w.ExpectedVersion);
        if (moved is not null)
            return new VersionConflict(moved.Stream, moved.ExpectedVersion, Of(moved.Stream).Count);
        var gone = append.Looks.FirstOrDefault(l => Of(l.Stream).Count != l.ExpectedVersion);
        return gone is null ? null : new VersionConflict(gone.Stream, gone.ExpectedVersion, Of(gone.Stream).Count);
    }

    private Appended Write(Append append)
    {
        var position = ++transactions << 20;
        foreach (var write in append.Writes)
        {
            var stream = streams.TryGetValue(write.Stream, out var existing) ? existing : streams[write.Stream] = [];
            foreach (var @event in write.Events)
            {
                var stored = new StoredEvent(
                    new LogPosition(position++), write.Stream, stream.Count + 1, @event.Id,
                    types.NameOf(@event.Data.GetType()), @event.Data, append.Metadata, time.GetUtcNow());
                stream.Add(stored);
                log.Add(stored);
                byId.Add(stored.Id, stored);
            }
        }
        outbox.AddRange(append.Outbox);
        if (append.Idempotency is { } key)
            keys.Add((key.Actor, key.Key), key);
        return Answer(append, new LogPosition(position - 1), repeated: false);
    }

    private List<StoredEvent> Of(StreamId stream) => streams.GetValueOrDefault(stream) ?? [];

    private static Appended Answer(Append append, LogPosition position, bool repeated) =>
        new(position, [.. append.Writes.Select(w => w.ExpectedVersion + w.Events.Count)], repeated);

    private static bool IsSame(StoredEvent stored, StreamId stream, long version, NewEvent @event) =>
        stored.Stream == stream && stored.Version == version && stored.Data.GetType() == @event.Data.GetType()
        && Json(stored.Data) == Json(@event.Data);

    private static string Json(IDomainEvent data) => JsonSerializer.Serialize(data, data.GetType(), Comparing);
}
