using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Api.Tests.ScheduledCalls;
using ContactCenter.Api.Tests.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests;

/// <summary>To which queues an agent may give a session (AHD-7), each on a contact center of its own.</summary>
public sealed class TransferTargetTests
{
    /// <summary>No weekday has hours.</summary>
    private static readonly object Closed = new { timeZone = "Europe/Berlin" };

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
        var (open, empty, staffed) = (await own.QueueAsync("mobile"), await ClosedAsync(own, "mobile"), await own.QueueAsync("mobile", members: [colleagueId]));
        await EditAsync(own, staffed, "hours", Closed);
        var deflecting = await ClosedAsync(own, "mobile", new { mobile = new { options = new { phoneNumber = "+4930123456" } } });
        var (always, business) = (await ClosedAsync(own, "mobile"), await ClosedAsync(own, "mobile"));
        await EditAsync(own, always, "virtual-agent", new { name = "Ada", connector = "simulated", availability = "always" });
        await EditAsync(own, business, "virtual-agent", new { name = "Ben", connector = "simulated", availability = "business_hours" });

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

    private static async Task<Guid> ClosedAsync(TestApi api, string channel, object? deflection = null)
    {
        var queue = await api.QueueAsync(channel);
        await EditAsync(api, queue, "hours", Closed);
        if (deflection is not null)
            await EditAsync(api, queue, "deflection", deflection);
        return queue;
    }

    private static async Task EditAsync(TestApi api, Guid queueId, string part, object body)
    {
        using var answer = await api.Admin.SendWithAsync(HttpMethod.Put, $"/v1/queues/{queueId}/{part}", await api.VersionAsync($"/v1/queues/{queueId}"), body);
        await answer.JsonAsync();
    }
}
