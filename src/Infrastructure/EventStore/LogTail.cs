using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>How the live tail reads.</summary>
public sealed record LogTailOptions
{
    /// <summary>Events kept for subscribers that are a little behind; who is further behind reads the log.</summary>
    public int Capacity { get; init; } = 32_768;

    /// <summary>Events per read.</summary>
    public int Page { get; init; } = 1_000;

    /// <summary>Reads are at least this far apart: under load one read takes many commits.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>How soon to look again for what other nodes commit, while something happens.</summary>
    public TimeSpan ShortestPoll { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How soon to look again while nothing happens: what another node commits then is late by this.</summary>
    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>The longest pause between two tries to reach a lost database.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The live tail of the log, one per node: reads each event once, on this node's own commits at once and on other
/// nodes' by polling, and hands it to all subscribers through a ring in memory.
/// </summary>
public sealed class LogTail(IEventStore store, CommitSignal committed, TimeProvider time, ILogger<LogTail> logger, LogTailOptions? options = null) : ILiveFeed
{
    private readonly LogTailOptions options = options ?? new LogTailOptions();
    private readonly LiveRing ring = new((options ?? new LogTailOptions()).Capacity);
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public LogPosition Position => ring.Position;

    /// <inheritdoc/>
    public async ValueTask<LogPosition> NowAsync(CancellationToken cancellationToken)
    {
        await started.Task.WaitAsync(cancellationToken);
        return ring.Position;
    }

    /// <summary>
    /// Tails the log until cancelled: from where it ends now, and when run again after a failure from where it was, as
    /// subscribers are owed what came meanwhile. A lost database only pauses it.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!started.Task.IsCompleted)
        {
            ring.StartAt(await PersistAsync(() => store.ReadEndAsync(cancellationToken), cancellationToken));
            started.SetResult();
        }

        var position = ring.Position;
        var poll = options.ShortestPoll;
        while (true)
        {
            var next = committed.Next;
            var began = time.GetTimestamp();
            var page = await ReadAsync(position, cancellationToken);
            position = page.Position;
            TellUnreadable(page.Events);
            ring.Publish(page.Events, position);
            if (!page.AtEnd)
                continue;
            poll = page.Events.Count > 0 ? options.ShortestPoll : Min(poll * 1.5, options.LongestPoll);
            if (await SignalledAsync(next, poll, cancellationToken))
                poll = options.ShortestPoll;
            if (options.Pace - time.GetElapsedTime(began) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredEvent> SubscribeAsync(
        LogPosition after, Func<StoredEvent, bool>? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new List<StoredEvent>();
        while (true)
        {
            using (var subscription = ring.Subscribe(after, filter))
            {
                while (subscription is not null && await subscription.TakeAsync(buffer, cancellationToken))
                {
                    foreach (var @event in buffer)
                    {
                        after = @event.Position;
                        if (filter?.Invoke(@event) ?? true)
                            yield return @event;
                    }
                }
            }
            var page = await ReadAsync(after, cancellationToken);
            after = page.Position;
            foreach (var @event in page.Events)
            {
                if (filter?.Invoke(@event) ?? true)
                    yield return @event;
            }
            if (page.AtEnd && !ring.Covers(after))
                await Task.Delay(options.LongestPoll, time, cancellationToken);
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private Task<LogPage> ReadAsync(LogPosition after, CancellationToken cancellationToken) =>
        PersistAsync(() => store.ReadLogAsync(after, options.Page, cancellationToken), cancellationToken);

    /// <summary>Once per node, where it comes by; what it means to each reader is that reader's matter.</summary>
    private void TellUnreadable(IReadOnlyList<StoredEvent> events)
    {
        foreach (var @event in events)
        {
            if (@event.Data is UnreadableEvent unreadable)
                logger.LogError("Event {EventId} ({Type}) at {Position} cannot be read: {Reason}", @event.Id, @event.Type, @event.Position, unreadable.Reason);
        }
    }

    private async Task<T> PersistAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        var backoff = options.ShortestPoll;
        while (true)
        {
            try
            {
                return await read();
            }
            catch (EventStoreUnavailableException exception)
            {
                if (backoff == options.ShortestPoll)
                    logger.LogWarning(exception, "The live feed waits for the log");
                await Task.Delay(backoff, time, cancellationToken);
                backoff = Min(backoff * 2, options.LongestBackoff);
            }
        }
    }

    private async Task<bool> SignalledAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await Task.WhenAny(next, Task.Delay(atMost, time, stop.Token));
        await stop.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }
}
