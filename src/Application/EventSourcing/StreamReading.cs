using System.Runtime.CompilerServices;

namespace ContactCenter.Application.EventSourcing;

/// <summary>Reads whole streams, and the log page by page.</summary>
public static class StreamReading
{
    private const int PageSize = 1000;

    /// <summary>Every event of one stream, in order.</summary>
    public static IAsyncEnumerable<StoredEvent> ReadAllAsync(this IEventStore store, StreamId stream, CancellationToken cancellationToken) =>
        store.ReadOnAsync(stream, afterVersion: 0, cancellationToken);

    /// <summary>Pages of the log as any adapter can give them: one is read ahead.</summary>
    internal static async IAsyncEnumerable<LogPage> PagesAsync(
        IEventStore store, LogPosition after, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ahead = store.ReadLogAsync(after, limit, cancellationToken);
        while (true)
        {
            var page = await ahead;
            if (!page.AtEnd)
                ahead = store.ReadLogAsync(page.Position, limit, cancellationToken);
            yield return page;
            if (page.AtEnd)
                yield break;
        }
    }

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
