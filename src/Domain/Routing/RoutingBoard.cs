using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using Place = (System.DateTimeOffset QueuedAt, System.Guid SessionId);

namespace ContactCenter.Domain.Routing;

/// <summary>Who is asked next for which session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="QueueId">The queue it waits in.</param>
public sealed record Match(Guid SessionId, Guid AgentId, Guid QueueId);

/// <summary>
/// The policy that decides who is asked next: the longest waiting session first, and for it the longest idle agent of
/// its queue (ADR 0011). It is the fold of the session, agent and queue events, in memory; events of one stream have
/// to come in order, streams in any. Each event costs a few look-ups, whatever the number waiting. Not thread-safe.
/// </summary>
public sealed class RoutingBoard
{
    private readonly Dictionary<Guid, Contact> contacts = [];
    private readonly Dictionary<Line, SortedSet<Place>> lines = [];
    private readonly Dictionary<Guid, Agent> agents = [];
    private readonly Dictionary<Guid, HashSet<Guid>> members = [];
    private readonly HashSet<Guid> freeForCalls = [];
    private readonly HashSet<Guid> freeForChats = [];
    private readonly SortedSet<DateTimeOffset> pauseEnds = [];

    /// <summary>Sessions that wait and are not being offered.</summary>
    public int Waiting => lines.Values.Sum(l => l.Count);

    /// <summary>Folds one more event; those it does not need change nothing.</summary>
    public void Apply(IDomainEvent happened)
    {
        switch (happened)
        {
            case SessionEvent e:
                Apply(e);
                break;
            case AgentEvent e:
                Take(agents.GetValueOrDefault(e.AgentId, Agent.Initial with { Id = e.AgentId }).Apply(e));
                break;
            case QueueMemberAdded e:
                MembersOf(e.QueueId).Add(e.AgentId);
                break;
            case QueueMemberRemoved e:
                MembersOf(e.QueueId).Remove(e.AgentId);
                break;
        }
    }

    /// <summary>
    /// The offers to make now, the longest waiting session first. Each takes its place of the agent's capacity for
    /// those after it. A session without an eligible agent holds up nobody, nor does one that its agents let go a moment
    /// ago. Asking again before the offers have become events gives the same answer.
    /// </summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<Match> NextMatches(int limit, DateTimeOffset now)
    {
        var matches = new List<Match>();
        var candidates = new Candidates(EligibleFor);
        var heads = new PriorityQueue<(Line Line, IEnumerator<Place> Behind), Place>();
        foreach (var (line, waiting) in lines)
            EnqueueNext(heads, line, waiting.GetEnumerator());

        while (matches.Count < limit && heads.TryDequeue(out var head, out var place))
        {
            var contact = contacts[place.SessionId];
            if (candidates.Take(head.Line, contact.AvoidedAgentId, agent => contact.IsLetAloneBy(agent, now)) is { } agentId)
                matches.Add(new Match(place.SessionId, agentId, head.Line.QueueId));
            else if (!candidates.HasAny(head.Line))
                continue; // Nobody is left for this line, and places only get fewer: the lines behind go on.
            EnqueueNext(heads, head.Line, head.Behind);
        }

        return matches;
    }

    /// <summary>
    /// When to ask again although nothing happened: an agent's pause for a session they let go is over then. Null if there
    /// is none; it may be of a session that is gone.
    /// </summary>
    /// <param name="now">The time of the last answer.</param>
    public DateTimeOffset? NextPauseEnd(DateTimeOffset now)
    {
        pauseEnds.RemoveWhere(end => end <= now);
        return pauseEnds.Count == 0 ? null : pauseEnds.Min;
    }

    /// <summary>Forgets a session, to be told its events again from the first.</summary>
    public void Forget(Guid sessionId)
    {
        if (contacts.Remove(sessionId, out var contact))
            Leave(contact);
    }

    /// <summary>
    /// Takes an agent as they are by now, in place of what their events so far came to: streams of agents are long, and
    /// only their outcome matters.
    /// </summary>
    public void Take(Agent agent)
    {
        agents[agent.Id] = agent;
        foreach (var kind in (ReadOnlySpan<SessionKind>)[SessionKind.Call, SessionKind.Chat])
        {
            if (agent.TakesOffers && agent.Free(kind) > 0)
                FreeFor(kind).Add(agent.Id);
            else
                FreeFor(kind).Remove(agent.Id);
        }
    }

