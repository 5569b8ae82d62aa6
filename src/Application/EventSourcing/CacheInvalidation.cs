namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Follows the live tail and forgets cached states that another node has moved on from. It saves useless attempts and
/// keeps answers to queries fresh; what is decided does not depend on it.
/// </summary>
public sealed class CacheInvalidation(ILiveFeed feed, AggregateCache cache)
{
    private LogPosition? seen;

    /// <summary>
    /// Follows until cancelled; run again, from where it was. What came between the reading of a state that is cached
    /// already and the first event that it is told of nobody told, so that such states count no more.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (seen is null)
        {
            seen = await feed.NowAsync(cancellationToken);
            cache.Clear();
        }

        await foreach (var stored in feed.SubscribeAsync(seen.Value, filter: null, cancellationToken))
        {
            cache.Outdate(stored.Stream, stored.Version);
            seen = stored.Position;
        }
    }
}
