using System.Collections.Immutable;
using System.Threading.Channels;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Agents;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// Follows the log once for all adapters connected to this node and gives each the events that concern its agent: its
/// own stream, and the streams of the sessions it has in hand. Keeps nothing that a resume on another node would need.
/// </summary>
public sealed class AdapterHub(ILiveFeed feed)
{
    private readonly Lock gate = new();
    private readonly Dictionary<StreamId, ImmutableArray<Subscription>> interest = [];

    /// <summary>Everything up to here has been given to the subscriptions that were there.</summary>
    public LogPosition Position { get; private set; }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        lock (gate)
            Position = feed.Position;
        await foreach (var stored in feed.SubscribeAsync(Position, filter: null, cancellationToken))
            Give(stored);
    }

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
            if (interest.TryGetValue(stored.Stream, out var subscriptions))
            {
                foreach (var subscription in subscriptions)
                {
                    if (stored.Data is AgentReserved reserved && subscription.Agent == stored.Stream)
                        AddSession(reserved.SessionId, subscription);
                    subscription.Give(stored);
                }
            }

            Position = stored.Position;
        }
    }

    private void AddSession(Guid sessionId, Subscription subscription)
    {
        Add(Aggregates.Session.Stream(sessionId), subscription);
        Add(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), subscription);
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

        /// <summary>Follows these sessions too; everything up to the position returned was given before.</summary>
        public LogPosition Follow(IEnumerable<Guid> sessionIds)
        {
            lock (hub.gate)
            {
                foreach (var sessionId in sessionIds)
                    hub.AddSession(sessionId, this);
                return hub.Position;
            }
        }

        public void Forget(Guid sessionId)
        {
            lock (hub.gate)
            {
                hub.Remove(Aggregates.Session.Stream(sessionId), this);
                hub.Remove(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), this);
            }
        }

        public void Dispose()
        {
            lock (hub.gate)
            {
                foreach (var stream in Streams)
                    hub.Remove(stream, this);
            }

            events.Writer.TryComplete();
        }
    }
}

/// <summary>An adapter did not read for so long that it was cut off; it may resume.</summary>
public sealed class AdapterTooSlowException() : Exception("The adapter did not read what it was sent.");
