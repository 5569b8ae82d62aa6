using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;

namespace ContactCenter.Application.Tests.Routing;

public sealed class RoutingWorkerTests
{
    [Fact]
    public async Task A_waiting_session_is_offered_to_the_agent_who_comes()
    {
        await using var center = await Center.OpenAsync();
        await using var router = new Router(center.Host);
        var sessionId = await center.WaitingAsync();
        await center.SignInAsync();
        await Eventually.TrueAsync(async () => (await center.SessionAsync(sessionId)).Status == SessionStatus.Offered);
    }

    [Fact]
    public async Task Who_came_before_the_router_began_is_served_in_the_order_of_arrival()
    {
        await using var center = await Center.OpenAsync();
        List<Guid> waiting = [];
        for (var i = 0; i < 5; i++)
            waiting.Add(await center.WaitingAsync(SessionKind.Chat));
        await center.SignInAsync(chats: 2);
        await using var router = new Router(center.Host);
        await Eventually.TrueAsync(async () => (await center.AgentAsync()).Free(SessionKind.Chat) == 0);
        (await center.AgentAsync()).Work.Select(w => w.SessionId).Order().ShouldBe(waiting[..2].Order());
    }

    [Fact]
    public async Task An_agent_of_many_chats_is_offered_them_in_the_order_of_arrival()
    {
        await using var center = await Center.OpenAsync();
        List<Guid> waiting = [];
        for (var i = 0; i < 20; i++)
            waiting.Add((await center.Host.DoAsync(TestHost.Sdk, center.Ask(SessionKind.Chat, $"visitor-{i}"))).Id);
        await using var router = new Router(center.Host);
        await center.SignInAsync(chats: 20);
        await Eventually.TrueAsync(async () => (await center.AgentAsync()).Free(SessionKind.Chat) == 0);
        center.Host.Log.Events.Select(e => e.Data).OfType<SessionOffered>().Select(e => e.SessionId).ShouldBe(waiting);
    }

