namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Follows the live tail and forgets cached states that another node has moved on from. It saves useless attempts and
/// keeps answers to queries fresh; what is decided does not depend on it.
/// </summary>
public sealed class CacheInvalidation(ILiveFeed feed, AggregateCache cache)
{
    private LogPosition? seen;

    /// <summary>
    /// Follows until cancelled; run again, from where it was. What was cached before it began came from the log as it
    /// was then or later.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var after = seen ??= feed.Position;
        await foreach (var stored in feed.SubscribeAsync(after, filter: null, cancellationToken))
        {
            cache.Outdate(stored.Stream, stored.Version);
            seen = stored.Position;
        }
    }
}
