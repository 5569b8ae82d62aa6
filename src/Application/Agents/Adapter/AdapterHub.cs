using System.Collections.Immutable;
using System.Threading.Channels;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// Follows the log once for all adapters connected to this node and gives each the events that concern its agent: its
/// own stream, and the streams of the sessions it has in hand. Keeps nothing that a resume on another node would need.
/// </summary>
public sealed class AdapterHub(ILiveFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, ImmutableArray<Subscription>> interest = [];

    private LogPosition position;
    private bool isRunning;

    /// <summary>Everything up to here has been given to the subscriptions that were there.</summary>
    public LogPosition Position
    {
        get
        {
            lock (gate)
                return position;
        }
    }

    /// <summary>Runs until cancelled. Run again, it goes on where it was: the subscriptions miss nothing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!isRunning)
        {
            var now = await feed.NowAsync(cancellationToken);
            lock (gate)
                position = now;
            isRunning = true;
        }

        await foreach (var stored in feed.SubscribeAsync(Position, filter: null, cancellationToken))
            Give(stored);
    }

    /// <summary>
    /// Waits until everything up to a position was given: only then does the log hold all that lies below it, also what
    /// other nodes are committing. False if that takes so long that the position can hardly be one of this log.
    /// </summary>
    internal async Task<bool> HasReachedAsync(LogPosition wanted, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        while (Position < wanted || !isRunning)
        {
            if (clock.GetElapsedTime(since) > Patience)
                return false;
            await Task.Delay(Pace, clock, cancellationToken);
        }

        return true;
    }

    /// <summary>As long as it is waited for what has to be given yet.</summary>
    internal CancellationTokenSource Patient() => new(Patience, clock);

    internal Subscription Subscribe(StreamId agent)
    {
        var subscription = new Subscription(this, agent);
        lock (gate)
            Add(agent, subscription);
        return subscription;
    }

    private void Give(StoredEvent stored)
    {
        lock (gate)
        {
            TrackMember(stored);
            if (interest.TryGetValue(stored.Stream, out var subscriptions))
            {
                foreach (var subscription in subscriptions)
                {
                    Track(stored, subscription);
                    subscription.Give(stored);
                }
            }

            position = stored.Position;
        }
    }

    /// <summary>What an agent has in hand changes exactly where the log says so, or an offer made again at once would be missed.</summary>
    private void Track(StoredEvent stored, Subscription subscription)
    {
        if (stored.Data is AgentReserved reserved)
            AddSession(reserved.SessionId, subscription);
        else if (stored.Data is AgentTookOver taken)
            AddSession(taken.SessionId, subscription);
        else if (stored.Data is AgentReservationReleased released)
            RemoveSession(released.SessionId, subscription);
        else if (stored.Data is AgentFreed freed)
            RemoveSession(freed.SessionId, subscription);
    }

    /// <summary>Whose queue it becomes hears of its voicemails from then on.</summary>
    private void TrackMember(StoredEvent stored)
    {
        if (stored.Data is QueueMemberAdded added)
        {
            foreach (var subscription in interest.GetValueOrDefault(Aggregates.Agent.Stream(added.AgentId), []))
                Add(Aggregates.VoicemailBox.Stream(added.QueueId), subscription);
        }
        else if (stored.Data is QueueMemberRemoved removed)
        {
            foreach (var subscription in interest.GetValueOrDefault(Aggregates.Agent.Stream(removed.AgentId), []))
                Remove(Aggregates.VoicemailBox.Stream(removed.QueueId), subscription);
        }
    }

    private void AddSession(Guid sessionId, Subscription subscription)
    {
        Add(Aggregates.Session.Stream(sessionId), subscription);
        Add(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), subscription);
    }

    private void RemoveSession(Guid sessionId, Subscription subscription)
    {
        Remove(Aggregates.Session.Stream(sessionId), subscription);
        Remove(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), subscription);
    }

    private void Add(StreamId stream, Subscription subscription)
    {
        var there = interest.GetValueOrDefault(stream, []);
        if (there.Contains(subscription))
            return;
        interest[stream] = there.Add(subscription);
        subscription.Streams.Add(stream);
    }

    private void Remove(StreamId stream, Subscription subscription)
    {
        subscription.Streams.Remove(stream);
        if (!interest.TryGetValue(stream, out var there))
            return;
        var left = there.Remove(subscription);
        if (left.IsEmpty)
            interest.Remove(stream);
        else
            interest[stream] = left;
    }

    /// <summary>One adapter's share of the log.</summary>
    internal sealed class Subscription(AdapterHub hub, StreamId agent) : IDisposable
    {
        // An adapter that reads nothing for this many of its own events is cut off; it resumes from the log.
        private const int Backlog = 10_000;

        private readonly Channel<StoredEvent> events = Channel.CreateBounded<StoredEvent>(
            new BoundedChannelOptions(Backlog) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

        public StreamId Agent { get; } = agent;

        public HashSet<StreamId> Streams { get; } = [];

        public ChannelReader<StoredEvent> Events => events.Reader;

        public void Give(StoredEvent stored)
        {
            if (!events.Writer.TryWrite(stored))
                events.Writer.TryComplete(new AdapterTooSlowException());
        }

        /// <summary>Follows the voicemails of these queues too.</summary>
        public void FollowBoxes(IEnumerable<Guid> queueIds)
        {
            lock (hub.gate)
            {
                foreach (var queueId in queueIds)
                    hub.Add(Aggregates.VoicemailBox.Stream(queueId), this);
            }
        }

        /// <summary>Follows these sessions too; everything up to the position returned was given before.</summary>
        public LogPosition Follow(IEnumerable<Guid> sessionIds)
        {
            lock (hub.gate)
            {
                foreach (var sessionId in sessionIds)
                    hub.AddSession(sessionId, this);
                return hub.position;
            }
        }

        public void Dispose()
        {
            lock (hub.gate)
            {
                foreach (var stream in Streams.ToArray())
                    hub.Remove(stream, this);
            }

            events.Writer.TryComplete();
        }
    }
}

/// <summary>An adapter resumes after something its agent has not come to.</summary>
public sealed class UnknownSequenceException() : Exception("The agent has not come to this sequence number.");

/// <summary>An adapter did not read for so long that it was cut off; it may resume.</summary>
public sealed class AdapterTooSlowException() : Exception("The adapter did not read what it was sent.");
