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
/// happens, from the hub. The sequence number of each update is enough to go on elsewhere.
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
    private int nextMissed;
    private LogPosition replayedTo;
    private AdapterSequence sequence;

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

    /// <summary>Updates begin after this one.</summary>
    public AdapterSequence From { get; private set; }

    /// <summary>Connects an agent's adapter.</summary>
    /// <param name="hub">This node's hub.</param>
    /// <param name="store">The log.</param>
    /// <param name="reader">States of agents and consumers.</param>
    /// <param name="configuration">Which queues are the agent's.</param>
    /// <param name="agentId">Whose.</param>
    /// <param name="after">The last one it saw; <see cref="AdapterSequence.Start"/> for everything since the agent
    /// signed in; null, or one that is not found again, to start from what is in hand now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UnknownSequenceException">The agent has not come to that one.</exception>
    /// <exception cref="EventStoreUnavailableException">This node is too far behind.</exception>
    public static async Task<AdapterConnection> OpenAsync(
        AdapterHub hub, IEventStore store, AggregateReader reader, ICenterConfiguration configuration, Guid agentId, AdapterSequence? after,
        CancellationToken cancellationToken)
    {
        if (after is { Value: > 0, AgentVersion: <= 0 })
            after = null;
        while (true)
        {
            var connection = new AdapterConnection(store, reader, configuration, agentId, hub.Subscribe(Aggregates.Agent.Stream(agentId)));
            var goesOn = false;
            try
            {
                goesOn = await connection.CatchUpAsync(hub, after, cancellationToken);
            }
            finally
            {
                if (!goesOn)
                    connection.Dispose();
            }

            if (goesOn)
                return connection;
            after = null;
        }
    }

    /// <summary>Every update after <see cref="From"/>, in order, until cancelled. To be read once.</summary>
    /// <exception cref="AdapterTooSlowException">The reader fell too far behind.</exception>
    public async IAsyncEnumerable<AdapterUpdate> UpdatesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } update)
            yield return update;
    }

    /// <inheritdoc/>
    public void Dispose() => subscription.Dispose();

    /// <summary>Reads what was missed; false if what the adapter saw last is not found there.</summary>
    private async Task<bool> CatchUpAsync(AdapterHub hub, AdapterSequence? after, CancellationToken cancellationToken)
    {
        var agent = await reader.LoadFreshAsync(Aggregates.Agent, agentId, cancellationToken);
        var seen = after?.Value > 0 ? after : null;
        if (seen?.AgentVersion > agent.Version)
            throw new UnknownSequenceException();
        var history = seen is { } last
            ? (await ReadOnAsync(agent.Stream, last.AgentVersion - 1, cancellationToken)).FindAll(e => e.Version <= agent.Version)
            : await ReadBackAsync(agent.Stream, agent.Version, after is null ? null : LogPosition.Start, cancellationToken);
        var begins = seen is not null ? history[0] : after is null ? BeforeOffers(history, agent.State) : SignInOf(history);
        sequence = AdapterSequence.Of(begins?.Version ?? 0);
        var from = begins?.Position ?? LogPosition.Start;
        if (!await hub.HasReachedAsync(history.Count > 0 ? history[^1].Position : from, cancellationToken))
            throw new EventStoreUnavailableException("This node is too far behind the log.");

        // From here on the hub gives what concerns these sessions; everything before is in the log to be read.
        var boxes = await BoxesAsync(cancellationToken);
        var inHandNow = agent.State.Work.Select(w => w.SessionId).ToHashSet();
        replayedTo = subscription.Follow(inHandNow);
        history.AddRange(await ReadOnAsync(agent.Stream, agent.Version, cancellationToken));
        history.RemoveAll(e => e.Position <= from || e.Position > replayedTo);
        var (inHandThen, since) = SessionsOf(history, inHandNow);
        history.AddRange(await MissedInBoxesAsync(boxes, from, startsAnew: seen is null, cancellationToken));
        await CollectMissedAsync(history, inHandThen.Union(since), from, cancellationToken);
        foreach (var sessionId in inHandThen)
            view.Take(await SessionAtAsync(sessionId, from, cancellationToken));
        From = seen ?? sequence;
        var isFound = await SkipSeenAsync(hub, cancellationToken);
        Sessions = [.. view.Sessions];
        Voicemails = [.. view.Voicemails.TakeLast(MostVoicemails)];
        return isFound;
    }

    /// <summary>
    /// Goes through what the adapter was told since the agent's own event that its number begins with. They are others than
    /// then where the agent's queues have changed, by voicemails: then where it was is not found.
    /// </summary>
    private async Task<bool> SkipSeenAsync(AdapterHub hub, CancellationToken cancellationToken)
    {
        using var patience = hub.Patient();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            while (sequence.Count < From.Count && await NextAsync(either.Token) is not null)
            {
                // Seen.
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing more came that they could have seen.
        }

        return sequence == From;
    }

    /// <summary>The next update: of what was missed, then of what happens; null once nothing comes any more.</summary>
    private async ValueTask<AdapterUpdate?> NextAsync(CancellationToken cancellationToken)
    {
        while (nextMissed < missed.Count)
        {
            if (await TellAsync(missed[nextMissed++], cancellationToken) is { } update)
                return update;
        }

        missed.Clear();
        nextMissed = 0;
        while (await subscription.Events.WaitToReadAsync(cancellationToken))
        {
            while (subscription.Events.TryRead(out var stored))
            {
                if (stored.Position > replayedTo && await TellAsync(stored, cancellationToken) is { } update)
                    return update;
            }
        }

        return null;
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

    /// <summary>What came and went meanwhile; who starts from nothing is shown what waited already.</summary>
    private async Task<List<StoredEvent>> MissedInBoxesAsync(List<Versioned<VoicemailBox>> boxes, LogPosition from, bool startsAnew, CancellationToken cancellationToken)
    {
        List<StoredEvent> events = [];
        foreach (var (stream, box, version) in boxes)
        {
            var since = await ReadBackAsync(stream, version, from, cancellationToken);
            since.RemoveAll(e => e.Position <= from);
            if (startsAnew)
            {
                foreach (var waiting in box.Waiting.Values.Except(since.Select(e => e.Data).OfType<VoicemailReceived>()))
                    view.Take(waiting);
            }

            events.AddRange(since);
            events.AddRange(await ReadOnAsync(stream, version, cancellationToken));
        }

        events.RemoveAll(e => e.Position > replayedTo);
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
    private async Task CollectMissedAsync(List<StoredEvent> history, IEnumerable<Guid> sessionIds, LogPosition from, CancellationToken cancellationToken)
    {
        if (replayedTo <= from)
            return;
        missed.AddRange(history);
        foreach (var sessionId in sessionIds)
        {
            missed.AddRange(await ReadOnAsync(Aggregates.Session.Stream(sessionId), 0, cancellationToken));
            missed.AddRange(await ReadOnAsync(Aggregates.Recording.Stream(RecordingId.Of(sessionId)), 0, cancellationToken));
        }

        missed.RemoveAll(e => e.Position <= from || e.Position > replayedTo);
        missed.Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    private async ValueTask<AdapterUpdate?> TellAsync(StoredEvent stored, CancellationToken cancellationToken)
    {
        if (stored.Data is AgentReserved reserved)
            view.Take(await SessionAtAsync(reserved.SessionId, stored.Position, cancellationToken));
        else if (stored.Data is AgentTookOver taken)
            view.Take(await SessionAtAsync(taken.SessionId, stored.Position, cancellationToken));
        if (stored.Data is AgentEvent)
            sequence = AdapterSequence.Of(stored.Version);
        if (view.Tell(stored) is not { } update)
            return null;
        if (stored.Data is not AgentEvent)
            sequence = sequence.Next(stored.Version);
        return update with { Sequence = sequence };
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

    /// <summary>The last event; with an offer open, the one before that: an offer is told as one, also to whom it was made before they could be told.</summary>
    private static StoredEvent? BeforeOffers(List<StoredEvent> history, Agent agent)
    {
        var open = agent.Work.Where(w => w.Phase == WorkPhase.Reserved).Select(w => w.OfferId).ToHashSet();
        var first = history.FindIndex(e => e.Data is AgentReserved reserved && open.Contains(reserved.OfferId));
        return first > 0 ? history[first - 1] : history.LastOrDefault();
    }

    /// <summary>By which the agent came last; a sign-in while there only changes the capacity.</summary>
    private static StoredEvent? SignInOf(List<StoredEvent> history)
    {
        var (came, isThere) = ((StoredEvent?)null, false);
        foreach (var stored in history.Where(e => e.Data is AgentSignedIn or AgentSignedOut))
        {
            if (stored.Data is AgentSignedIn && !isThere)
                came = stored;
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
