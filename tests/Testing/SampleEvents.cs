using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Infrastructure.EventStore;

namespace ContactCenter.Testing;

/// <summary>An event of no capability, for tests of the log itself.</summary>
[EventType("sample.noted.v1")]
public sealed record SampleNoted(string Text, int Number = 0) : IDomainEvent;

/// <summary>An event with personal data, for tests of the log itself.</summary>
[EventType("sample.written.v1")]
public sealed record SampleWritten(Guid ConsumerId, PersonalText Text, int Number) : IPersonalDataEvent;

/// <summary>Appends of sample events.</summary>
public static class Sample
{
    public static EventTypeRegistry Types { get; } = new([typeof(SampleNoted), typeof(SampleWritten)]);

    public static EventMetadata Metadata { get; } = new(NewId(), "Sample", Actor.System("tests"), Source: null);

    public static Guid NewId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    public static StreamId NewStream() => StreamId.For("sample", NewId());

    public static NewEvent Note(string text = "a note", int number = 0) => new(NewId(), new SampleNoted(text, number));

    public static NewEvent[] Notes(int count) => [.. Enumerable.Range(1, count).Select(number => Note(number: number))];

    public static StreamWrite Write(StreamId stream, long expectedVersion, params NewEvent[] events) => new(stream, expectedVersion, events);

    public static Append Append(params StreamWrite[] writes) => new(writes, Metadata);

    public static Append Append(StreamId stream, long expectedVersion, params NewEvent[] events) =>
        new([Write(stream, expectedVersion, events)], Metadata);

    /// <summary>
    /// Waits until readers see all that is appended so far: an open transaction, also of another test on the same
    /// server, may hold them back for a moment.
    /// </summary>
    public static async Task SettleAsync(this IEventStore store)
    {
        var marker = (Appended)await store.AppendAsync(Append(NewStream(), 0, Note("marker")), CancellationToken.None);
        await Eventually.TrueAsync(async () => await store.ReadEndAsync(CancellationToken.None) >= marker.Position);
    }
}
