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
                Apply(e);
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
    /// those after it. A session without an eligible agent holds up nobody. Asking again before the offers have become
    /// events gives the same answer.
    /// </summary>
    /// <param name="limit">At most so many.</param>
    public IReadOnlyList<Match> NextMatches(int limit)
    {
        var matches = new List<Match>();
        var candidates = new Candidates(EligibleFor);
        var heads = new PriorityQueue<(Line Line, IEnumerator<Place> Behind), Place>();
        foreach (var (line, waiting) in lines)
            EnqueueNext(heads, line, waiting.GetEnumerator());

        while (matches.Count < limit && heads.TryDequeue(out var head, out var place))
        {
            var avoided = contacts[place.SessionId].AvoidedAgentId;
            if (candidates.Take(head.Line, avoided) is not { } agentId)
                continue; // Nobody is left for this line, and places only get fewer: the lines behind go on.
            matches.Add(new Match(place.SessionId, agentId, head.Line.QueueId));
            EnqueueNext(heads, head.Line, head.Behind);
        }

        return matches;
    }

    /// <summary>Forgets a session or an agent, to be told its events again from the first.</summary>
    public void Forget(Guid sessionOrAgentId)
    {
        if (contacts.Remove(sessionOrAgentId, out var contact))
            Leave(contact);
        agents.Remove(sessionOrAgentId);
        freeForCalls.Remove(sessionOrAgentId);
        freeForChats.Remove(sessionOrAgentId);
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
                contact.AvoidedAgentId = e.AgentId;
                Join(contact);
                break;
            case SessionReturned e when contacts.TryGetValue(e.SessionId, out var contact):
                contact.AvoidedAgentId = e.FromAgentId;
                Join(contact);
                break;
            case SessionTransferred e when contacts.TryGetValue(e.SessionId, out var contact):
                contact.AvoidedAgentId = e.FromAgentId;
                break;
            case SessionEnded e when contacts.Remove(e.SessionId, out var contact):
                Leave(contact);
                break;
        }
    }

    private void Apply(AgentEvent happened)
    {
        var agent = agents.GetValueOrDefault(happened.AgentId, Agent.Initial).Apply(happened);
        agents[happened.AgentId] = agent;
        foreach (var kind in (ReadOnlySpan<SessionKind>)[SessionKind.Call, SessionKind.Chat])
        {
            if (agent.Presence == Presence.Available && agent.Free(kind) > 0)
                FreeFor(kind).Add(agent.Id);
            else
                FreeFor(kind).Remove(happened.AgentId);
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
        public required SessionKind Kind { get; init; }

        public required Channel Channel { get; init; }

        public Guid QueueId { get; set; }

        public Place Place { get; set; }

        /// <summary>Who just let it go: asked again only if nobody else can be.</summary>
        public Guid? AvoidedAgentId { get; set; }

        public Line Line => new(QueueId, Kind, Channel);
    }
}
