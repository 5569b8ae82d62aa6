using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// The newest events, in order, and who waits for more. There is one copy for all subscribers: one that is slow
/// is overtaken and has to read the log, instead of filling a buffer of its own or holding anybody back.
/// </summary>
internal sealed class LiveRing(int capacity)
{
    private const int MostAtOnce = 256;

    private readonly Lock gate = new();
    private readonly StoredEvent[] events = new StoredEvent[capacity];
    private readonly HashSet<Subscription> subscriptions = [];
    private bool started;
    private long count;
    private LogPosition floor;
    private LogPosition position;

    /// <summary>Everything up to here has been published.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    private long Oldest => Math.Max(0, count - capacity);

    /// <summary>Says where the ring begins; only once, as those attached would miss what lies between.</summary>
    public void StartAt(LogPosition end)
    {
        lock (gate)
            (started, floor, position) = (true, end, end);
    }

    /// <summary>True if every event after this position is, or will be, in the ring.</summary>
    public bool Covers(LogPosition after)
    {
        lock (gate)
            return started && after >= floor;
    }

    public void Publish(IReadOnlyList<StoredEvent> batch, LogPosition upTo)
    {
        lock (gate)
        {
            var first = count;
            foreach (var @event in batch)
            {
                ref var place = ref events[count % capacity];
                if (count >= capacity)
                    floor = place.Position;
                place = @event;
                count++;
            }
            position = upTo;
            if (batch.Count == 0)
                return;
            foreach (var subscription in subscriptions)
                subscription.Offer(batch, first);
        }
    }

    /// <summary>A subscription to what comes after a position, or null if the ring does not go back so far.</summary>
    public Subscription? Subscribe(LogPosition after, Func<StoredEvent, bool>? filter)
    {
        lock (gate)
        {
            if (!started || after < floor)
                return null;
            var (low, high) = (Oldest, count);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = events[middle % capacity].Position <= after ? (middle + 1, high) : (low, middle);
            }
            var subscription = new Subscription(this, low, after, filter);
            subscriptions.Add(subscription);
            return subscription;
        }
    }

    /// <summary>One subscriber's place in the ring.</summary>
    internal sealed class Subscription(LiveRing ring, long from, LogPosition after, Func<StoredEvent, bool>? filter) : IDisposable
    {
        private long next = from;
        private TaskCompletionSource? waiting;

        public void Dispose()
        {
            lock (ring.gate)
                ring.subscriptions.Remove(this);
        }

        /// <summary>Waits for events and takes some; false if this subscriber was overtaken.</summary>
        public async Task<bool> TakeAsync(List<StoredEvent> into, CancellationToken cancellationToken)
        {
            into.Clear();
            while (true)
            {
                Task wait;
                lock (ring.gate)
                {
                    waiting = null;
                    if (next < ring.Oldest)
                        return false;
                    for (; next < ring.count && into.Count < MostAtOnce; next++)
                    {
                        // A subscriber that came from the log may be ahead of the ring.
                        if (ring.events[next % ring.events.Length] is var @event && @event.Position > after)
                            into.Add(@event);
                    }
                    if (into.Count > 0)
                        return true;
                    waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    wait = waiting.Task;
                }
                await wait.WaitAsync(cancellationToken);
            }
        }

        /// <summary>
        /// Wakes a waiting subscriber if something is for it, and else moves it on: with thousands of subscribers
        /// most events are for few of them.
        /// </summary>
        public void Offer(IReadOnlyList<StoredEvent> batch, long first)
        {
            if (waiting is null || next != first)
                return;
            if (batch.Any(e => e.Position > after && Passes(e)))
                waiting.SetResult();
            else
                next = first + batch.Count;
        }

        [SuppressMessage("Design", "CA1031", Justification = "A filter that throws must throw at its own subscriber, not here.")]
        private bool Passes(StoredEvent @event)
        {
            try
            {
                return filter?.Invoke(@event) ?? true;
            }
            catch (Exception)
            {
                return true;
            }
        }
    }
}
