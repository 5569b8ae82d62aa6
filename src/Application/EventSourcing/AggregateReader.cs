namespace ContactCenter.Application.EventSourcing;

/// <summary>Gives states of aggregates: from the cache, or by folding what the log has after it.</summary>
public sealed class AggregateReader(IEventStore store, AggregateCache cache)
{
    private const int PageSize = 1000;

    /// <summary>The state and version of one aggregate; the initial state at 0 if it does not exist.</summary>
    /// <param name="type">Its kind.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public ValueTask<Versioned<TState>> LoadAsync<TState>(AggregateType<TState> type, Guid id, CancellationToken cancellationToken)
        where TState : class =>
        cache.Find<TState>(type.Stream(id)) is { } known ? new(known) : new(LoadFreshAsync(type, id, cancellationToken));

    /// <summary>The same, but never without a look at the log.</summary>
    public async Task<Versioned<TState>> LoadFreshAsync<TState>(AggregateType<TState> type, Guid id, CancellationToken cancellationToken)
        where TState : class
    {
        var stream = type.Stream(id);
        var era = cache.Era;
        var loaded = cache.FindEarlier<TState>(stream) ?? new Versioned<TState>(stream, type.Initial, Version: 0);
        IReadOnlyList<StoredEvent> page;
        do
        {
            page = await store.ReadStreamAsync(stream, loaded.Version, PageSize, cancellationToken);
            foreach (var stored in page)
                loaded = loaded with { State = type.Apply(loaded.State, stored.Data), Version = stored.Version };
        }
        while (page.Count == PageSize);

        if (loaded.Version > 0)
            cache.Put(loaded, era);
        return loaded;
    }
}
