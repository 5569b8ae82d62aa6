using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>Follows one session without a gap or a double. Whoever offers it to a caller sends <see cref="GetSession"/> first.</summary>
public sealed class SessionWatch(IEventStore store, ILiveFeed feed, AggregateReader reader, TimeProvider time)
{
    /// <summary>Begins after the last version seen; with all of it where that is null, or no version of this session.</summary>
    public async Task<SessionFollowing> OpenAsync(Guid sessionId, long? seen, CancellationToken cancellationToken)
    {
        var stream = Aggregates.Session.Stream(sessionId);
        // Taken before the read: what is appended in between comes twice, and is told apart by its version.
        var position = await feed.NowAsync(cancellationToken);
        List<StoredEvent> soFar = [];
        await foreach (var stored in store.ReadAllAsync(stream, cancellationToken))
            soFar.Add(stored);
        // Versions have no gaps: the last one is how many there are.
        var isFresh = seen is not > 0 || seen > soFar.Count;
        return new SessionFollowing(stream, soFar, isFresh ? soFar.Count : (int)seen!.Value, isFresh, position, feed, reader, time);
    }
}

/// <summary>A session being followed: as it is at <see cref="Version"/>, and what comes after it. To be read once.</summary>
public sealed class SessionFollowing
{
    private readonly SessionStory story = new();
    private readonly StreamId stream;
    private readonly IReadOnlyList<StoredEvent> ahead;
    private readonly LogPosition position;
    private readonly ILiveFeed feed;
    private readonly AggregateReader reader;
    private readonly TimeProvider time;

    internal SessionFollowing(
        StreamId stream, List<StoredEvent> soFar, int folded, bool isFresh, LogPosition position, ILiveFeed feed, AggregateReader reader, TimeProvider time)
    {
        (this.stream, this.position, this.feed, this.reader, this.time) = (stream, position, feed, reader, time);
        foreach (var stored in soFar.Take(folded))
            story.Add(stored);
        Messages = [.. soFar.Take(folded).Select(e => e.Data).OfType<MessageSent>()];
        ahead = soFar[folded..];
        IsFresh = isFresh;
    }

    /// <summary>The version that <see cref="TellAsync"/> tells: that of the last event given.</summary>
    public long Version => story.Version;

    /// <summary>True if it begins with all of the session, not after a version seen before.</summary>
    public bool IsFresh { get; }

    /// <summary>The messages up to where it began.</summary>
    public IReadOnlyList<MessageSent> Messages { get; }

    /// <summary>True once the event that ended the session was given.</summary>
    public bool HasEnded => story.HasEnded;

    /// <summary>The session exactly as of <see cref="Version"/>, with the names of now and durations up to now.</summary>
    public async Task<SessionDetails> TellAsync(CancellationToken cancellationToken) =>
        await story.TellAsync(reader, time.GetUtcNow(), cancellationToken)
        ?? throw new InvalidOperationException($"{stream} is empty.");

    /// <summary>
    /// Every later event, once, in order, until cancelled. After one that cannot be read none is given any more: what
    /// comes next could not be told rightly.
    /// </summary>
    public async IAsyncEnumerable<StoredEvent> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stored in ahead)
        {
            story.Add(stored);
            yield return stored;
        }

        var last = Version;
        await foreach (var stored in feed.SubscribeAsync(position, happened => happened.Stream == stream && happened.Version > last, cancellationToken))
        {
            if (stored.Version != Version + 1 || stored.Data is not SessionEvent)
                continue;
            story.Add(stored);
            yield return stored;
        }
    }
}
