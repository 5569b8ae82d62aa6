using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// One adapter's way through the log: what it missed, read from the streams of its agent and sessions, then what
/// happens, from the hub. The position of each update is enough to go on elsewhere.
/// </summary>
public sealed class AdapterConnection : IDisposable
{
    private const int PageSize = 500;

    private readonly IEventStore store;
    private readonly AggregateReader reader;
    private readonly AdapterHub.Subscription subscription;
    private readonly AdapterView view = new();
    private readonly List<StoredEvent> missed = [];
    private LogPosition replayedTo;

    private AdapterConnection(IEventStore store, AggregateReader reader, AdapterHub.Subscription subscription)
    {
        this.store = store;
        this.reader = reader;
        this.subscription = subscription;
    }

    /// <summary>What is in hand at <see cref="From"/>.</summary>
    public IReadOnlyCollection<SessionInHand> Sessions { get; private set; } = [];

    /// <summary>Updates begin after this position.</summary>
    public LogPosition From { get; private set; }

    /// <summary>Connects an agent's adapter.</summary>
    /// <param name="hub">This node's hub.</param>
    /// <param name="store">The log.</param>
    /// <param name="reader">States of agents and consumers.</param>
    /// <param name="agentId">Whose.</param>
    /// <param name="after">The last position it saw, or null to start from what is in hand now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<AdapterConnection> OpenAsync(
        AdapterHub hub, IEventStore store, AggregateReader reader, Guid agentId, LogPosition? after, CancellationToken cancellationToken)
    {
        var connection = new AdapterConnection(store, reader, hub.Subscribe(Aggregates.Agent.Stream(agentId)));
        try
        {
            await connection.CatchUpAsync(agentId, after, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Every update after <see cref="From"/>, in order, until cancelled. To be read once.</summary>
    /// <exception cref="AdapterTooSlowException">The reader fell too far behind.</exception>
    public async IAsyncEnumerable<AdapterUpdate> UpdatesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var stored in missed)
        {
            if (await TellAsync(stored, cancellationToken) is { } update)
                yield return update;
        }

        missed.Clear();
        await foreach (var stored in subscription.Events.ReadAllAsync(cancellationToken))
        {
            if (stored.Position > replayedTo && await TellAsync(stored, cancellationToken) is { } update)
                yield return update;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();

    private async Task CatchUpAsync(Guid agentId, LogPosition? after, CancellationToken cancellationToken)
    {
        var agent = await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken);
        var history = await ReadBackAsync(agent.Stream, agent.Version, after, cancellationToken);
        From = after ?? (history.Count > 0 ? history[^1].Position : LogPosition.Start);
        history.RemoveAll(e => e.Position <= From);

        var inHandNow = agent.State.Work.Select(w => w.SessionId).ToHashSet();
        var reservedSince = new HashSet<Guid>();
        var inHandThen = new HashSet<Guid>();
        foreach (var (sessionId, reserved) in history.Select(Mention).Where(m => m.SessionId != Guid.Empty))
        {
            if (reserved)
                reservedSince.Add(sessionId);
            else if (!reservedSince.Contains(sessionId))
                inHandThen.Add(sessionId);
        }

        inHandThen.UnionWith(inHandNow.Except(reservedSince));
        replayedTo = subscription.Follow(inHandNow);
        await CollectMissedAsync(history, agent.Version, inHandThen.Union(reservedSince), cancellationToken);
        foreach (var sessionId in inHandThen)
            view.Take(await SessionAtAsync(sessionId, From, cancellationToken));
        Sessions = [.. view.Sessions];
        if (From > replayedTo)
            replayedTo = From;
    }

    /// <summary>Everything between what the adapter saw and what the hub gives, of the agent and its sessions.</summary>
    private async Task CollectMissedAsync(
        List<StoredEvent> history, long agentVersion, IEnumerable<Guid> sessionIds, CancellationToken cancellationToken)
    {
        if (replayedTo <= From)
            return;
        missed.AddRange(history);
        missed.AddRange(await store.ReadStreamAsync(subscription.Agent, agentVersion, PageSize, cancellationToken));
        foreach (var sessionId in sessionIds)
        {
            missed.AddRange(await ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken));
            missed.AddRange(await ReadAllAsync(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), cancellationToken));
        }

        missed.RemoveAll(e => e.Position <= From || e.Position > replayedTo);
        missed.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    private async ValueTask<AdapterUpdate?> TellAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (stored.Data is AgentReserved reserved)
            view.Take(await SessionAtAsync(reserved.SessionId, stored.Position, cancellationToken));
        var update = view.Tell(stored);
        if (update is WorkDone done)
            subscription.Forget(done.SessionId);
        else if (update is OfferClosed closed)
            subscription.Forget(closed.SessionId);
        return update;
    }

    private async Task<SessionInHand> SessionAtAsync(Guid sessionId, LogPosition at, CancellationToken cancellationToken)
    {
        var session = new SessionInHand();
        foreach (var stored in await ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
        {
            if (stored.Position > at)
                break;
            session = session.Apply((SessionEvent)stored.Data);
        }

        var consumer = await reader.LoadAsync(Aggregates.Consumer, session.ConsumerId, cancellationToken);
        return session with { ConsumerName = consumer.State.Name };
    }

    private async Task<List<StoredEvent>> ReadAllAsync(StreamId stream, CancellationToken cancellationToken)
    {
        List<StoredEvent> all = [];
        IReadOnlyList<StoredEvent> page;
        do
        {
            page = await store.ReadStreamAsync(stream, all.Count, PageSize, cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == PageSize);
        return all;
    }

    /// <summary>An agent's stream is long: only its end is read, from the first event after a position on.</summary>
    private async Task<List<StoredEvent>> ReadBackAsync(StreamId stream, long version, LogPosition? after, CancellationToken cancellationToken)
    {
        List<StoredEvent> events = [];
        for (var before = version; before > 0; before -= Math.Min(before, PageSize))
        {
            var count = (int)Math.Min(before, PageSize);
            events.InsertRange(0, await store.ReadStreamAsync(stream, before - count, count, cancellationToken));
            if (after is null || events[0].Position <= after)
                break;
        }

        return events;
    }

    private static (Guid SessionId, bool Reserved) Mention(StoredEvent stored) => stored.Data switch
    {
        AgentReserved e => (e.SessionId, true),
        AgentReservationReleased e => (e.SessionId, false),
        AgentEngaged e => (e.SessionId, false),
        AgentWrapUpStarted e => (e.SessionId, false),
        AgentFreed e => (e.SessionId, false),
        _ => (Guid.Empty, false),
    };
}
