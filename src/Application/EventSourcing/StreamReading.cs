using System.Runtime.CompilerServices;

namespace ContactCenter.Application.EventSourcing;

/// <summary>Reads whole streams.</summary>
public static class StreamReading
{
    private const int PageSize = 1000;

    /// <summary>Every event of one stream, in order.</summary>
    public static IAsyncEnumerable<StoredEvent> ReadAllAsync(this IEventStore store, StreamId stream, CancellationToken cancellationToken) =>
        store.ReadOnAsync(stream, afterVersion: 0, cancellationToken);

    /// <summary>Every event of one stream after a version, in order.</summary>
    public static async IAsyncEnumerable<StoredEvent> ReadOnAsync(
        this IEventStore store, StreamId stream, long afterVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredEvent> page;
        var version = afterVersion;
        do
        {
            page = await store.ReadStreamAsync(stream, version, PageSize, cancellationToken);
            foreach (var stored in page)
                yield return stored;
            version += page.Count;
        }
        while (page.Count == PageSize);
    }
}
