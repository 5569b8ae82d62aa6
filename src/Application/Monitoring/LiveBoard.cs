using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// A read model live in memory, one per node: begins with its rows in the database and folds the live feed on. All
/// subscribers share the fold and one ring of recent changes; each only remembers how far it has read. One that is
/// slow gets the latest of each row instead of every step; one that fell out of the ring gets a snapshot. So nobody
/// waits for anybody, and memory is bounded.
/// </summary>
/// <typeparam name="TView">The row.</typeparam>
public abstract class LiveBoard<TView>
    where TView : class
{
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan OtherNodesLead = TimeSpan.FromSeconds(1);

    private readonly Projection<TView> projection;
    private readonly IReadModel<TView> rows;
    private readonly ILiveFeed feed;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly BoardRing<TView> ring;
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private State state = new(ImmutableDictionary<string, TView>.Empty, LogPosition.Start, new(0, 0, LogPosition.Start));

    /// <summary>A board that has yet to run.</summary>
    /// <param name="projection">The fold.</param>
    /// <param name="rows">Where to begin.</param>
    /// <param name="feed">What to fold.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what went wrong.</param>
    /// <param name="ringSize">Changes kept for who is behind or comes back.</param>
    protected LiveBoard(Projection<TView> projection, IReadModel<TView> rows, ILiveFeed feed, TimeProvider time, ILogger log, int ringSize = 16_384)
    {
        (this.projection, this.rows, this.feed, this.time, this.log) = (projection, rows, feed, time, log);
        ring = new BoardRing<TView>(ringSize);
    }

    /// <summary>Which rows of the read model to begin with.</summary>
    protected abstract IReadOnlyList<Filter> Beginning { get; }

    /// <summary>The rows as they are now.</summary>
    public IEnumerable<TView> Rows => Volatile.Read(ref state).Rows.Values;

    /// <summary>The row's key, the same that the projection gives its events.</summary>
    protected abstract string KeyOf(TView row);

    /// <summary>Whether to keep a row: the same as <see cref="Beginning"/>, in memory.</summary>
    protected abstract bool Keeps(TView row);

    /// <summary>Folds until cancelled. After a failure it begins again, and its subscribers with it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever happened, the board begins again from the read model.")]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await BeginAsync(cancellationToken);
                await foreach (var happened in feed.SubscribeAsync(state.Position, filter: null, cancellationToken))
                    Fold(happened);
            }
            catch (Exception exception)
            {
                if (!cancellationToken.IsCancellationRequested)
                    log.LogDebug(exception, "The live board of {Projection} begins again.", projection.Name);
            }

            await Task.Delay(Backoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The rows that pass a filter, live: a snapshot and then changes, or, if the changes since a position are still
    /// at hand, only those.
    /// </summary>
    /// <param name="shows">Pure and cheap; asked for the row before and after each change.</param>
    /// <param name="resumeAfter">The position of the last change the subscriber has seen, or null.</param>
    /// <param name="cancellationToken">Ends the subscription.</param>
    public async IAsyncEnumerable<BoardChange<TView>> SubscribeAsync(
        Func<TView, bool> shows, LogPosition? resumeAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await started.Task.WaitAsync(cancellationToken);
        var seen = resumeAfter is { } last && await HasReachedAsync(last, cancellationToken) ? last : (LogPosition?)null;
        var window = Volatile.Read(ref state).Window;
        var read = seen >= window.Floor ? window.Oldest : -1;
        while (true)
        {
            var next = Volatile.Read(ref moved).Task;
            var now = Volatile.Read(ref state);
            if (Since(now.Window, read, seen, shows) is { } changes)
            {
                foreach (var change in changes)
                    yield return change;
            }
            else
            {
                seen = now.Position;
                yield return new BoardSnapshot<TView>(now.Position, [.. now.Rows.Values.Where(shows)]);
            }

            read = now.Window.Next;
            var told = time.GetTimestamp();
            await next.WaitAsync(cancellationToken);
            // Under load many changes are told at once, so that many subscribers cost few wake-ups.
            if (time.GetElapsedTime(told) < Pace)
                await Task.Delay(Pace, time, cancellationToken);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        var (position, all) = await rows.SnapshotAsync(Beginning, cancellationToken);
        // What is in the ring leads to another state than this: none of it counts any more.
        var next = state.Window.Next + 1;
        Publish(new State(all.ToImmutableDictionary(KeyOf, StringComparer.Ordinal), position, new(next, next, position)));
        started.TrySetResult();
    }

    [SuppressMessage("Design", "CA1031", Justification = "An event that cannot be folded pauses the read model, where an admin sees it; the board shows the row as it was.")]
    private void Fold(StoredEvent happened)
    {
        try
        {
            if (projection.KeyOf(happened) is not { } key)
                return;
            var now = state;
            var before = now.Rows.GetValueOrDefault(key);
            var after = projection.Evolve(before, happened);
            if (after is not null && !Keeps(after))
                after = null;
            if (ReferenceEquals(before, after))
                return;
            var window = ring.Add(now.Window, new(happened.Position, key, before, after));
            Publish(new State(after is null ? now.Rows.Remove(key) : now.Rows.SetItem(key, after), happened.Position, window));
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "The live board of {Projection} cannot fold event {EventId}.", projection.Name, happened.Id);
        }
    }

    private void Publish(State next)
    {
        Volatile.Write(ref state, next);
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    // Another node may have told this subscriber more than this node has heard of; but not much more.
    private async Task<bool> HasReachedAsync(LogPosition position, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (feed.Position < position)
        {
            if (time.GetElapsedTime(since) > OtherNodesLead)
                return false;
            await Task.Delay(Pace, time, cancellationToken);
        }

        return true;
    }

    // What the subscriber has to be told; null if it fell out of the ring, perhaps while the ring was being read.
    private List<BoardChange<TView>>? Since(BoardRing<TView>.Window window, long read, LogPosition? seen, Func<TView, bool> shows)
    {
        if (read < window.Oldest)
            return null;
        var latest = ring.Latest(window, read, seen ?? LogPosition.Start);
        if (read < Volatile.Read(ref state).Window.Oldest)
            return null;
        var told = new List<BoardChange<TView>>(latest.Count);
        foreach (var (before, last) in latest)
        {
            if (last.After is not null && shows(last.After))
                told.Add(new BoardRowChanged<TView>(last.Position, last.Key, last.After));
            else if (before is not null && shows(before))
                told.Add(new BoardRowRemoved<TView>(last.Position, last.Key));
        }

        return told;
    }

    private sealed record State(ImmutableDictionary<string, TView> Rows, LogPosition Position, BoardRing<TView>.Window Window);
}
