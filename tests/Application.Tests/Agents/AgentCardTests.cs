using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;

namespace ContactCenter.Application.Tests.Agents;

public sealed class AgentCardTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);
    private readonly Guid agentId = Sample.NewId();
    private int minutes;

    private DateTimeOffset Later => Nine.AddMinutes(++minutes);

    /// <summary>Routing begins with the rows and goes on with the events: both must come to the same agent.</summary>
    [Fact]
    public void An_agents_row_tells_routing_what_the_agents_stream_does()
    {
        var projection = new AgentsProjection();
        var (card, agent, version, told) = ((AgentCard?)null, Agent.Initial, 0, new HashSet<Type>());
        foreach (var happened in Life())
        {
            agent = agent.Apply(happened);
            card = projection.Evolve(
                card, new StoredEvent(new LogPosition(++version), Aggregates.Agent.Stream(agentId), version, Sample.NewId(), "agent", happened, Sample.Metadata, Nine));
            Told(card.ShouldNotBeNull().ForRouting()).ShouldBe(Told(agent), $"after {happened}");
            told.Add(happened.GetType());
        }

        card.ShouldNotBeNull().Version.ShouldBe(version);
        told.ShouldBe(typeof(AgentEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(AgentEvent))), ignoreOrder: true);
    }

    private static string Told(Agent agent) => string.Join(
        '|', agent.Id, agent.Presence, agent.IsAdapterLost, agent.PresenceSince, agent.IdleSince, agent.Capacity, string.Join(',', agent.Channels),
        string.Join(',', agent.Work.Select(w => (w.SessionId, w.OfferId, w.Kind, w.Phase))));

    private IEnumerable<AgentEvent> Life()
    {
        var (first, second, third, forth, offer) = (Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId(), Sample.NewId());
        yield return new AgentSignedIn(agentId, new Capacity(1, 2), [Channel.Web], Later);
        yield return new AgentAdapterConnected(agentId, "one", Later);
        yield return new AgentReserved(agentId, first, offer, SessionKind.Call, Later);
        yield return new AgentEngaged(agentId, first, offer, SessionKind.Call, Later);
        yield return new AgentWrapUpStarted(agentId, first, Later, Later);
        yield return new AgentFreed(agentId, first, Later);
        foreach (var outcome in Enum.GetValues<OfferOutcome>())
        {
            yield return new AgentReserved(agentId, second, offer, SessionKind.Chat, Later);
            yield return new AgentReservationReleased(agentId, second, offer, outcome, Later);
        }

        yield return new AgentAdapterLost(agentId, "one", Later);
        yield return new AgentResumed(agentId, Later);
        yield return new AgentAdapterConnected(agentId, "two", Later);
        yield return new AgentPaused(agentId, "break", Later);
        yield return new AgentTookOver(agentId, third, offer, SessionKind.Chat, Later);
        yield return new AgentSignedIn(agentId, new Capacity(0, 3), [Channel.Web, Channel.Mobile], Later);
        yield return new AgentMadeAvailable(agentId, Later);
        yield return new AgentSignedIn(agentId, new Capacity(0, 4), [Channel.Web], Later);
        yield return new AgentForwardingSet(agentId, agentId, new PersonalText("+4930123456"), Voice: null, Later);
        yield return new AgentForwardingCleared(agentId, Later);
        yield return new AgentReserved(agentId, forth, offer, SessionKind.Chat, Later);
        yield return new AgentSignedOut(agentId, "signed_out", Later);
        yield return new AgentFreed(agentId, third, Later);
        yield return new AgentSignedIn(agentId, new Capacity(1, 1), [Channel.Mobile], Later);
    }
}
