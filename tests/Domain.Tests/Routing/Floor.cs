using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Routing;
using ContactCenter.Domain.Sessions;
using Match = ContactCenter.Domain.Routing.Match;

namespace ContactCenter.Domain.Tests.Routing;

/// <summary>A contact center run by numbers: each says what happens next, decided by the real deciders and folded by the board.</summary>
internal sealed class Floor
{
    private const int Queues = 3;
    private const int Agents = 5;
    private int arrivals;

    public DateTimeOffset Now { get; private set; } = Spec.T0;

    public RoutingBoard Board { get; } = new();

    /// <summary>Every event of every stream, in order.</summary>
    public Dictionary<Guid, List<IDomainEvent>> Streams { get; } = [];

    public Dictionary<Guid, Session> Sessions { get; } = [];

    public Dictionary<Guid, Agent> People { get; } = [];

    public HashSet<(Guid Queue, Guid Agent)> Members { get; } = [];

    public Dictionary<Guid, Guid?> Avoided { get; } = [];

    /// <summary>When which agent let which session go, since it was last given to a queue.</summary>
    public Dictionary<(Guid Session, Guid Agent), List<DateTimeOffset>> LetGo { get; } = [];

    public static Floor After(IEnumerable<int> script)
    {
        var floor = new Floor();
        foreach (var number in script)
            floor.Step(number);
        return floor;
    }

    /// <summary>Whether an agent is not asked for a session now: 15 s after letting it go, twice as long each time, at most 4 min.</summary>
    public bool IsResting(Guid sessionId, Agent agent) =>
        LetGo.TryGetValue((sessionId, agent.Id), out var times)
        && agent.PresenceSince <= times[^1]
        && (Now - times[^1]).TotalSeconds < Math.Min(240, 15 * Math.Pow(2, times.Count - 1));

    /// <summary>
    /// Everybody works until nothing is offered any more, each agent declining each session so many times first. Time goes
    /// on only to the next end of a pause.
    /// </summary>
    public void WorkOff(int declines)
    {
        var limit = 50 + (Sessions.Count * Agents * (declines + 1) * 2);
        for (var rounds = 0; rounds < limit; rounds++)
        {
            if (Route(100).Count == 0)
            {
                if (Board.NextPauseEnd(Now) is not { } next)
                    return;
                Now = next;
            }

            foreach (var s in Sessions.Values.Where(s => s.Status == SessionStatus.Offered).ToList())
            {
                if (Now >= s.OfferExpiresAt)
                    Expire(s);
                else if (LetGo.GetValueOrDefault((s.Id, s.AgentId!.Value), []).Count < declines)
                    Decline(s);
                else
                    Serve(s);
            }
        }

        throw new InvalidOperationException("It never ends.");
    }

    /// <summary>Offers what the board says; each offer has to be possible.</summary>
    public IReadOnlyList<Match> Route(int limit)
    {
        var matches = Board.NextMatches(limit, Now);
        foreach (var match in matches)
        {
            var offerId = Spec.Id(900_000 + Streams.Values.Sum(s => s.Count));
            var session = Sessions[match.SessionId];
            Agent(match.AgentId, a => AgentDecider.Reserve(a, session.Id, offerId, session.Kind, session.Channel, Now)).ShouldBeTrue();
            Session(session.Id, s => SessionDecider.Offer(s, offerId, match.AgentId, Preparation.None, TimeSpan.FromSeconds(30), Now)).ShouldBeTrue();
        }

        return matches;
    }

    private void Step(int number)
    {
        Now = Now.AddSeconds(number % 3); // Some things happen at one instant.
        var pick = number / 16;
        Action step = (number % 16) switch
        {
            < 5 => () => Arrive(pick),
            5 or 6 => () => Agent(Person(pick), a => AgentDecider.SignIn(a, Person(pick), new Capacity(pick % 2, 1 + (pick % 3)), [Channel.Web, Channel.Mobile], Now)),
            7 => () => Agent(Person(pick), a => a.Presence == Presence.Paused ? AgentDecider.MakeAvailable(a, Now) : AgentDecider.Pause(a, "break", Domain.Settings.AgentStatuses.None, Now)),
            8 => () => Agent(Person(pick), a => AgentDecider.SignOut(a, "signed_out", Now)),
            9 or 10 => () => ToggleMember(pick),
            11 => () => Route(1 + (pick % 5)),
            12 => () => Answer(pick),
            13 => () => WithOne(pick, SessionStatus.Offered, pick % 2 == 0 ? Decline : Expire),
            14 => () => End(pick),
            _ => () => Transfer(pick),
        };
        step();
    }

    private static Guid Person(int pick) => Spec.Id(100 + (pick % Agents));

    private static Guid QueueId(int pick) => Spec.Id(1 + (pick % Queues));

