using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Tests.Queues;

public sealed class RenameQueueTests
{
    [Fact]
    public async Task The_paths_of_five_hundred_queues_below_a_renamed_one_follow_in_the_same_write()
    {
        await using var center = await Center.OpenAsync();
        var host = center.Host;
        var top = await CreateAsync(center, "Support", parentId: null);
        List<Guid> below = [];
        for (var i = 0; i < 20; i++)
        {
            var middle = await CreateAsync(center, $"Topic {i}", top);
            below.Add(middle);
            for (var j = 0; j < 24; j++)
                below.Add(await CreateAsync(center, $"Detail {j}", middle));
        }

        await host.DoAsSystemAsync(new ArchiveQueue(below[1]));
        var before = host.Log.Events[^1].Position;
        await RenameAsync(host, top, "Help");

        below.Count.ShouldBe(500);
        foreach (var queueId in below)
        {
            var path = (await host.StateAsync(Aggregates.Queue, queueId)).Path;
            path[0].ShouldBe("Help");
            path[1].ShouldStartWith("Topic");
        }

        var renamed = host.Log.Events.Where(e => e.Position > before).ToList();
        renamed.Select(e => e.Data).OfType<QueueRenamed>().Count().ShouldBe(501);
        renamed.Select(e => e.Metadata.CommandId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Queues_created_below_one_while_it_is_renamed_have_its_new_path()
    {
        await using var center = await Center.OpenAsync();
        var top = await CreateAsync(center, "Support", parentId: null);
        var middle = await CreateAsync(center, "Billing", top);
        List<Guid> created = [];
        for (var i = 0; i < 60; i++)
        {
            var number = i;
            var creating = Task.Run(() => CreateAsync(center, $"Detail {number}", middle));
            await Task.WhenAll(creating, Task.Run(() => RenameAsync(center.Host, top, $"Help {number}")));
            created.Add(await creating);
        }

        var path = (await center.Host.StateAsync(Aggregates.Queue, middle)).Path;
        foreach (var queueId in created)
            (await center.Host.StateAsync(Aggregates.Queue, queueId)).Path[..2].ShouldBe(path);
    }

    [Fact]
    public async Task A_queue_that_moved_follows_the_one_it_stands_under_now_and_no_longer_the_one_before()
    {
        await using var center = await Center.OpenAsync();
        var (before, after) = (await CreateAsync(center, "Before", parentId: null), await CreateAsync(center, "After", parentId: null));
        var moved = await CreateAsync(center, "Moved", before);
        var below = await CreateAsync(center, "Below", moved);
        await center.Host.DoAsync(Caller.System("tests"), new MoveQueue(moved, after));

        await RenameAsync(center.Host, before, "Old");
        (await center.Host.StateAsync(Aggregates.Queue, below)).Path.ShouldBe(["After", "Moved", "Below"]);
        await RenameAsync(center.Host, after, "New");
        (await center.Host.StateAsync(Aggregates.Queue, below)).Path.ShouldBe(["New", "Moved", "Below"]);
    }

    [Fact]
    public async Task A_session_keeps_the_path_it_came_by()
    {
        await using var center = await Center.OpenAsync();
        var sessionId = await center.WaitingAsync();
        await RenameAsync(center.Host, center.QueueId, "Money back");
        var elsewhere = await CreateAsync(center, "Elsewhere", parentId: null);
        await center.Host.DoAsync(Caller.System("tests"), new MoveQueue(center.QueueId, elsewhere));
        await center.Host.DoAsSystemAsync(new ArchiveQueue(center.QueueId));

        var queued = center.Host.Stream(Aggregates.Session, sessionId).Select(e => e.Data).OfType<SessionQueued>().ShouldHaveSingleItem();
        queued.QueuePath.ShouldBe(["Refunds"]);
        (await center.Host.StateAsync(Aggregates.Queue, center.QueueId)).Path.ShouldBe(["Elsewhere", "Money back"]);
    }

    [Fact]
    public async Task A_live_session_keeps_the_path_it_came_by_through_rename_move_and_archive()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        var host = center.Host;
        await center.SignInAsync();
        var (top, other) = (await CreateAsync(center, "Support", parentId: null), await CreateAsync(center, "Sales", parentId: null));
        await MoveAsync(center, center.QueueId, top);
        var waiting = (await host.DoAsync(TestHost.Sdk, center.Ask(SessionKind.Chat))).Id;
        await RenameAsync(host, center.QueueId, "Money back");
        await MoveAsync(center, center.QueueId, other);
        await host.DoAsSystemAsync(new ArchiveQueue(center.QueueId));

        (await host.StateAsync(Aggregates.Queue, center.QueueId)).Path.ShouldBe(["Sales", "Money back"]);
        (await host.DoAsync(TestHost.Admin, new GetSession(waiting))).QueuePath.ShouldBe(["Support", "Refunds"]);
        await host.DoAsSystemAsync(new OfferSession(waiting, center.AgentId));
        (await center.SessionAsync(waiting)).Status.ShouldBe(SessionStatus.Offered, "an archived queue's sessions are served");
    }

    [Fact]
    public async Task A_session_that_a_virtual_agent_passes_on_keeps_the_path_it_came_by()
    {
        await using var center = await Center.OpenAsync(whisper: false);
        var (host, queueId) = (center.Host, center.QueueId);
        var vera = new VirtualAgentAssignment("Vera", "simulated", VirtualAgentAvailability.Always);
        await host.DoAsync(TestHost.Admin, new AssignVirtualAgent(queueId, vera), ifMatch: host.Stream(Aggregates.Queue, queueId).Count);
        var chat = (await host.DoAsync(TestHost.Sdk, center.Ask(SessionKind.Chat))).Id;
        await RenameAsync(host, queueId, "Money back");
        await MoveAsync(center, queueId, await CreateAsync(center, "Sales", parentId: null));

        var part = (await center.SessionAsync(chat)).VirtualAgent.ShouldNotBeNull();
        await host.DoAsSystemAsync(new AnswerAsVirtualAgent(chat, part.Id, new VirtualAgentAnswer([], VirtualAgentStep.Escalate)));
        var waiting = await host.DoAsync(TestHost.Admin, new GetSession(chat));
        (waiting.Status, string.Join(" > ", waiting.QueuePath)).ShouldBe((SessionStatus.Queued, "Refunds"));
        (await host.StateAsync(Aggregates.Queue, queueId)).Path.ShouldBe(["Sales", "Money back"]);
    }

    private static async Task MoveAsync(Center center, Guid queueId, Guid parentId) => await center.Host.DoAsync(
        TestHost.Admin, new MoveQueue(queueId, parentId), ifMatch: center.Host.Stream(Aggregates.Queue, queueId).Count);

    private static async Task<Guid> CreateAsync(Center center, string name, Guid? parentId) =>
        (await center.Host.DoAsync(TestHost.Admin, new CreateQueue(null, name, Channel.Web, parentId, [center.TeamId]))).Id;

    private static Task<Receipt> RenameAsync(TestHost host, Guid queueId, string name) =>
        host.DoAsync(Caller.System("tests"), new RenameQueue(queueId, name));
}
