using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.PersonalData;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// The next event of a stream cannot be read by this build, so that its aggregate cannot be folded any further. Readers
/// of the log are given an <see cref="UnreadableEvent"/> in its place instead.
/// </summary>
public sealed class UnreadableEventException(StoredEvent unreadable)
    : Exception($"Event {unreadable.Id} ({unreadable.Type}) at {unreadable.Position} cannot be read: {(unreadable.Data as UnreadableEvent)?.Reason}")
{
    /// <summary>Which event.</summary>
    public Guid EventId { get; } = unreadable.Id;
}

/// <summary>An event as its row holds it.</summary>
internal readonly record struct EventRow(
    long Position, string Stream, long Version, Guid Id, string Type, byte[] Data, byte[] Metadata, DateTimeOffset RecordedAt);

/// <summary>Events to JSON and back, personal data encrypted with its consumer's key.</summary>
internal sealed class EventSerializer(EventTypeRegistry registry, IPersonalDataProtector protector)
{
    // Rows decoded in a go; fewer than two of these are not worth a second thread, and more threads than two would
    // take the machine away from whoever handles commands.
    private const int Chunk = 512;
    private static readonly ParallelOptions TwoThreads = new() { MaxDegreeOfParallelism = 2 };

    public async ValueTask<(string Type, byte[] Data)> WriteAsync(IDomainEvent @event, CancellationToken cancellationToken)
    {
        var type = registry.Of(@event.GetType());
        if (@event is not IPersonalDataEvent { HoldsPersonalText: true } personal)
            return (type.Name, JsonSerializer.SerializeToUtf8Bytes(@event, type.Json));
        // Without a consumer there is no key, and the converter refuses.
        var key = personal.ConsumerId == Guid.Empty ? null : await protector.KeyForWritingAsync(personal.ConsumerId, cancellationToken);
        return (type.Name, PersonalTextConverter.With(key, (@event, type), static e => JsonSerializer.SerializeToUtf8Bytes(e.@event, e.type.Json)));
    }

    public static byte[] WriteMetadata(EventMetadata metadata) => JsonSerializer.SerializeToUtf8Bytes(metadata, EventJson.Options);

    /// <summary>Decodes rows in order. Stops before the first that is unreadable: nothing may be folded past it.</summary>
    /// <exception cref="UnreadableEventException">That is the very first.</exception>
    public async ValueTask<List<StoredEvent>> ReadAsync(List<EventRow> rows, CancellationToken cancellationToken)
    {
        var all = await ReadAllAsync(rows, cancellationToken);
        var unreadable = all.FindIndex(e => e.Data is UnreadableEvent);
        return unreadable switch
        {
            < 0 => all,
            0 => throw new UnreadableEventException(all[0]),
            _ => all[..unreadable],
        };
    }

    /// <summary>Decodes rows in order, each of them; an <see cref="UnreadableEvent"/> is in the place of what cannot be read.</summary>
    public async ValueTask<List<StoredEvent>> ReadAllAsync(List<EventRow> rows, CancellationToken cancellationToken)
    {
        var resolved = new Resolved[rows.Count];
        var consumers = new HashSet<Guid>();
        for (var i = 0; i < rows.Count; i++)
        {
            resolved[i] = Resolve(rows[i]);
            if (resolved[i].Consumer is { } consumer)
                consumers.Add(consumer);
        }
        var keys = consumers.Count > 0 ? await protector.KeysForReadingAsync(consumers, cancellationToken) : null;
        return Decode(rows, resolved, keys);
    }

    private static List<StoredEvent> Decode(List<EventRow> rows, Resolved[] resolved, IReadOnlyDictionary<Guid, PersonalDataKey>? keys)
    {
        if (rows.Count == 0)
            return [];
        var decoded = new StoredEvent[rows.Count];
        if (rows.Count < 2 * Chunk)
            DecodeChunk(0, rows.Count);
        else
            Parallel.For(0, (rows.Count + Chunk - 1) / Chunk, TwoThreads, chunk => DecodeChunk(chunk * Chunk, Math.Min(rows.Count, (chunk + 1) * Chunk)));
        return [.. decoded];

        void DecodeChunk(int from, int to)
        {
            for (var i = from; i < to; i++)
                decoded[i] = Read(rows[i], resolved[i], keys, i > from && SameMetadata(rows[i - 1], rows[i]) ? decoded[i - 1] : null);
        }
    }