    [Fact]
    public async Task Sessions_in_hand_count_when_an_agent_comes_back()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync(chats: 1);
        await center.ConnectedAsync(SessionKind.Chat);
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new Application.Agents.SignOutAgent(center.AgentId, "signed_out"));
        var waiting = await center.WaitingAsync(SessionKind.Chat);
        await using var router = new Router(center.Host);
        await center.SignInAsync(chats: 1);
        var call = await center.WaitingAsync();
        await Eventually.TrueAsync(async () => (await center.SessionAsync(call)).Status == SessionStatus.Offered);
        (await center.SessionAsync(waiting)).Status.ShouldBe(SessionStatus.Queued);
        router.Refused.ShouldBe(0);
    }

    [Fact]
    public async Task Two_routers_on_one_log_offer_no_session_twice_and_no_agent_too_much()
    {
        await using var center = await Center.OpenAsync();
        await using var otherNode = new TestHost(sharingLogWith: center.Host);
        await using var one = new Router(center.Host);
        await using var two = new Router(otherNode);
        List<Guid> agents = [center.AgentId];
        for (var i = 0; i < 7; i++)
            agents.Add(await center.NewAgentAsync($"agent-{i}", center.QueueId));
        foreach (var agentId in agents)
            await center.SignInAsync(agentId, calls: 1, chats: 3);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => center.WaitingAsync(i % 3 == 0 ? SessionKind.Call : SessionKind.Chat))));
        await Eventually.TrueAsync(async () =>
        {
            foreach (var agentId in agents)
            {
                var agent = await center.AgentAsync(agentId);
                if (agent.Free(SessionKind.Chat) > 0 || agent.Free(SessionKind.Call) > 0)
                    return false;
            }

            return true;
        });

        center.Host.Log.Events.Where(e => e.Data is SessionOffered).GroupBy(e => e.Stream).ShouldAllBe(g => g.Count() == 1);
        foreach (var agentId in agents)
            MostAtOnce(center.Host, agentId).ShouldBe((1, 3));
    }

    [Fact]
    public async Task Who_begins_to_lead_reads_no_agents_stream_from_its_beginning()
    {
        await using var center = await Center.OpenAsync();
        var busy = await center.NewAgentAsync("busy", center.QueueId);
        await center.SignInAsync(busy, calls: 0, chats: 1);
        await LiveLongAsync(center.Host, busy);
        await center.SignInAsync();
        var sessionId = await center.WaitingAsync();
        await using var cold = new TestHost(sharingLogWith: center.Host);
        await using var router = new Router(cold);
        await Eventually.TrueAsync(async () => (await center.SessionAsync(sessionId)).Status == SessionStatus.Offered);
        // Events of the feed do not bring it about either.
        await center.Host.DoAsync(TestHost.Agent(busy), new Application.Agents.PauseAgent(busy, "break"));
        var next = await center.WaitingAsync(SessionKind.Chat);
        await Eventually.TrueAsync(async () => (await center.SessionAsync(next)).Status == SessionStatus.Offered);

        (await center.SessionAsync(next)).AgentId.ShouldBe(center.AgentId);
        cold.Store.EventsReadOf.GetValueOrDefault(Aggregates.Agent.Stream(busy)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_an_agent_whose_offer_was_refused_only_what_is_new_is_read()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync(chats: 2);
        await LiveLongAsync(center.Host, center.AgentId);
        var stream = Aggregates.Agent.Stream(center.AgentId);
        await using var node = new TestHost(sharingLogWith: center.Host);
        var length = (int)(await node.Get<AggregateReader>().LoadFreshAsync(Aggregates.Agent, center.AgentId, CancellationToken.None)).Version;
        // Another takes the agent's places between the router's look and its offer.
        node.Store.BeforeNextAppend = async () =>
        {
            await center.ConnectedAsync(SessionKind.Chat);
            await center.ConnectedAsync(SessionKind.Chat);
        };
        await using var router = new Router(node);
        var sessionId = await center.WaitingAsync(SessionKind.Chat);
        await Eventually.TrueAsync(() => router.Refused > 0);
        await center.SignInAsync(await center.NewAgentAsync("other", center.QueueId));
        await Eventually.TrueAsync(async () => (await center.SessionAsync(sessionId)).Status == SessionStatus.Offered);

        node.Store.EventsReadOf[stream].ShouldBeInRange(length, length + 100);
    }

    [Fact]
    public async Task What_was_refused_is_offered_again_where_the_time_of_day_stands_still()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync(chats: 1);
        await using var node = new TestHost(sharingLogWith: center.Host);
        node.Store.BeforeNextAppend = () => center.ConnectedAsync(SessionKind.Chat);
        await using var router = new Router(node, new StoppedTimeOfDay(center.Host.Clock.GetUtcNow()));
        var sessionId = await center.WaitingAsync(SessionKind.Chat);
        await Eventually.TrueAsync(() => router.Refused > 0);
        await center.SignInAsync(await center.NewAgentAsync("other", center.QueueId));
        await Eventually.TrueAsync(async () => (await center.SessionAsync(sessionId)).Status == SessionStatus.Offered);
    }

    [Fact]
    public async Task Rows_that_are_ahead_of_where_the_log_is_followed_from_count_nothing_twice()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync(chats: 3);
        var signedIn = await center.Host.Log.ReadEndAsync(CancellationToken.None);
        await center.ConnectedAsync(SessionKind.Chat);
        for (var i = 0; i < 2; i++)
            await center.WaitingAsync(SessionKind.Chat);
        await using var router = new Router(center.Host, followsFrom: signedIn);
        await Eventually.TrueAsync(async () => (await center.AgentAsync()).Free(SessionKind.Chat) == 0);
        router.Refused.ShouldBe(0);
    }

    [Fact]
    public async Task A_lead_that_changes_while_agents_come_and_go_serves_everybody_once()
    {
        await using var center = await Center.OpenAsync();
        await using var otherNode = new TestHost(sharingLogWith: center.Host);
        List<Guid> agents = [center.AgentId];
        for (var i = 0; i < 3; i++)
            agents.Add(await center.NewAgentAsync($"agent-{i}", center.QueueId));
        foreach (var agentId in agents)
            await center.SignInAsync(agentId, chats: 5);
        var first = new Router(center.Host);
        var coming = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => center.WaitingAsync(SessionKind.Chat))));
        var turning = Task.WhenAll(agents.Select(agentId => Task.Run(() => ComeAndGoAsync(center.Host, agentId))));
        await Eventually.TrueAsync(() => center.Host.Log.Events.Any(e => e.Data is SessionOffered));
        await first.DisposeAsync();
        await using var second = new Router(otherNode);
        await Task.WhenAll(coming, turning);

        await Eventually.TrueAsync(() => center.Host.Log.Events.Count(e => e.Data is SessionOffered) >= 20);
        center.Host.Log.Events.Where(e => e.Data is SessionOffered).GroupBy(e => e.Stream).ShouldAllBe(g => g.Count() == 1);
        foreach (var agentId in agents)
            MostAtOnce(center.Host, agentId).ShouldBe((0, 5));
    }

    [Fact]
    public async Task A_declined_session_is_offered_again_after_a_pause_without_another_event_and_those_behind_it_before()
    {
        await using var center = await Center.OpenAsync();
        await center.SignInAsync(chats: 1);
        var first = await center.WaitingAsync(SessionKind.Chat);
        center.Host.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await center.WaitingAsync(SessionKind.Chat);
        await using var router = new Router(center.Host, new HurriedClock(center.Host.Clock.GetUtcNow()));
        await DeclineAsync(center, first);
        await DeclineAsync(center, second);
        await Eventually.TrueAsync(async () => (await center.AgentAsync()).Work.Length == 1);

        center.Host.Log.Events.Select(e => e.Data).OfType<SessionOffered>().Select(e => e.SessionId).ShouldBe([first, second, first]);
    }

    /// <summary>Thousands of facts about an agent, of whom the last one is that they are available.</summary>
    private static async Task LiveLongAsync(TestHost host, Guid agentId)
    {
        var (at, version) = (host.Clock.GetUtcNow(), host.Stream(Aggregates.Agent, agentId).Count);
        AgentEvent[] day = [new AgentPaused(agentId, "break", at), new AgentMadeAvailable(agentId, at)];
        NewEvent[] life = [.. Enumerable.Range(0, 3_000).Select(i => new NewEvent(Sample.NewId(), day[i % 2]))];
        (await host.Log.AppendAsync(Sample.Append(Aggregates.Agent.Stream(agentId), version, life), CancellationToken.None)).ShouldBeOfType<Appended>();
    }

    private static async Task ComeAndGoAsync(TestHost host, Guid agentId)
    {
        for (var i = 0; i < 10; i++)
        {
            await host.DoAsync(TestHost.Agent(agentId), new Application.Agents.PauseAgent(agentId, "break"));
            await host.DoAsync(TestHost.Agent(agentId), new Application.Agents.MakeAgentAvailable(agentId));
        }
    }

    private static async Task DeclineAsync(Center center, Guid sessionId)
    {
        await Eventually.TrueAsync(async () => (await center.SessionAsync(sessionId)).Status == SessionStatus.Offered);
        var offerId = (await center.SessionAsync(sessionId)).OfferId!.Value;
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new Application.Sessions.DeclineOffer(center.AgentId, sessionId, offerId, Reason: null));
    }

    private static (int Calls, int Chats) MostAtOnce(TestHost host, Guid agentId)
    {
        var (state, calls, chats) = (Agent.Initial, 0, 0);
        foreach (var stored in host.Stream(Aggregates.Agent, agentId))
        {
            state = state.Apply((AgentEvent)stored.Data);
            calls = Math.Max(calls, state.Work.Count(w => w.Kind == SessionKind.Call));
            chats = Math.Max(chats, state.Work.Count(w => w.Kind == SessionKind.Chat));
        }

        return (calls, chats);
    }

    /// <summary>A clock four times as fast as the day: the pause is not over before both were declined.</summary>
    private sealed class HurriedClock(DateTimeOffset start) : TimeProvider
    {
        private const int Haste = 4;
        private readonly long began = System.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => start + (System.GetElapsedTime(began) * Haste);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / Haste, period);
    }

    private sealed class StoppedTimeOfDay(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}
