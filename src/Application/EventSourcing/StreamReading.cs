using System.Runtime.CompilerServices;

namespace ContactCenter.Application.EventSourcing;

/// <summary>Reads whole streams, and the log page by page.</summary>
public static class StreamReading
{
    private const int PageSize = 1000;

    /// <summary>Every event of one stream, in order.</summary>
    public static IAsyncEnumerable<StoredEvent> ReadAllAsync(this IEventStore store, StreamId stream, CancellationToken cancellationToken) =>
        store.ReadOnAsync(stream, afterVersion: 0, cancellationToken);

    /// <summary>Every event of one stream up to an instant, in order.</summary>
    public static async IAsyncEnumerable<StoredEvent> ReadAsOfAsync(
        this IEventStore store, StreamId stream, DateTimeOffset asOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
        {
            // Nodes' clocks differ a little: what was written after something later than the instant is later too.
            if (stored.RecordedAt > asOf)
                yield break;
            yield return stored;
        }
    }

    /// <summary>One aggregate as it was at an instant; the initial state at 0 if it was not there yet.</summary>
    public static async Task<Versioned<TState>> ReadAsOfAsync<TState>(
        this IEventStore store, AggregateType<TState> type, Guid id, DateTimeOffset asOf, CancellationToken cancellationToken)
        where TState : class
    {
        var then = new Versioned<TState>(type.Stream(id), type.Initial, Version: 0);
        await foreach (var stored in store.ReadAsOfAsync(then.Stream, asOf, cancellationToken))
            then = then with { State = type.Apply(then.State, stored.Data), Version = stored.Version };
        return then;
    }

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
