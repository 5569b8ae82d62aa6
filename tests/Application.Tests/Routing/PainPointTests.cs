using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Testing;

namespace ContactCenter.Application.Tests.Routing;

/// <summary>What users of other contact centers ran into between hours, presence and assignment, each as the trouble it was.</summary>
public sealed class PainPointTests
{
    [Fact]
    public async Task Opening_hours_never_make_an_absent_agent_available()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        await using var router = new Router(center.Host);
        await center.SignInAsync();
        await center.Host.DoAsync(TestHost.Agent(center.AgentId), new PauseAgent(center.AgentId, "meal"));
        var before = center.Host.TypesOf(Aggregates.Agent, center.AgentId);
        await HoursAsync(center, new HoursSchedule("Europe/Berlin"));
        await HoursAsync(center, new HoursSchedule("Europe/Berlin", Open24Hours: true));
        var waiting = await center.WaitingAsync(SessionKind.Chat);
        var bob = await center.NewAgentAsync("bob", center.QueueId);
        await center.SignInAsync(bob);

        await Eventually.TrueAsync(async () => (await center.SessionAsync(waiting)).AgentId == bob);
        center.Host.TypesOf(Aggregates.Agent, center.AgentId).ShouldBe(before);
        (await center.AgentAsync()).Presence.ShouldBe(Presence.Paused);
    }

    [Fact]
    public async Task Who_signed_in_while_it_was_closed_is_asked_once_it_is_open_without_signing_in_again()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        await using var router = new Router(center.Host);
        await HoursAsync(center, new HoursSchedule("Europe/Berlin"));
        await center.SignInAsync();
        await HoursAsync(center, new HoursSchedule("Europe/Berlin", Open24Hours: true));
        var waiting = await center.WaitingAsync(SessionKind.Chat);

        await Eventually.TrueAsync(async () => (await center.SessionAsync(waiting)).AgentId == center.AgentId);
    }

    [Fact]
    public async Task A_backlog_is_drained_in_the_order_of_arrival_and_evenly_when_agents_come_back()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        var bob = await center.NewAgentAsync("bob", center.QueueId);
        List<Guid> waiting = [];
        for (var i = 0; i < 6; i++)
            waiting.Add(await center.WaitingAsync(SessionKind.Chat));
        await center.SignInAsync(chats: 2);
        await center.SignInAsync(bob, chats: 2);
        await using var router = new Router(center.Host);

        await Eventually.TrueAsync(() => Offered().Count == 4);
        ((await center.AgentAsync()).Work.Length, (await center.AgentAsync(bob)).Work.Length).ShouldBe((2, 2));
        Offered().ShouldBe(waiting[..4], ignoreOrder: true);
        foreach (var next in waiting[4..])
        {
            await center.Host.DoAsync(TestHost.Sdk, new LeaveSession(waiting[waiting.IndexOf(next) - 4]));
            await Eventually.TrueAsync(() => Offered().Count == waiting.IndexOf(next) + 1);
            Offered()[^1].ShouldBe(next);
        }

        List<Guid> Offered() => [.. center.Host.Log.Events.Select(e => e.Data).OfType<SessionOffered>().Select(e => e.SessionId)];
    }

    [Fact]
    public async Task Work_that_comes_back_does_not_go_to_an_agent_who_is_gone()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        await center.SignInAsync();
        var chat = await center.ConnectedAsync(SessionKind.Chat);
        await center.Host.DoAsSystemAsync(new SignOutLostAgent(center.AgentId, TestHost.LastSeen));
        (await center.SessionAsync(chat)).Status.ShouldBe(SessionStatus.Queued);
        await using var router = new Router(center.Host);
        var bob = await center.NewAgentAsync("bob", center.QueueId);
        await center.SignInAsync(bob);

        await Eventually.TrueAsync(async () => (await center.SessionAsync(chat)).AgentId == bob);
        center.Host.Stream(Aggregates.Agent, center.AgentId).Select(e => e.Data).OfType<AgentReserved>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task No_contact_is_ever_without_a_queue()
    {
        await using var center = await Center.OpenAsync();
        await center.Host.RefusedAsync("queue.not_found", TestHost.Sdk, center.Ask() with { QueueId = center.Host.NewId() });
        await center.Host.DoAsSystemAsync(new ArchiveQueue(center.QueueId));
        await center.Host.RefusedAsync("queue.archived", TestHost.Sdk, center.Ask());
        center.Host.Log.Events.ShouldNotContain(e => e.Data is SessionRequested);
    }

    private static async Task HoursAsync(Center center, HoursSchedule hours) => await center.Host.DoAsync(
        TestHost.Admin, new SetQueueHours(center.QueueId, hours), ifMatch: center.Host.Stream(Aggregates.Queue, center.QueueId).Count);
}
