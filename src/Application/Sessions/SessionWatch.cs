using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Sessions;

/// <summary>A session's facts: those so far, then each new one.</summary>
/// <param name="SoFar">After the version asked for, up to now, in order.</param>
/// <param name="FromNow">Every later one, once, in order; ends when cancelled.</param>
public sealed record SessionWatching(IReadOnlyList<StoredEvent> SoFar, IAsyncEnumerable<StoredEvent> FromNow);

/// <summary>Follows one session without a gap or a double. Whoever offers it to a caller sends <see cref="GetSession"/> first.</summary>
public sealed class SessionWatch(IEventStore store, ILiveFeed feed)
{
    private const int PageSize = 1000;

    /// <summary>Begins after a version: 0 for all of it, or the last one already seen.</summary>
    public async Task<SessionWatching> OpenAsync(Guid sessionId, long afterVersion, CancellationToken cancellationToken)
    {
        var stream = Aggregates.Session.Stream(sessionId);
        // Taken before the read: what is appended in between comes twice, and is told apart by its version.
        var position = feed.Position;
        List<StoredEvent> soFar = [];
        IReadOnlyList<StoredEvent> page;
        do
        {
            page = await store.ReadStreamAsync(stream, soFar.Count == 0 ? afterVersion : soFar[^1].Version, PageSize, cancellationToken);
            soFar.AddRange(page);
        }
        while (page.Count == PageSize);

        var last = soFar.Count == 0 ? afterVersion : soFar[^1].Version;
        return new SessionWatching(soFar, feed.SubscribeAsync(position, happened => happened.Stream == stream && happened.Version > last, cancellationToken));
    }
}
