using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// One adapter's way through the log: what it missed, read from the streams of its agent and sessions, then what
/// happens, from the hub. The position of each update is enough to go on elsewhere.
/// </summary>
public sealed class AdapterConnection : IDisposable
{
    private const int PageSize = 500;
    private const int MostVoicemails = 200;

    private readonly IEventStore store;
    private readonly AggregateReader reader;
    private readonly Guid agentId;
    private readonly ICenterConfiguration configuration;
    private readonly AdapterHub.Subscription subscription;
    private readonly AdapterView view = new();
    private readonly List<StoredEvent> missed = [];
    private LogPosition replayedTo;

    private AdapterConnection(
        IEventStore store, AggregateReader reader, ICenterConfiguration configuration, Guid agentId, AdapterHub.Subscription subscription)
    {
        (this.store, this.reader, this.configuration) = (store, reader, configuration);
        (this.agentId, this.subscription) = (agentId, subscription);
    }

    /// <summary>What is in hand at <see cref="From"/>.</summary>
    public IReadOnlyCollection<SessionInHand> Sessions { get; private set; } = [];

    /// <summary>For an adapter that starts from nothing: messages that wait in the agent's queues, the newest of many, oldest first.</summary>
    public IReadOnlyCollection<VoicemailReceived> Voicemails { get; private set; } = [];

    /// <summary>Updates begin after this position.</summary>
    public LogPosition From { get; private set; }

    /// <summary>Connects an agent's adapter.</summary>
    /// <param name="hub">This node's hub.</param>
    /// <param name="store">The log.</param>
    /// <param name="reader">States of agents and consumers.</param>
    /// <param name="configuration">Which queues are the agent's.</param>
    /// <param name="agentId">Whose.</param>
    /// <param name="after">The last position it saw; <see cref="LogPosition.Start"/> for everything since the agent
    /// signed in; null to start from what is in hand now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnknownSequenceException">The log has not come to that position.</exception>
    public static async Task<AdapterConnection> OpenAsync(
        AdapterHub hub, IEventStore store, AggregateReader reader, ICenterConfiguration configuration, Guid agentId, LogPosition? after,
        CancellationToken cancellationToken)
    {
        var connection = new AdapterConnection(store, reader, configuration, agentId, hub.Subscribe(Aggregates.Agent.Stream(agentId)));
        try
        {
            await connection.CatchUpAsync(hub, after, cancellationToken);
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

    private async Task CatchUpAsync(AdapterHub hub, LogPosition? after, CancellationToken cancellationToken)
    {
        var agent = await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken);
        var history = await ReadBackAsync(agent.Stream, agent.Version, after, cancellationToken);
        var known = history.Count > 0 ? history[^1].Position : LogPosition.Start;
        From = after switch
        {
            null => known,
            { Value: 0 } => SignInOf(history),
            { } last => last,
        };
        if (!await hub.HasReachedAsync(From > known ? From : known, cancellationToken))
            throw new UnknownSequenceException();

        // From here on the hub gives what concerns these sessions; everything before is in the log to be read.
        var boxes = await BoxesAsync(cancellationToken);
        var inHandNow = agent.State.Work.Select(w => w.SessionId).ToHashSet();
        replayedTo = subscription.Follow(inHandNow);
        history.AddRange(await ReadOnAsync(agent.Stream, agent.Version, cancellationToken));
        history.RemoveAll(e => e.Position <= From || e.Position > replayedTo);
        var (inHandThen, since) = SessionsOf(history, inHandNow);
        history.AddRange(await MissedInBoxesAsync(boxes, startsAnew: after is null or { Value: 0 }, cancellationToken));
        await CollectMissedAsync(history, inHandThen.Union(since), cancellationToken);
        foreach (var sessionId in inHandThen)
            view.Take(await SessionAtAsync(sessionId, From, cancellationToken));
        Sessions = [.. view.Sessions];
        Voicemails = [.. view.Voicemails.TakeLast(MostVoicemails)];
    }

    /// <summary>The voicemails of the agent's queues, followed from here on.</summary>
    private async Task<List<Versioned<VoicemailBox>>> BoxesAsync(CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(0, cancellationToken);
        var queueIds = center.Queues.Values.Where(q => q.Members.Contains(agentId)).Select(q => q.Id).ToList();
        subscription.FollowBoxes(queueIds);
        List<Versioned<VoicemailBox>> boxes = [];
        foreach (var queueId in queueIds)
            boxes.Add(await reader.LoadFreshAsync(Aggregates.VoicemailBox, queueId, cancellationToken));
        return boxes;
    }

    /// <summary>Who starts from nothing is shown what waits; who goes on is told what came and went meanwhile.</summary>
    private async Task<List<StoredEvent>> MissedInBoxesAsync(List<Versioned<VoicemailBox>> boxes, bool startsAnew, CancellationToken cancellationToken)
    {
        List<StoredEvent> events = [];
        foreach (var (stream, box, version) in boxes)
        {
            if (startsAnew)
            {
                foreach (var waiting in box.Waiting.Values)
                    view.Take(waiting);
            }
            else
            {
                events.AddRange(await ReadBackAsync(stream, version, From, cancellationToken));
            }

            events.AddRange(await ReadOnAsync(stream, version, cancellationToken));
        }

        events.RemoveAll(e => e.Position <= From || e.Position > replayedTo);
        return events;
    }

    /// <summary>Whom the agent had in hand at the beginning of these events, and who came during them.</summary>
    private static (HashSet<Guid> Then, HashSet<Guid> Since) SessionsOf(List<StoredEvent> history, HashSet<Guid> now)
    {
        HashSet<Guid> since = [];
        HashSet<Guid> then = [];
        foreach (var (sessionId, reserved) in history.Select(Mention).Where(m => m.SessionId != Guid.Empty))
        {
            if (reserved)
                since.Add(sessionId);
            else if (!since.Contains(sessionId))
                then.Add(sessionId);
        }

        then.UnionWith(now.Except(since));
        return (then, since);
    }

    /// <summary>Everything between what the adapter saw and what the hub gives, of the agent and its sessions.</summary>
    private async Task CollectMissedAsync(List<StoredEvent> history, IEnumerable<Guid> sessionIds, CancellationToken cancellationToken)
    {
        if (replayedTo <= From)
            return;
        missed.AddRange(history);
        foreach (var sessionId in sessionIds)
        {
            missed.AddRange(await ReadOnAsync(Aggregates.Session.Stream(sessionId), 0, cancellationToken));
            missed.AddRange(await ReadOnAsync(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), 0, cancellationToken));
        }

        missed.RemoveAll(e => e.Position <= From || e.Position > replayedTo);
        missed.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    private async ValueTask<AdapterUpdate?> TellAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (stored.Data is AgentReserved reserved)
            view.Take(await SessionAtAsync(reserved.SessionId, stored.Position, cancellationToken));
        else if (stored.Data is AgentTookOver taken)
            view.Take(await SessionAtAsync(taken.SessionId, stored.Position, cancellationToken));
        return view.Tell(stored);
    }