    private void Arrive(int pick)
    {
        var kind = pick % 2 == 0 ? SessionKind.Call : SessionKind.Chat;
        var sessionId = Spec.Id(1_000 + arrivals++);
        var request = new SessionRequest(
            sessionId, kind, Channel.Web, Spec.Id(9), "en", RecordingConsent.NotAsked, new Dictionary<string, string>(), CustomerFlags.None, Voice: null);
        Sessions[sessionId] = Domain.Sessions.Session.Initial;
        Session(sessionId, s => SessionDecider.Request(s, request, QueueNumber(pick / 2), Now));
    }

    private void ToggleMember(int pick)
    {
        var (queueId, agentId) = (QueueId(pick), Person(pick / Queues));
        var isNew = Members.Add((queueId, agentId));
        if (!isNew)
            Members.Remove((queueId, agentId));
        Happened(queueId, isNew ? new QueueMemberAdded(queueId, agentId, Now) : new QueueMemberRemoved(queueId, agentId, Now));
    }

    private void Answer(int pick) => WithOne(pick, SessionStatus.Offered, s =>
    {
        if (Session(s.Id, x => SessionDecider.Accept(x, s.OfferId!.Value, s.AgentId!.Value, Now)))
            Agent(s.AgentId!.Value, a => AgentDecider.Engage(a, s.Id, s.OfferId!.Value, Now));
    });

    private void Decline(Session s)
    {
        Session(s.Id, x => SessionDecider.Decline(x, s.OfferId!.Value, s.AgentId!.Value, Now));
        LetGoBy(s, OfferOutcome.Declined);
    }

    private void Expire(Session s)
    {
        Now = Now > s.OfferExpiresAt ? Now : s.OfferExpiresAt;
        Session(s.Id, x => SessionDecider.FailOffer(x, s.OfferId!.Value, OfferOutcome.Expired, Now));
        LetGoBy(s, OfferOutcome.Expired);
    }

    private void LetGoBy(Session s, OfferOutcome outcome)
    {
        var agentId = s.AgentId!.Value;
        Agent(agentId, a => AgentDecider.Release(a, s.Id, s.OfferId!.Value, outcome, Now));
        Avoided[s.Id] = agentId;
        if (!LetGo.TryGetValue((s.Id, agentId), out var times))
            LetGo[(s.Id, agentId)] = times = [];
        times.Add(Now);
    }

    private void Serve(Session s)
    {
        Session(s.Id, x => SessionDecider.Accept(x, s.OfferId!.Value, s.AgentId!.Value, Now)).ShouldBeTrue();
        Agent(s.AgentId!.Value, a => AgentDecider.Engage(a, s.Id, s.OfferId!.Value, Now));
        Session(s.Id, x => SessionDecider.End(x, SessionParty.Agent, s.AgentId, "completed", Now));
        Agent(s.AgentId!.Value, a => AgentDecider.StartWrapUp(a, s.Id, TimeSpan.Zero, Now));
    }

    private void End(int pick) => WithOne(pick, SessionStatus.Connected, s =>
    {
        Session(s.Id, x => SessionDecider.End(x, SessionParty.Agent, s.AgentId, "completed", Now));
        Agent(s.AgentId!.Value, a => AgentDecider.StartWrapUp(a, s.Id, TimeSpan.FromSeconds(pick % 3), Now));
    });

    private void Transfer(int pick) => WithOne(pick, SessionStatus.Connected, s =>
    {
        Session(s.Id, x => SessionDecider.Transfer(x, s.AgentId!.Value, QueueNumber(pick), Now));
        Agent(s.AgentId!.Value, a => AgentDecider.StartWrapUp(a, s.Id, TimeSpan.FromSeconds(pick % 3), Now));
        Avoided[s.Id] = s.AgentId;
        foreach (var key in LetGo.Keys.Where(k => k.Session == s.Id).ToList())
            LetGo.Remove(key);
    });

    private void WithOne(int pick, SessionStatus status, Action<Session> then)
    {
        var candidates = Sessions.Values.Where(s => s.Status == status).OrderBy(s => s.Id).ToList();
        if (candidates.Count > 0)
            then(candidates[pick % candidates.Count]);
    }

    private bool Session(Guid id, Func<Session, Decision<SessionEvent>> decide)
    {
        var decision = decide(Sessions[id]);
        foreach (var happened in decision.Events)
        {
            Sessions[id] = Sessions[id].Apply(happened);
            Happened(id, happened);
        }

        return decision.Events.Count > 0;
    }

    private bool Agent(Guid id, Func<Agent, Decision<AgentEvent>> decide)
    {
        var decision = decide(People.GetValueOrDefault(id, Domain.Agents.Agent.Initial));
        foreach (var happened in decision.Events)
        {
            People[id] = People.GetValueOrDefault(id, Domain.Agents.Agent.Initial).Apply(happened);
            Happened(id, happened);
        }

        return decision.Events.Count > 0;
    }

    private void Happened(Guid stream, IDomainEvent happened)
    {
        if (!Streams.TryGetValue(stream, out var events))
            Streams[stream] = events = [];
        events.Add(happened);
        Board.Apply(happened);
    }

    private static Queue QueueNumber(int pick) =>
        Queue.Initial with { Id = QueueId(pick), Name = "Billing", Channel = Channel.Web, Path = ["Billing"] };
}
