using System.Runtime.InteropServices;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using Rank = (int Load, System.DateTimeOffset IdleSince, System.Guid AgentId);

namespace ContactCenter.Domain.Routing;

/// <summary>Sessions that the same agents are eligible for: one queue, one kind, one channel.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Line(Guid QueueId, SessionKind Kind, Channel Channel);

/// <summary>
/// The agents of one round of matching, with the places that earlier matches of the round have taken. Who has nothing
/// in hand comes first, the longest idle before the others; then who has least in hand.
/// </summary>
/// <param name="eligibleFor">The agents that can take a session of a line as the round begins.</param>
internal sealed class Candidates(Func<Line, IEnumerable<Agent>> eligibleFor)
{
    private readonly Dictionary<Line, PriorityQueue<Candidate, Rank>> byLine = [];
    private readonly Dictionary<Guid, Candidate> byAgent = [];

    /// <summary>True while an agent has a place for sessions of a line that an earlier session did not take.</summary>
    public bool HasAny(Line line) => RankedFor(line).Count > 0;

    /// <summary>Takes a place of the best agent for a session of a line, or gives null if nobody may be asked for it.</summary>
    /// <param name="line">The session's line.</param>
    /// <param name="avoided">Taken only if nobody else can be.</param>
    /// <param name="isResting">Agents who are not asked for this session now; they stay there for those behind it.</param>
    public Guid? Take(Line line, Guid? avoided, Func<Agent, bool> isResting)
    {
        var ranked = RankedFor(line);
        List<Candidate> passedOver = [];
        Candidate? chosen = null;
        Candidate? lastResort = null;
        while (chosen is null && ranked.TryDequeue(out var next, out var rank))
        {
            if (next.Free(line.Kind) <= 0)
                continue;
            if (rank != next.Rank)
                ranked.Enqueue(next, next.Rank); // Another line gave this agent work meanwhile, so others may be better now.
            else if (isResting(next.Agent))
                passedOver.Add(next);
            else if (next.Agent.Id == avoided)
                lastResort = next;
            else
                chosen = next;
        }

        foreach (var other in passedOver)
            ranked.Enqueue(other, other.Rank);
        if (chosen is not null && lastResort is not null)
            ranked.Enqueue(lastResort, lastResort.Rank);
        chosen ??= lastResort;
        if (chosen is null)
            return null;

        chosen.Take(line.Kind);
        ranked.Enqueue(chosen, chosen.Rank);
        return chosen.Agent.Id;
    }

    private PriorityQueue<Candidate, Rank> RankedFor(Line line)
    {
        if (byLine.TryGetValue(line, out var ranked))
            return ranked;
        var all = eligibleFor(line).Select(CandidateFor).Select(c => (c, c.Rank));
        return byLine[line] = new PriorityQueue<Candidate, Rank>(all);
    }

    private Candidate CandidateFor(Agent agent)
    {
        if (!byAgent.TryGetValue(agent.Id, out var candidate))
            byAgent[agent.Id] = candidate = new Candidate(agent);
        return candidate;
    }

    private sealed class Candidate(Agent agent)
    {
        private int calls;
        private int chats;

        public Agent Agent => agent;

        public Rank Rank => (agent.Work.Length + calls + chats, agent.IdleSince, agent.Id);

        public int Free(SessionKind kind) => agent.Free(kind) - (kind == SessionKind.Call ? calls : chats);

        public void Take(SessionKind kind)
        {
            if (kind == SessionKind.Call)
                calls++;
            else
                chats++;
        }
    }
}
