namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Follows the live tail and forgets cached states that another node has moved on from. It saves useless attempts and
/// keeps answers to queries fresh; what is decided does not depend on it.
/// </summary>
public sealed class CacheInvalidation(ILiveFeed feed, AggregateCache cache)
{
    /// <summary>Follows until cancelled. What was cached before it began came from the log as it was then or later.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var stored in feed.SubscribeAsync(feed.Position, filter: null, cancellationToken))
            cache.Outdate(stored.Stream, stored.Version);
    }
}
