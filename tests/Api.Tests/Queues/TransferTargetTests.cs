using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests.Queues;

/// <summary>To which queues an agent may give a session (AHD-7).</summary>
[Collection(ApiTests.Name)]
public sealed class TransferTargetTests(TestApi api)
{
    [Theory]
    [InlineData("call", true)]
    [InlineData("call", false)]
    [InlineData("chat", true)]
    [InlineData("chat", false)]
    public async Task Every_row_of_the_transfer_targets_is_listed_over_rest_and_the_adapter_and_decides_the_transfer(string kind, bool isAllowed)
    {
        await using var own = new TestApi();
        await own.InitializeAsync();
        await own.Admin.SetAsync("calls", new { enabled = false, allowTransfers = isAllowed });
        await own.Admin.SetAsync("chats", new { enabled = false, allowTransfers = isAllowed });
        var (agentId, agent) = await own.UserAsync([BuiltInRoles.Agent]);
        var (colleagueId, colleague) = await own.UserAsync([BuiltInRoles.Agent]);
        var from = await own.QueueAsync("mobile", members: [agentId]);
        var (open, empty, staffed) = (await own.QueueAsync("mobile"), await own.ClosedAsync("mobile"), await own.QueueAsync("mobile", members: [colleagueId]));
        await own.EditAsync(staffed, "hours", QueueClient.Closed);
        var deflecting = await own.ClosedAsync("mobile", new { mobile = new { options = new { phoneNumber = "+4930123456" } } });
        var (always, business) = (await own.ClosedAsync("mobile"), await own.ClosedAsync("mobile"));
        await own.EditAsync(always, "virtual-agent", new { name = "Ada", connector = "simulated", availability = "always" });
        await own.EditAsync(business, "virtual-agent", new { name = "Ben", connector = "simulated", availability = "business_hours" });

        await using var other = await AdapterClient.SignInAsync(own, colleague);
        await using var adapter = await AdapterClient.SignInAsync(own, agent);
        using var asked = await own.Admin.PostAsJsonAsync("/v1/sessions", new { kind, channel = "mobile", queueId = from, consumer = new { kind = "visitor", identity = $"{from}" } });
        var session = (await asked.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        await adapter.AcceptAsync(session);
        await adapter.StatusAsync(session, SessionStatus.Connected);

        Guid[] shown = isAllowed ? [from, open, staffed, deflecting, always] : [from, open, always];
        await Eventually.TrueAsync(async () => (await ListedAsync()).ToHashSet().SetEquals(shown));
        await adapter.DoAsync(new() { ListTransferTargets = new() { SessionId = session.ToString() } });
        (await adapter.ToldAsync(c => c.TransferTargets != null)).TransferTargets.Targets.Select(t => Guid.Parse(t.QueueId)).ShouldBe(shown, ignoreOrder: true);
        foreach (var hidden in new[] { open, empty, staffed, deflecting, always, business }.Except(shown))
            await (await agent.PostAsJsonAsync($"/v1/sessions/{session}/transfer", new { queueId = hidden })).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.not_a_transfer_target");
        using var given = await agent.PostAsJsonAsync($"/v1/sessions/{session}/transfer", new { queueId = isAllowed ? staffed : open });
        given.StatusCode.ShouldBe(HttpStatusCode.OK);

        async Task<List<Guid>> ListedAsync()
        {
            using var answer = await agent.GetAsync($"/v1/sessions/{session}/transfer-targets");
            return [.. (await answer.JsonAsync()).EnumerateArray().Select(t => t.GetProperty("queueId").GetGuid())];
        }
    }

    [Fact]
    public async Task A_target_that_closed_since_the_list_was_fetched_takes_no_transfer()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var (from, to) = (await api.QueueAsync(members: [agentId]), await api.QueueAsync());
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var (chat, _) = await api.SessionAsync(from);
        await adapter.AcceptAsync(chat);
        await adapter.StatusAsync(chat, SessionStatus.Connected);

        (await TargetsAsync()).ShouldContain(to);
        await adapter.DoAsync(new() { ListTransferTargets = new() { SessionId = chat.ToString() } });
        (await adapter.ToldAsync(c => c.TransferTargets != null)).TransferTargets.Targets.ShouldContain(t => t.QueueId == to.ToString() && t.IsOpen);

        await api.EditAsync(to, "hours", QueueClient.Closed);
        (await TargetsAsync()).ShouldNotContain(to);
        await (await agent.PostAsJsonAsync($"/v1/sessions/{chat}/transfer", new { queueId = to })).ShouldRefuseAsync(HttpStatusCode.Conflict, "queue.not_a_transfer_target");
        (await adapter.AskAsync(new() { Transfer = new() { SessionId = chat.ToString(), QueueId = to.ToString() } })).Code.ShouldBe("queue.not_a_transfer_target");
        (await adapter.AskAsync(new() { ListTransferTargets = new() { SessionId = "x" } })).Code.ShouldBe("request.invalid");

        async Task<List<Guid>> TargetsAsync()
        {
            using var answer = await agent.GetAsync($"/v1/sessions/{chat}/transfer-targets");
            return [.. (await answer.JsonAsync()).EnumerateArray().Select(t => t.GetProperty("queueId").GetGuid())];
        }
    }
}
