using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Pages;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>Lists show what may be looked at one by one, and nothing else (MON-9).</summary>
[Collection(ApiTests.Name)]
public sealed class ReachTests(TestApi api)
{
    [Fact]
    public async Task A_recording_goes_with_its_call_and_is_listed_for_whoever_reaches_it_and_nobody_else()
    {
        await using var from = await Floor.OpenAsync(api);
        await using var to = await Floor.OpenAsync(api);
        var (call, _) = await from.ConnectedAsync("call");
        await SeenByAsync(call, from.Manager, to.Manager);

        await from.Adapter.DoAsync(new() { Transfer = new() { SessionId = call.ToString(), QueueId = to.Queue.ToString() } });
        await to.Adapter.AcceptAsync(call);
        await to.Adapter.StatusAsync(call, SessionStatus.Connected);
        await SeenByAsync(call, to.Manager, from.Manager);
        await Eventually.TrueAsync(async () => (await to.Manager.ItemsAsync($"/v1/recordings?queueId={to.Queue}")).Count == 1);
        (await from.Manager.ItemsAsync($"/v1/recordings?queueId={to.Queue}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recording_of_a_queue_without_a_team_is_there_for_who_reaches_all_alone()
    {
        await using var floor = await Floor.OpenAsync(api);
        var nobodys = await api.QueueAsync(members: [floor.AgentId]);
        var (call, _) = await api.SessionAsync(nobodys, "call");
        var offer = await floor.Adapter.AcceptAsync(call);
        await floor.Adapter.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await floor.Adapter.StatusAsync(call, SessionStatus.Connected);
        await SeenByAsync(call, api.Admin, floor.Manager);
    }

    [Fact]
    public async Task Whoever_is_on_the_agents_page_of_ones_queues_is_there_one_by_one_too()
    {
        await using var floor = await Floor.OpenAsync(api);
        await using var other = await Floor.OpenAsync(api);
        var grants = new[] { new { permission = Permissions.MonitoringRead, scope = "assigned_queues" } };
        using var defined = await api.Admin.PostAsJsonAsync("/v1/roles", new { name = "Colleague", grants });
        var (id, colleague) = await api.UserAsync([(await defined.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()]);
        (await api.Admin.PutAsync($"/v1/queues/{floor.Queue}/members/{id}", content: null)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await colleague.ItemsAsync("/v1/monitoring/agents")).Any(a => a.GetProperty("agentId").GetGuid() == floor.AgentId));
        (await colleague.ItemsAsync("/v1/monitoring/agents")).ShouldNotContain(a => a.GetProperty("agentId").GetGuid() == other.AgentId);
        (await colleague.GetAsync($"/v1/agents/{floor.AgentId}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await colleague.GetAsync($"/v1/agents/{other.AgentId}")).ShouldRefuseAsync(HttpStatusCode.NotFound, "agent.not_found");
    }

    private static async Task SeenByAsync(Guid call, HttpClient seer, HttpClient other)
    {
        var (list, one) = ($"/v1/recordings?sessionId={call}", $"/v1/recordings/{RecordingId.Of(call)}");
        await Eventually.TrueAsync(async () => (await seer.ItemsAsync(list)).Count == 1);
        (await seer.GetAsync(one)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await other.ItemsAsync(list)).ShouldBeEmpty();
        (await other.ItemsAsync("/v1/recordings?limit=200")).ShouldNotContain(r => r.GetProperty("sessionId").GetGuid() == call);
        await (await other.GetAsync(one)).ShouldRefuseAsync(HttpStatusCode.NotFound, "recording.not_found");
    }
}
