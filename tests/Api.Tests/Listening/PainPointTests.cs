using System.Net.Http.Json;
using System.Text.Json;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>What monitoring is known to break in other systems; each test is named after the trouble.</summary>
[Collection(WatchingTests.Name)]
public sealed class PainPointTests(TestApi api)
{
    [Fact]
    public async Task Monitoring_mutes_nobody_and_the_monitors_microphone_is_open_to_nobody()
    {
        await using var call = await Supervision.BeginAsync(api, "call");
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId);
        using var audio = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio", HttpCompletionOption.ResponseHeadersRead);
        audio.EnsureSuccessStatusCode();
        foreach (var (leg, other) in new[] { (call.SessionId, Tones.Agent), (call.OfferId, Tones.Consumer) })
        {
            var heard = await call.HeardByAsync(leg);
            heard.Strength(other).ShouldBeGreaterThan(1500);
            heard.Strength(Tones.Supervisor).ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task Hold_is_reported_as_it_is_during_monitoring_and_still_works_after_the_monitor_left()
    {
        await using var call = await Supervision.BeginAsync(api, "call");
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId, "barge");
        await HoldAsync(call, "held");
        using (var changed = await supervisor.PatchAsJsonAsync($"/v1/monitors/{monitor}", new { mode = "silent" }))
            await changed.JsonAsync();
        (await SessionAsync(call)).GetProperty("status").GetString().ShouldBe("held");
        await ResumeAsync(call);
        using (var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        await HoldAsync(call, "held");
        await ResumeAsync(call);
    }

    [Fact]
    public async Task Barging_in_and_out_is_told_once_each_and_nobody_is_missing_from_the_participants()
    {
        await using var call = await Supervision.BeginAsync(api, "call");
        var (id, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId, "barge");
        var before = await call.Adapter.ToldAsync(c => c.SessionUpdate is { Supervisors.Count: 1 });
        (await SessionAsync(call)).GetProperty("participants").EnumerateArray().Select(p => p.GetProperty("party").GetString()).ShouldBe(["consumer", "agent", "supervisor"]);
        using (var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        await call.Adapter.ToldAsync(c => c.Sequence > before.Sequence && c.SessionUpdate is { Supervisors.Count: 0 });
        call.Adapter.Updates.Count(c => c.SessionUpdate is { Supervisors.Count: 1 }).ShouldBe(1);
        var left = (await SessionAsync(call)).GetProperty("participants").EnumerateArray().Single(p => p.GetProperty("id").GetGuid() == id);
        left.GetProperty("leftAt").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task A_supervisor_monitors_from_their_own_client_without_being_an_agent_anywhere()
    {
        await using var call = await Supervision.BeginAsync(api, "call");
        var (_, trainee, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        var monitor = await Supervision.StartAsync(trainee, call.SessionId);
        (await Supervision.MonitorAsync(trainee, monitor)).GetProperty("mode").GetString().ShouldBe("silent");
    }

    [Fact]
    public async Task A_supervisor_in_a_chat_is_never_taken_for_the_customer_and_is_off_the_list_after_a_transfer()
    {
        await using var chat = await Supervision.BeginAsync(api, "chat");
        var (id, supervisor, _) = await chat.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, chat.SessionId, "barge");
        using (var sent = await supervisor.PostAsJsonAsync($"/v1/monitors/{monitor}/messages", new { text = "May I help?" }))
            await sent.JsonAsync();
        using (var transcript = await api.Admin.GetAsync($"/v1/sessions/{chat.SessionId}/transcript"))
        {
            var message = (await transcript.JsonAsync()).EnumerateArray().Single();
            (message.GetProperty("from").GetString(), message.GetProperty("authorId").GetGuid()).ShouldBe(("supervisor", id));
        }

        var elsewhere = await api.QueueAsync(teamIds: [chat.TeamId]);
        await chat.Adapter.DoAsync(new() { Transfer = new() { SessionId = chat.SessionId.ToString(), QueueId = elsewhere.ToString() } });
        var participants = (await SessionAsync(chat)).GetProperty("participants").EnumerateArray().ToList();
        participants.Where(p => p.GetProperty("leftAt").ValueKind == JsonValueKind.Null).Select(p => p.GetProperty("party").GetString()).ShouldBe(["consumer"]);
        using var late = await supervisor.PostAsJsonAsync($"/v1/monitors/{monitor}/messages", new { text = "Still here?" });
        late.IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task No_monitoring_haunts_a_session_that_is_over_or_a_client_that_is_gone()
    {
        await using var call = await Supervision.BeginAsync(api, "call");
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var withoutStream = await Supervision.StartAsync(supervisor, call.SessionId, "coach");
        using (var left = await call.Consumer.PostAsync($"/v1/sessions/{call.SessionId}/leave", content: null))
            await left.JsonAsync();
        using (var late = await supervisor.PostAsJsonAsync($"/v1/sessions/{call.SessionId}/monitors", new { mode = "silent" }))
            await late.ShouldRefuseAsync(System.Net.HttpStatusCode.Conflict, "session.ended");
        await call.EndedAsync(withoutStream, "session_ended");
    }

    private async Task<JsonElement> SessionAsync(Supervision call)
    {
        using var answer = await api.Admin.GetAsync($"/v1/sessions/{call.SessionId}");
        return await answer.JsonAsync();
    }

    private async Task HoldAsync(Supervision call, string status)
    {
        await call.Adapter.DoAsync(new() { Hold = new() { SessionId = call.SessionId.ToString() } });
        await Eventually.TrueAsync(() => call.Adapter.Updates.Last(c => c.SessionUpdate is not null).SessionUpdate.Status == SessionStatus.Held);
        (await SessionAsync(call)).GetProperty("status").GetString().ShouldBe(status);
    }

    private async Task ResumeAsync(Supervision call)
    {
        await call.Adapter.DoAsync(new() { ResumeFromHold = new() { SessionId = call.SessionId.ToString() } });
        await Eventually.TrueAsync(() => call.Adapter.Updates.Last(c => c.SessionUpdate is not null).SessionUpdate.Status == SessionStatus.Connected);
    }
}
