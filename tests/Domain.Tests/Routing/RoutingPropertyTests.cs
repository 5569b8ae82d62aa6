using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Routing;
using ContactCenter.Domain.Sessions;
using FsCheck;
using FsCheck.Fluent;
using Match = ContactCenter.Domain.Routing.Match;

namespace ContactCenter.Domain.Tests.Routing;

public sealed class RoutingPropertyTests
{
    [Fact]
    public void Every_offer_is_possible_and_nobody_ever_has_more_than_their_capacity() => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        var before = floor.People.Values.ToDictionary(a => a.Id);
        while (floor.Route(7).Count > 0)
        {
            foreach (var agent in floor.People.Values)
                WithinCapacity(agent, before[agent.Id]);
        }
    });

    [Fact]
    public void The_board_answers_as_a_search_through_everything_would() => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        floor.Board.NextMatches(1_000, floor.Now).ShouldBe(Searched(floor));
        floor.Board.NextMatches(3, floor.Now).ShouldBe(Searched(floor).Take(3));
    });

    [Fact]
    public void Sessions_with_the_same_agents_are_offered_in_the_order_of_their_arrival_but_for_agents_who_just_let_one_go() => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        var agentOf = floor.Board.NextMatches(1_000, floor.Now).ToDictionary(m => m.SessionId, m => floor.People[m.AgentId]);
        foreach (var line in floor.Sessions.Values.Where(s => s.Status == SessionStatus.Queued).GroupBy(s => (s.QueueId, s.Kind)))
        {
            var arrived = line.OrderBy(s => s.QueuedAt).ThenBy(s => s.Id).Select(s => s.Id).ToList();
            agentOf.Keys.Where(arrived.Contains).ShouldBe(arrived.Where(agentOf.ContainsKey));
            for (var i = 0; i < arrived.Count; i++)
            {
                foreach (var later in arrived.Skip(i + 1).Where(id => !agentOf.ContainsKey(arrived[i]) && agentOf.ContainsKey(id)))
                    floor.IsResting(arrived[i], agentOf[later]).ShouldBeTrue();
            }
        }
    });

    [Theory, InlineData(0), InlineData(1), InlineData(3)]
    public void Nobody_waits_for_ever_who_could_be_served_however_often_agents_decline(int declines) => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        floor.WorkOff(declines);

        foreach (var s in floor.Sessions.Values.Where(s => s.Status == SessionStatus.Queued))
            floor.People.Values.Where(a => floor.Members.Contains((s.QueueId, a.Id)) && a.CanTake(s.Kind, s.Channel)).ShouldBeEmpty();
    });

    [Fact]
    public void How_the_events_of_different_streams_mix_makes_no_difference() => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        var mixed = new RoutingBoard();
        foreach (var happened in Mixed(floor.Streams.Values, seed: script.Length))
            mixed.Apply(happened);

        mixed.NextMatches(1_000, floor.Now).ShouldBe(floor.Board.NextMatches(1_000, floor.Now));
        mixed.NextPauseEnd(floor.Now).ShouldBe(floor.Board.NextPauseEnd(floor.Now));
    });

    [Fact]
    public void A_backlog_is_drained_to_the_last_session_when_agents_come_back() => ForAnyDay(script =>
    {
        var floor = Floor.After(script);
        var now = Spec.At(100_000);
        foreach (var queue in Enumerable.Range(1, 3))
            floor.Board.Apply(new Domain.Queues.QueueMemberAdded(Spec.Id(queue), Spec.Id(777), now));

        var waiting = floor.Sessions.Values.Where(s => s.Status == SessionStatus.Queued).OrderBy(s => s.QueuedAt).ThenBy(s => s.Id).Select(s => s.Id).ToList();
        foreach (var other in floor.People.Keys)
            floor.Board.Apply(new AgentSignedOut(other, "signed_out", now));
        floor.Board.Apply(new AgentSignedIn(Spec.Id(777), new Capacity(Calls: 1, Chats: 1), [Channel.Web], now));

        var served = new List<Guid>();
        while (floor.Board.NextMatches(1, now) is [var match])
        {
            served.Add(match.SessionId);
            floor.Board.Apply(new SessionOffered(
                match.SessionId, SessionKind.Call, Spec.Id(1), match.AgentId, match.QueueId, Preparation.None, now, now.AddSeconds(30)));
        }

        served.ShouldBe(waiting);
    });

    private static void ForAnyDay(Action<int[]> property) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(250),
            Prop.ForAll(Gen.Choose(0, 1_000_000).ArrayOf().ToArbitrary(), property));

    // Signing in with a smaller capacity leaves what is in hand, so that much may be there, and not one more.
    private static void WithinCapacity(Agent agent, Agent before)
    {
        foreach (var kind in Enum.GetValues<SessionKind>())
            InHand(agent, kind).ShouldBeLessThanOrEqualTo(Math.Max(agent.Capacity.For(kind), InHand(before, kind)));
    }

    private static int InHand(Agent agent, SessionKind kind) => agent.Work.Count(w => w.Kind == kind);

    // The policy in its shortest form, slow and plain: the board has to agree with it.
    private static List<Match> Searched(Floor floor)
    {
        var matches = new List<Match>();
        foreach (var s in floor.Sessions.Values.Where(s => s.Status == SessionStatus.Queued).OrderBy(s => s.QueuedAt).ThenBy(s => s.Id))
        {
            var chosen = floor.People.Values
                .Where(a => floor.Members.Contains((s.QueueId, a.Id)) && a.CanTake(s.Kind, s.Channel))
                .Where(a => !floor.IsResting(s.Id, a))
                .Where(a => a.Free(s.Kind) > matches.Count(m => m.AgentId == a.Id && floor.Sessions[m.SessionId].Kind == s.Kind))
                .OrderBy(a => floor.Avoided.GetValueOrDefault(s.Id) == a.Id)
                .ThenBy(a => a.Work.Length + matches.Count(m => m.AgentId == a.Id))
                .ThenBy(a => a.IdleSince)
                .ThenBy(a => a.Id)
                .FirstOrDefault();
            if (chosen is not null)
                matches.Add(new Match(s.Id, chosen.Id, s.QueueId));
        }

        return matches;
    }

    private static IEnumerable<IDomainEvent> Mixed(IEnumerable<List<IDomainEvent>> streams, int seed)
    {
        var random = new System.Random(seed);
        var queues = streams.Select(s => new Queue<IDomainEvent>(s)).ToList();
        while (queues.Count > 0)
        {
            var next = queues[random.Next(queues.Count)];
            yield return next.Dequeue();
            if (next.Count == 0)
                queues.Remove(next);
        }
    }
}
