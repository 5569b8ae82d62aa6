using System.Runtime.CompilerServices;

namespace ContactCenter.Application.EventSourcing;

/// <summary>Reads whole streams.</summary>
public static class StreamReading
{
    private const int PageSize = 1000;

    /// <summary>Every event of one stream, in order.</summary>
    public static async IAsyncEnumerable<StoredEvent> ReadAllAsync(
        this IEventStore store, StreamId stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<StoredEvent> page;
        long version = 0;
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