    private static void EnqueueNext(PriorityQueue<(Line Line, IEnumerator<Place> Behind), Place> heads, Line line, IEnumerator<Place> behind)
    {
        if (behind.MoveNext())
            heads.Enqueue((line, behind), behind.Current);
    }

    private void Apply(SessionEvent happened)
    {
        switch (happened)
        {
            case SessionRequested e:
                contacts[e.SessionId] = new Contact { Kind = e.Kind, Channel = e.Channel };
                break;
            case SessionQueued e when contacts.TryGetValue(e.SessionId, out var contact):
                contact.QueueId = e.QueueId;
                contact.Place = (e.QueuedAt, e.SessionId);
                Join(contact);
                break;
            case SessionOffered e when contacts.TryGetValue(e.SessionId, out var contact):
                Leave(contact);
                break;
            case OfferFailed e when contacts.TryGetValue(e.SessionId, out var contact):
                pauseEnds.Add(contact.LetGoBy(e.AgentId, e.FailedAt));
                Join(contact);
                break;
            case SessionReturned e when contacts.TryGetValue(e.SessionId, out var contact):
                contact.GoesOnFrom(e.FromAgentId);
                Join(contact);
                break;
            case SessionTransferred e when contacts.TryGetValue(e.SessionId, out var contact):
                contact.GoesOnFrom(e.FromAgentId);
                break;
            case SessionEnded e when contacts.Remove(e.SessionId, out var contact):
                Leave(contact);
                break;
        }
    }

    private void Join(Contact contact)
    {
        if (!lines.TryGetValue(contact.Line, out var line))
            lines[contact.Line] = line = [];
        line.Add(contact.Place);
    }

    private void Leave(Contact contact)
    {
        if (lines.TryGetValue(contact.Line, out var line) && line.Remove(contact.Place) && line.Count == 0)
            lines.Remove(contact.Line);
    }

    private IEnumerable<Agent> EligibleFor(Line line)
    {
        var inQueue = MembersOf(line.QueueId);
        var free = FreeFor(line.Kind);
        var (fewer, more) = inQueue.Count < free.Count ? (inQueue, free) : (free, inQueue);
        return fewer.Where(more.Contains).Select(id => agents[id]).Where(a => a.CanTake(line.Kind, line.Channel));
    }

    private HashSet<Guid> FreeFor(SessionKind kind) => kind == SessionKind.Call ? freeForCalls : freeForChats;

    private HashSet<Guid> MembersOf(Guid queueId)
    {
        if (!members.TryGetValue(queueId, out var set))
            members[queueId] = set = [];
        return set;
    }

    /// <summary>What the board remembers of a live session.</summary>
    private sealed class Contact
    {
        private Dictionary<Guid, (DateTimeOffset At, int Times)>? letGo;

        public required SessionKind Kind { get; init; }

        public required Channel Channel { get; init; }

        public Guid QueueId { get; set; }

        public Place Place { get; set; }

        /// <summary>Who just let it go: asked again only if nobody else can be.</summary>
        public Guid? AvoidedAgentId { get; private set; }

        public Line Line => new(QueueId, Kind, Channel);

        /// <summary>An agent let it go, and has a pause from it; answers until when.</summary>
        public DateTimeOffset LetGoBy(Guid agentId, DateTimeOffset at)
        {
            AvoidedAgentId = agentId;
            letGo ??= [];
            var times = letGo.GetValueOrDefault(agentId).Times + 1;
            letGo[agentId] = (at, times);
            return at + OfferPause.After(times);
        }

        /// <summary>It was given to a queue, where it is asked for anew.</summary>
        public void GoesOnFrom(Guid agentId)
        {
            AvoidedAgentId = agentId;
            letGo = null;
        }

        /// <summary>True during an agent's pause from it. Who went and came back since is asked at once.</summary>
        public bool IsLetAloneBy(Agent agent, DateTimeOffset now) =>
            letGo is not null && letGo.TryGetValue(agent.Id, out var last)
            && agent.PresenceSince <= last.At && now < last.At + OfferPause.After(last.Times);
    }
}
