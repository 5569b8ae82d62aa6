using System.Net;
using System.Net.Http.Json;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using MonitorMode = ContactCenter.V1.MonitorMode;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>A supervisor listens to a call, coaches, barges in and takes over, over REST and gRPC.</summary>
[Collection(WatchingTests.Name)]
public sealed class CallMonitorTests(TestApi api) : IAsyncLifetime
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);
    private Supervision call = null!;

    private V1.Monitoring.MonitoringClient Client => new(channel);

    public async Task InitializeAsync() => call = await Supervision.BeginAsync(api, "call");

    public async Task DisposeAsync()
    {
        await call.DisposeAsync();
        channel.Dispose();
    }

    [Fact]
    public async Task Listening_over_grpc_is_a_monitoring_that_ends_with_its_stream()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        Guid monitor;
        using (var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(supervisor)))
        {
            monitor = Guid.Parse((await listening.ResponseHeadersAsync).GetValue("monitor-id")!);
            await HeardAsync(listening, 25);
            (await call.StateAsync(monitor)).StopReason.ShouldBeNull();
        }

        await call.EndedAsync(monitor, "stream_closed");
    }

    [Fact]
    public async Task A_coach_is_heard_by_the_agent_alone_and_who_barges_in_by_all()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var auth = Auth(supervisor);
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString(), Mode = MonitorMode.Coach }, auth);
        var monitor = Guid.Parse((await listening.ResponseHeadersAsync).GetValue("monitor-id")!);
        await call.HearsAsync(call.OfferId, Tones.Supervisor);
        (await call.HeardByAsync(call.SessionId)).Strength(Tones.Supervisor).ShouldBeLessThan(100);
        (await call.HeardByAsync(monitor)).Strength(Tones.Consumer).ShouldBeGreaterThan(500);
        call.Adapter.Told.ShouldNotContain(c => c.SessionUpdate != null && c.SessionUpdate.Supervisors.Count > 0);

        var barging = await Client.ChangeMonitorModeAsync(new ChangeMonitorModeRequest { MonitorId = monitor.ToString(), Mode = MonitorMode.Barge }, auth);
        barging.Mode.ShouldBe(MonitorMode.Barge);
        await call.HearsAsync(call.SessionId, Tones.Supervisor);
        (await call.HeardByAsync(call.OfferId)).Strength(Tones.Supervisor).ShouldBeGreaterThan(500);
        await call.Adapter.ToldAsync(c => c.SessionUpdate is { Supervisors: ["Uma User"] });

        using var changed = await supervisor.PatchAsJsonAsync($"/v1/monitors/{monitor}", new { mode = "silent" });
        await changed.JsonAsync();
        await call.HearsAsync(call.SessionId, Tones.Supervisor, hears: false);
        await call.HearsAsync(call.OfferId, Tones.Supervisor, hears: false);
        await HeardAsync(listening, 25);
    }

    [Theory]
    [InlineData("tone:0")]
    [InlineData("tone:4000")]
    [InlineData("tone:high")]
    [InlineData("../../etc/passwd")]
    [InlineData(" ")]
    public async Task A_voice_that_is_none_is_named_and_nothing_begins(string voice)
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        using var refused = await supervisor.PostAsJsonAsync($"/v1/sessions/{call.SessionId}/monitors", new { mode = "coach", voice });
        (await refused.ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid")).GetProperty("errors").GetProperty("voice")[0].GetString()!.ShouldContain("tone:440");
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString(), Mode = MonitorMode.Coach, Voice = voice }, Auth(supervisor));
        (await Should.ThrowAsync<RpcException>(async () => await listening.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.InvalidArgument);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId);
        using var changed = await supervisor.PatchAsJsonAsync($"/v1/monitors/{monitor}", new { mode = "coach", voice });
        await changed.ShouldRefuseAsync(HttpStatusCode.BadRequest, "request.invalid");
        (await call.StateAsync(monitor)).Mode.ShouldBe(Domain.Monitoring.MonitorMode.Silent);
    }

    [Fact]
    public async Task Monitoring_over_rest_begins_with_a_post_is_heard_as_a_wav_file_and_ends_with_a_delete()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId);
        using var audio = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio", HttpCompletionOption.ResponseHeadersRead);
        (audio.StatusCode, audio.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.OK, "audio/wav"));
        await using var wav = await audio.Content.ReadAsStreamAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var bytes = new byte[8000];
        await wav.ReadExactlyAsync(bytes, patience.Token);
        System.Text.Encoding.ASCII.GetString(bytes, 0, 4).ShouldBe("RIFF");
        await wav.ReadExactlyAsync(bytes, patience.Token);
        ((ReadOnlyMemory<byte>)bytes).Strength(Tones.Agent).ShouldBeGreaterThan(500);

        using var stopped = await supervisor.DeleteAsync($"/v1/monitors/{monitor}");
        await stopped.JsonAsync();
        while (await wav.ReadAsync(bytes, patience.Token) > 0)
        {
        }

        var after = await Supervision.MonitorAsync(supervisor, monitor);
        after.GetProperty("stopReason").GetString().ShouldBe("asked");
        using var again = await supervisor.DeleteAsync($"/v1/monitors/{monitor}");
        await again.JsonAsync();
        using var over = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio");
        await over.ShouldRefuseAsync(HttpStatusCode.Conflict, "monitoring.over");
    }

    [Fact]
    public async Task Several_monitor_at_once_and_each_ends_with_the_call_and_hears_why()
    {
        var (_, one, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        var (_, other, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        using var first = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(one));
        using var second = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(other));
        await HeardAsync(first, 5);
        await HeardAsync(second, 5);
        using var left = await call.Consumer.PostAsync($"/v1/sessions/{call.SessionId}/leave", content: null);
        left.EnsureSuccessStatusCode();
        foreach (var listening in new[] { first, second })
        {
            await DrainAsync(listening);
            listening.GetTrailers().GetValue("monitor-ended").ShouldBe("session_ended");
        }
    }

    [Fact]
    public async Task One_without_a_stream_ends_as_lost_within_ten_seconds()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        await Supervision.ShouldBeLostInTimeAsync(async () =>
        {
            var monitor = await Supervision.StartAsync(supervisor, call.SessionId);
            await call.EndedAsync(monitor, "client_lost");
            var (began, ended) = await call.TimesAsync(monitor);
            return ended!.Value - began;
        });
    }

    [Fact]
    public async Task What_is_out_of_reach_is_refused_as_what_does_not_exist_is()
    {
        var (_, supervisor, _) = await call.SupervisorAsync([.. Supervision.All, Permissions.SessionsRead]);
        var (foreign, _) = await api.SessionAsync(await api.QueueAsync(), "call");
        List<string> answers = [];
        foreach (var id in new[] { foreign, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()) })
        {
            foreach (var mode in new[] { MonitorMode.Silent, MonitorMode.Coach, MonitorMode.Barge })
            {
                var started = await Should.ThrowAsync<RpcException>(async () => await Client.StartMonitorAsync(new StartMonitorRequest { SessionId = id.ToString(), Mode = mode }, Auth(supervisor)));
                answers.Add($"{started.StatusCode} {started.Status.Detail}");
            }

            using var listening = Client.Listen(new ListenRequest { SessionId = id.ToString() }, Auth(supervisor));
            answers.Add((await listening.RefusalAsync()).StatusCode.ToString());
            using var viewing = Client.ViewChat(new ViewChatRequest { SessionId = id.ToString() }, Auth(supervisor));
            answers.Add((await viewing.RefusalAsync()).StatusCode.ToString());
            using var posted = await supervisor.PostAsJsonAsync($"/v1/sessions/{id}/monitors", new { mode = "silent" });
            answers.Add((await posted.ShouldRefuseAsync(HttpStatusCode.NotFound, "session.not_found")).GetProperty("detail").GetString()!);
        }

        answers.Take(6).ShouldBe(answers.Skip(6));
        answers.Where(a => a.StartsWith("NotFound", StringComparison.Ordinal)).Count().ShouldBe(10);
    }

    [Fact]
    public async Task Taking_over_gives_the_call_to_the_supervisor_and_the_work_after_it_to_the_agent()
    {
        var (id, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId, "barge");
        using (var noAdapter = await supervisor.PostAsync($"/v1/monitors/{monitor}/take-over", content: null))
            await noAdapter.ShouldRefuseAsync(HttpStatusCode.Conflict, "agent.not_signed_in");

        await using var adapter = await AdapterClient.SignInAsync(api, supervisor);
        await adapter.DoAsync(new() { SetStatus = new() { Available = false, Reason = "unavailable" } });
        using (var taken = await supervisor.PostAsync($"/v1/monitors/{monitor}/take-over", content: null))
            await taken.JsonAsync();
        await adapter.StatusAsync(call.SessionId, SessionStatus.Connected);
        await call.Adapter.ToldAsync(c => c.WrapUpStarted?.SessionId == call.SessionId.ToString());
        (await Supervision.MonitorAsync(supervisor, monitor)).GetProperty("stopReason").GetString().ShouldBe("took_over");
        await call.HearsAsync(call.SessionId, Tones.Supervisor, hears: false);
        (await call.HeardByAsync(call.SessionId)).Strength(Tones.Agent).ShouldBeGreaterThan(500);

        using (var asked = await api.Admin.GetAsync($"/v1/sessions/{call.SessionId}"))
        {
            var session = await asked.JsonAsync();
            session.GetProperty("agentId").GetGuid().ShouldBe(id);
            session.GetProperty("participants").EnumerateArray().Select(p => (p.GetProperty("party").GetString(), p.GetProperty("leftAt").ValueKind == System.Text.Json.JsonValueKind.Null))
                .ShouldBe([("consumer", true), ("agent", false), ("supervisor", false), ("agent", true)]);
        }

        (await call.Adapter.AskAsync(new() { Hold = new() { SessionId = call.SessionId.ToString() } })).Accepted.ShouldBeFalse();
        await adapter.DoAsync(new() { Hold = new() { SessionId = call.SessionId.ToString() } });
        await adapter.DoAsync(new() { End = new() { SessionId = call.SessionId.ToString() } });
        await adapter.ToldAsync(c => c.WrapUpStarted?.SessionId == call.SessionId.ToString());
        await adapter.GoesOnFromEachAsync(api, id);
        await call.Adapter.GoesOnFromEachAsync(api, call.AgentId);
    }

    private static Metadata Auth(HttpClient client) => AdapterClient.Auth(AdapterClient.TokenOf(client));

    private static async Task HeardAsync(AsyncServerStreamingCall<V1.AudioFrame> listening, int frames)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var heard = 0; heard < frames; heard++)
            (await listening.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
    }

    private static async Task DrainAsync(AsyncServerStreamingCall<V1.AudioFrame> listening)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await listening.ResponseStream.MoveNext(patience.Token))
        {
        }
    }
}