    /// <summary>What this agent knows of a session at a position: nothing of what came after the agent gave it away.</summary>
    private async Task<SessionInHand> SessionAtAsync(Guid sessionId, LogPosition at, CancellationToken cancellationToken)
    {
        var session = new SessionInHand();
        SessionInHand? left = null;
        foreach (var stored in await ReadOnAsync(Aggregates.Session.Stream(sessionId), 0, cancellationToken))
        {
            if (stored.Position > at)
                break;
            var happened = (SessionEvent)stored.Data;
            session = session.Apply(happened);
            left = happened switch
            {
                SessionTransferred e when e.FromAgentId == agentId => session.Leave(),
                SessionReturned e when e.FromAgentId == agentId => session.Leave(),
                SessionTakenOver e when e.FromAgentId == agentId => (session with { OfferId = e.FromOfferId }).Leave(),
                SessionTakenOver e when e.AgentId == agentId => null,
                TransferredOutside e when e.FromAgentId == agentId => session.Leave(),
                ConsultationStarted e when e.AgentId == agentId => null,
                ConsultationEnded e when e.AgentId == agentId => (session with { OfferId = e.ConsultationId }).Leave(),
                ConsultationCompleted e when e.FromAgentId == agentId => (session with { OfferId = e.FromOfferId }).Leave(),
                SessionOffered e when e.AgentId == agentId => null,
                _ => left?.Apply(happened),
            };
        }

        session = left ?? session.For(agentId);
        var consumer = await reader.LoadAsync(Aggregates.Consumer, session.ConsumerId, cancellationToken);
        return session with { ConsumerName = consumer.State.Name };
    }

    private ValueTask<List<StoredEvent>> ReadOnAsync(StreamId stream, long afterVersion, CancellationToken cancellationToken) =>
        store.ReadOnAsync(stream, afterVersion, cancellationToken).ToListAsync(cancellationToken);

    /// <summary>
    /// An agent's stream is long: only its end is read, back to a position, or to the agent's last absence where that is
    /// <see cref="LogPosition.Start"/>.
    /// </summary>
    private async Task<List<StoredEvent>> ReadBackAsync(StreamId stream, long version, LogPosition? after, CancellationToken cancellationToken)
    {
        List<StoredEvent> events = [];
        for (var before = version; before > 0; before -= Math.Min(before, PageSize))
        {
            var count = (int)Math.Min(before, PageSize);
            events.InsertRange(0, await store.ReadStreamAsync(stream, before - count, count, cancellationToken));
            if (after is null || events[0].Position <= after || (after == LogPosition.Start && events.Exists(e => e.Data is AgentSignedOut)))
                break;
        }

        return events;
    }

    /// <summary>When the agent came last; a sign-in while there only changes the capacity.</summary>
    private static LogPosition SignInOf(List<StoredEvent> history)
    {
        var (came, isThere) = (LogPosition.Start, false);
        foreach (var stored in history.Where(e => e.Data is AgentSignedIn or AgentSignedOut))
        {
            if (stored.Data is AgentSignedIn && !isThere)
                came = stored.Position;
            isThere = stored.Data is AgentSignedIn;
        }

        return came;
    }

    private static (Guid SessionId, bool Reserved) Mention(StoredEvent stored) => stored.Data switch
    {
        AgentReserved e => (e.SessionId, true),
        AgentTookOver e => (e.SessionId, true),
        AgentReservationReleased e => (e.SessionId, false),
        AgentEngaged e => (e.SessionId, false),
        AgentWrapUpStarted e => (e.SessionId, false),
        AgentFreed e => (e.SessionId, false),
        _ => (Guid.Empty, false),
    };
}
