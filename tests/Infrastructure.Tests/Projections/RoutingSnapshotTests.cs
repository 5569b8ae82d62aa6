using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Queues;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Testing;

namespace ContactCenter.Infrastructure.Tests.Projections;

public sealed class RoutingSnapshotTests(PostgresFixture database) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Routing_begins_with_live_sessions_queues_and_everybody_who_ever_signed_in()
    {
        await using var node = await ProjectionNode.StartAsync(database.ConnectionString);
        var (agents, sessions, queues) = (node.Run(new AgentsProjection()), node.Run(new SessionsProjection()), node.Run(new QueuesProjection()));
        var (here, gone, queueId) = (Sample.NewId(), Sample.NewId(), Sample.NewId());
        await node.AppendAsync(SessionStories.Stream(1), 0, SessionStories.Events(SessionStories.Waiting(1)));
        await node.AppendAsync(SessionStories.Stream(2), 0, SessionStories.Events(SessionStories.Whole(2)));
        await node.AppendAsync(Aggregates.Queue.Stream(queueId), 0, Events(new QueueCreated(queueId, "Billing", Channel.Web, ["Billing"], ParentId: null, [], Noon)));
        await node.AppendAsync(Aggregates.Agent.Stream(here), 0, Events(
            new AgentSignedIn(here, new Capacity(1, 2), [Channel.Web], Noon), new AgentReserved(here, SessionStories.SessionId(1), Sample.NewId(), SessionKind.Call, Noon)));
        await node.AppendAsync(Aggregates.Agent.Stream(gone), 0, Events(
            new AgentSignedIn(gone, new Capacity(1, 0), [Channel.Web], Noon), new AgentSignedOut(gone, "signed_out", Noon.AddHours(1))));
        await node.CatchUpAsync(agents);
        await node.CatchUpAsync(sessions);
        await node.CatchUpAsync(queues);

        var start = await new RoutingSnapshot(node.Log.DataSource).ReadAsync(CancellationToken.None);

        start.LiveSessions.ShouldBe([SessionStories.SessionId(1)]);
        start.Queues.ShouldBe([queueId]);
        start.Agents.Select(a => (a.AgentId, a.Version, a.Presence, a.IdleSince, a.Work.Count)).ShouldBe(
            [(here, 2L, Presence.Available, Noon, 1), (gone, 2L, Presence.Offline, Noon, 0)], ignoreOrder: true);
        start.Position.ShouldBe(await node.Log.Store.ReadEndAsync(CancellationToken.None));
    }

    private static NewEvent[] Events(params Domain.Abstractions.IDomainEvent[] happened) => [.. happened.Select(e => new NewEvent(Sample.NewId(), e))];
}
