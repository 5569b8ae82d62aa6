using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// Rows live in memory, one board per node: begins with what read models hold and folds the live feed on. All
/// subscribers share the fold and one ring of recent changes; each only remembers how far it has read. One that is
/// slow is told steps of a row in one where it can; one that fell out of the ring gets a snapshot. So nobody waits for
/// anybody, and memory is bounded. After an event that cannot be read or folded, rows of its stream stay as they were
/// until the read models have got past it: nothing is told that builds on what is not known.
/// </summary>
/// <typeparam name="TView">The row.</typeparam>
public abstract class LiveBoard<TView>
    where TView : class
{
    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan OtherNodesLead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealCheck = TimeSpan.FromSeconds(2);

    private readonly ILiveFeed feed;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly BoardRing<TView> ring;
    private readonly List<(string Key, TView? After)> evolved = [];
    private readonly HashSet<StreamId> frozen = [];
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogPosition folded;
    private LogPosition frozenAt;
    private long lookedAt;
    private State state = new(ImmutableDictionary<string, TView>.Empty, LogPosition.Start, new(0, 0, LogPosition.Start));

    /// <summary>A board that has yet to run.</summary>
    /// <param name="feed">What to fold.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where it says what went wrong.</param>
    /// <param name="ringSize">Changes kept for who is behind or comes back.</param>
    protected LiveBoard(ILiveFeed feed, TimeProvider time, ILogger log, int ringSize = 16_384)
    {
        (this.feed, this.time, this.log) = (feed, time, log);
        ring = new BoardRing<TView>(ringSize);
    }

    /// <summary>The rows as they are now.</summary>
    public IEnumerable<TView> Rows => Volatile.Read(ref state).Rows.Values;

    /// <summary>One row as it is now, or null.</summary>
    public TView? Find(string key) => Volatile.Read(ref state).Rows.GetValueOrDefault(key);

    /// <summary>What it is called where something is said about it.</summary>
    protected abstract string Name { get; }

    /// <summary>The rows to begin with, and the position they are the fold of.</summary>
    protected abstract Task<(LogPosition Position, IReadOnlyList<TView> Rows)> ReadAsync(CancellationToken cancellationToken);

    /// <summary>How far what it would begin with is.</summary>
    protected abstract Task<LogPosition> PositionAsync(CancellationToken cancellationToken);

    /// <summary>Whether a stream's events may change a row.</summary>
    protected abstract bool Concerns(StreamId stream);

    /// <summary>The row's key.</summary>
    protected abstract string KeyOf(TView row);

    /// <summary>Which rows are how after an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="now">The rows before it.</param>
    /// <param name="changed">Takes them; null for one that is gone.</param>
    protected abstract void Evolve(StoredEvent happened, ImmutableDictionary<string, TView> now, List<(string Key, TView? After)> changed);

    /// <summary>How long the rows stay as they are without an event; null for ever.</summary>
    protected virtual TimeSpan? RightFor => null;

    /// <summary>The rows once that time is over.</summary>
    protected virtual IEnumerable<TView> Renew(ImmutableDictionary<string, TView> now) => now.Values;

    /// <summary>Folds until cancelled. After a failure it begins again, and its subscribers with it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever happened, the board begins again from the read model.")]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await BeginAsync(cancellationToken);
                while (await FollowAsync(cancellationToken))
                    Renew();
            }
            catch (Exception exception)
            {
                if (!cancellationToken.IsCancellationRequested)
                    log.LogDebug(exception, "The live board of {Board} begins again.", Name);
            }

            await Task.Delay(Backoff, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// The rows that pass a filter, live: a snapshot and then changes, or, if the changes since a position are still
    /// at hand, only those. A position that this log does not know or has not come to is answered with a snapshot.
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

    /// <summary>Folds on; true once the rows have to be renewed, false once the board has to begin again.</summary>
    private async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        using var right = RightFor is { } span ? new CancellationTokenSource(span, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, right.Token);
        try
        {
            await foreach (var happened in feed.SubscribeAsync(folded, filter: null, either.Token))
            {
                Fold(happened);
                folded = happened.Position;
                if (frozen.Count > 0 && await IsPassedAsync(cancellationToken))
                    return false;
            }
        }
        catch (OperationCanceledException) when (right.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return true;
        }

        return right.IsCancellationRequested;
    }

    /// <summary>
    /// Time alone changed rows: everybody gets a snapshot, also who comes back with the position that it has, since that
    /// says nothing about this.
    /// </summary>
    private void Renew()
    {
        var next = state.Window.Next + 1;
        var rows = Renew(state.Rows).ToImmutableDictionary(KeyOf, StringComparer.Ordinal);
        Publish(new State(rows, state.Position, new(next, next, new LogPosition(state.Position.Value + 1))));
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        frozen.Clear();
        var (position, all) = await ReadAsync(cancellationToken);
        folded = position;
        // What is in the ring leads to another state than this: none of it counts any more.
        var next = state.Window.Next + 1;
        Publish(new State(all.ToImmutableDictionary(KeyOf, StringComparer.Ordinal), position, new(next, next, position)));
        started.TrySetResult();
    }

    private void Fold(StoredEvent happened)
    {
        evolved.Clear();
        if (!TryEvolve(happened, evolved) || evolved.Count == 0)
            return;
        var (rows, next) = (state.Rows, state.Window.Next + evolved.Count + 1);
        var window = ring.WithRoomFor(state.Window, evolved.Count);
        if (window is not null)
            Volatile.Write(ref state, state with { Window = window });
        foreach (var (key, after) in evolved)
        {
            if (window is not null)
                window = ring.Add(window, new(happened.Position, key, rows.GetValueOrDefault(key), after));
            rows = after is null ? rows.Remove(key) : rows.SetItem(key, after);
        }

        // An event is seen with all of its rows or not at all.
        Publish(new State(rows, happened.Position, window ?? new(next, next, happened.Position)));
    }

    /// <summary>Evolves the rows, unless the event or one before it in its stream cannot be read or folded.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "An event that cannot be folded pauses the read model, where an admin sees it; the board shows the row as it was.")]
    protected bool TryEvolve(StoredEvent happened, List<(string Key, TView? After)> changed)
    {
        if (frozen.Contains(happened.Stream))
            return false;
        try
        {
            if (happened.Data is not UnreadableEvent)
            {
                Evolve(happened, state.Rows, changed);
                return true;
            }

            if (!Concerns(happened.Stream))
                return false;
            log.LogWarning("The live board of {Board} shows {Stream} as before event {EventId}, which cannot be read.", Name, happened.Stream, happened.Id);
        }
        catch (Exception exception)
        {
            log.LogWarning(exception, "The live board of {Board} shows {Stream} as before event {EventId}, which cannot be folded.", Name, happened.Stream, happened.Id);
        }

        changed.Clear();
        frozen.Add(happened.Stream);
        frozenAt = happened.Position;
        return false;
    }

    /// <summary>Whether the read models have got past what the board could not: an admin skipped it, or another node could read it.</summary>
    private async Task<bool> IsPassedAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(lookedAt) < HealCheck)
            return false;
        lookedAt = time.GetTimestamp();
        return await PositionAsync(cancellationToken) >= frozenAt;
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
            await Task.Delay(Look, time, cancellationToken);
        }

        return true;
    }

    // What the subscriber has to be told; null if it fell out of the ring, perhaps while the ring was being read.
    private List<BoardChange<TView>>? Since(BoardRing<TView>.Window window, long read, LogPosition? seen, Func<TView, bool> shows)
    {
        if (read < window.Oldest)
            return null;
        var told = ring.Since(window, read, seen ?? LogPosition.Start, shows);
        return read < Volatile.Read(ref state).Window.Oldest ? null : told;
    }

    private sealed record State(ImmutableDictionary<string, TView> Rows, LogPosition Position, BoardRing<TView>.Window Window);
}