    // The events of one command have the same metadata, byte for byte.
    private static bool SameMetadata(EventRow one, EventRow other) => one.Metadata.AsSpan().SequenceEqual(other.Metadata);

    /// <summary>True if a stored event holds the same fact as one about to be written, whatever either is encrypted with.</summary>
    public async ValueTask<bool> SameFactAsync(EventRow stored, string type, byte[] data, CancellationToken cancellationToken)
    {
        var both = await ReadAsync([stored, stored with { Type = type, Data = data }], cancellationToken);
        return both.Count == 2 && both[0].Data.GetType() == both[1].Data.GetType() && Clear(both[0].Data) == Clear(both[1].Data);
    }

    private static string Clear(IDomainEvent @event) => JsonSerializer.Serialize(@event, @event.GetType(), EventJson.ClearText);

    [SuppressMessage("Design", "CA1031", Justification = "An upcaster may fail in any way; all of them make this one event unreadable.")]
    private Resolved Resolve(EventRow row)
    {
        try
        {
            var known = registry.Resolve(row.Type, row.Data);
            return new Resolved(known, known is { Type.IsPersonal: true } personal ? ConsumerOf(personal.Type, personal.Json) : null, Failure: null);
        }
        catch (Exception exception)
        {
            return new Resolved(Known: null, Consumer: null, exception);
        }
    }

    /// <param name="row">The row.</param>
    /// <param name="resolved">Its type and JSON of today, or why they cannot be told.</param>
    /// <param name="keys">The consumers' keys.</param>
    /// <param name="before">An event with the same metadata, which is then shared, or null.</param>
    private static StoredEvent Read(EventRow row, Resolved resolved, IReadOnlyDictionary<Guid, PersonalDataKey>? keys, StoredEvent? before)
    {
        if (resolved.Known is not { } known)
            return Unreadable(row, resolved.Failure?.Message ?? "unknown type");
        try
        {
            var key = resolved.Consumer is { } consumer ? keys?.GetValueOrDefault(consumer) : null;
            var data = PersonalTextConverter.With(key, known, static k => JsonSerializer.Deserialize(k.Json, k.Type.Json));
            var metadata = before?.Metadata ?? JsonSerializer.Deserialize<EventMetadata>(row.Metadata, EventJson.Options);
            return new StoredEvent(
                new LogPosition(row.Position), new StreamId(row.Stream), row.Version, row.Id, row.Type,
                (IDomainEvent)data!, metadata!, row.RecordedAt);
        }
        catch (Exception exception) when (exception is JsonException or CryptographicException or FormatException or NotSupportedException)
        {
            return Unreadable(row, exception.Message);
        }
    }

    private static StoredEvent Unreadable(EventRow row, string reason) => new(
        new LogPosition(row.Position), new StreamId(row.Stream), row.Version, row.Id, row.Type, new UnreadableEvent(reason), MetadataOf(row), row.RecordedAt);

    private static EventMetadata MetadataOf(EventRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<EventMetadata>(row.Metadata, EventJson.Options)!;
        }
        catch (JsonException)
        {
            return new EventMetadata(Guid.Empty, "unreadable", Actor.Anonymous, Source: null);
        }
    }

    /// <summary>Whose key an event needs to be read; null if it names nobody, or holds no personal text to decrypt.</summary>
    private static Guid? ConsumerOf(EventType type, byte[] json)
    {
        Guid? consumer = null;
        var holdsText = false;
        var reader = new Utf8JsonReader(json);
        while ((consumer is null || !holdsText) && reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;
            var isConsumer = reader.ValueTextEquals(EventJson.ConsumerId);
            var isPersonal = !isConsumer && IsPersonal(ref reader, type);
            reader.Read();
            if (isConsumer && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id))
                consumer = id;
            holdsText |= isPersonal && reader.TokenType != JsonTokenType.Null;
            reader.Skip();
        }
        return holdsText && consumer != Guid.Empty ? consumer : null;
    }

    private static bool IsPersonal(ref Utf8JsonReader reader, EventType type)
    {
        foreach (var name in type.Personal)
        {
            if (reader.ValueTextEquals(name))
                return true;
        }
        return false;
    }

    /// <summary>What a row's wire name says it is, or why that cannot be told.</summary>
    private readonly record struct Resolved((EventType Type, byte[] Json)? Known, Guid? Consumer, Exception? Failure);
}
