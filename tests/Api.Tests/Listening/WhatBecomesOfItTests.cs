using System.Net;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;
using MonitorMode = ContactCenter.Domain.Monitoring.MonitorMode;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>What hold, transfer, lost rights and lost nodes make of a monitoring.</summary>
[Collection(WatchingTests.Name)]
public sealed class WhatBecomesOfItTests(TestApi api) : IAsyncLifetime
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
    public async Task Hold_keeps_every_monitoring_and_a_coach_speaks_on_to_the_agent()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        using var coaching = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString(), Mode = V1.MonitorMode.Coach }, Auth(supervisor));
        var monitor = await IdAsync(coaching);
        await call.Adapter.DoAsync(new() { Hold = new() { SessionId = call.SessionId.ToString() } });
        await call.HearsAsync(call.SessionId, Tones.Agent, hears: false);
        await call.HearsAsync(call.OfferId, Tones.Supervisor);
        await api.Get<MonitorStreams>().RecheckAsync(CancellationToken.None);
        (await call.StateAsync(monitor)).ShouldBe(new SessionMonitorState(MonitorMode.Coach, null));
    }

    [Theory]
    [InlineData(V1.MonitorMode.Silent)]
    [InlineData(V1.MonitorMode.Coach)]
    [InlineData(V1.MonitorMode.Barge)]
    public async Task After_a_transfer_the_supervisor_listens_on_and_is_heard_by_nobody_they_did_not_choose(V1.MonitorMode mode)
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var (nextId, nextAgent) = await api.UserAsync([BuiltInRoles.Agent], [call.TeamId]);
        var nextQueue = await api.QueueAsync(members: [nextId], teamIds: [call.TeamId]);
        await using var next = await AdapterClient.SignInAsync(api, nextAgent);
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString(), Mode = mode }, Auth(supervisor));
        var monitor = await IdAsync(listening);
        if (mode == V1.MonitorMode.Barge)
            await call.HearsAsync(call.SessionId, Tones.Supervisor);

        await call.Adapter.DoAsync(new() { Transfer = new() { SessionId = call.SessionId.ToString(), QueueId = nextQueue.ToString() } });
        var offer = await next.AcceptAsync(call.SessionId);
        await next.DoAsync(new() { PreparationPlayed = new() { SessionId = offer.SessionId, OfferId = offer.OfferId } });
        await next.StatusAsync(call.SessionId, SessionStatus.Connected);

        await Eventually.TrueAsync(async () => await call.StateAsync(monitor) is { Mode: MonitorMode.Silent, StopReason: null });
        await call.HearsAsync(Guid.Parse(offer.OfferId), Tones.Consumer);
        (await call.HeardByAsync(Guid.Parse(offer.OfferId))).Strength(Tones.Supervisor).ShouldBeLessThan(100);
        (await call.HeardByAsync(call.SessionId)).Strength(Tones.Supervisor).ShouldBeLessThan(100);
        await HearsAsync(listening, Tones.Agent);
    }

    [Fact]
    public async Task A_transfer_out_of_the_supervisors_teams_ends_the_monitoring()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        var elsewhere = await api.QueueAsync();
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(supervisor));
        var monitor = await IdAsync(listening);
        await call.Adapter.DoAsync(new() { Transfer = new() { SessionId = call.SessionId.ToString(), QueueId = elsewhere.ToString() } });
        await call.EndedAsync(monitor, "right_lost");
        (await Should.ThrowAsync<RpcException>(() => DrainAsync(listening))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Who_loses_the_right_is_out_and_the_coach_is_heard_no_more()
    {
        var (id, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId, "coach");
        using var audio = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio", HttpCompletionOption.ResponseHeadersRead);
        await call.HearsAsync(call.OfferId, Tones.Supervisor);
        (await api.Get<Application.Messaging.Dispatcher>().SendAsSystemAsync("tests", new Application.Access.AssignUser(id, [], [call.TeamId]), CancellationToken.None)).IsOk.ShouldBeTrue();
        await Eventually.TrueAsync(async () =>
        {
            await api.Get<MonitorStreams>().RecheckAsync(CancellationToken.None);
            return (await call.StateAsync(monitor)).StopReason == "right_lost";
        });
        await call.HearsAsync(call.OfferId, Tones.Supervisor, hears: false);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await (await audio.Content.ReadAsStreamAsync(patience.Token)).CopyToAsync(Stream.Null, patience.Token);
    }

    [Fact]
    public async Task Whoever_finds_the_changed_right_first_the_client_hears_what_every_stream_says()
    {
        var (id, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(supervisor));
        var monitor = await IdAsync(listening);
        (await api.Get<Application.Messaging.Dispatcher>().SendAsSystemAsync("tests", new Application.Access.AssignUser(id, [], [call.TeamId]), CancellationToken.None)).IsOk.ShouldBeTrue();
        await Eventually.TrueAsync(async () =>
        {
            await api.Get<MonitorStreams>().RecheckAsync(CancellationToken.None);
            return (await call.StateAsync(monitor)).StopReason == "right_lost";
        });
        var ended = await Should.ThrowAsync<RpcException>(() => DrainAsync(listening));
        (ended.StatusCode, ended.ReasonOf()).ShouldBe((StatusCode.Unauthenticated, "auth.changed"));
        listening.GetTrailers().GetValue("monitor-ended").ShouldBe("right_lost");
    }

    [Fact]
    public async Task A_token_that_is_void_ends_the_monitoring()
    {
        var (id, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        var monitor = await Supervision.StartAsync(supervisor, call.SessionId);
        using var audio = await supervisor.GetAsync($"/v1/monitors/{monitor}/audio", HttpCompletionOption.ResponseHeadersRead);
        audio.EnsureSuccessStatusCode();
        using (var gone = await api.Admin.PostAsync($"/v1/users/{id}/deactivate", content: null))
            gone.EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () =>
        {
            await api.Get<MonitorStreams>().RecheckAsync(CancellationToken.None);
            return (await call.StateAsync(monitor)).StopReason == "right_lost";
        });
    }

    [Fact]
    public async Task A_coach_whose_own_line_breaks_listens_on()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Supervision.All);
        using var coaching = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString(), Mode = V1.MonitorMode.Coach }, Auth(supervisor));
        var monitor = await IdAsync(coaching);
        var engine = api.Get<Infrastructure.Media.Simulated.SimulatedMediaEngine>();
        await Eventually.TrueAsync(() => engine.HangUpByParty(call.SessionId, Application.Media.Party.Supervisor));
        await Eventually.TrueAsync(async () => await call.StateAsync(monitor) is { Mode: MonitorMode.Silent, StopReason: null });
        await HearsAsync(coaching, Tones.Agent);
    }

    [Fact]
    public async Task Media_that_is_lost_ends_the_call_and_every_monitoring_of_it()
    {
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        using var listening = Client.Listen(new ListenRequest { SessionId = call.SessionId.ToString() }, Auth(supervisor));
        var monitor = await IdAsync(listening);
        var system = api.Get<Application.Messaging.Dispatcher>();
        (await system.SendAsSystemAsync("media", new Application.Sessions.EndLostCall(call.SessionId, "media_lost"), CancellationToken.None)).IsOk.ShouldBeTrue();
        await call.EndedAsync(monitor, "session_ended");
        await DrainAsync(listening);
        listening.GetTrailers().GetValue("monitor-ended").ShouldBe("session_ended");
    }

    [Fact]
    public async Task A_stop_on_another_node_ends_the_stream_and_a_node_without_the_audio_says_so()
    {
        await using var other = new Node(await api.AnotherNodeAsync());
        var (_, supervisor, _) = await call.SupervisorAsync(Permissions.MonitoringListen);
        using var there = other.Api.Client(AdapterClient.TokenOf(supervisor));
        var monitor = await Supervision.StartAsync(there, call.SessionId);
        using (var elsewhere = await there.GetAsync($"/v1/monitors/{monitor}/audio", HttpCompletionOption.ResponseHeadersRead))
            await elsewhere.ShouldRefuseAsync(HttpStatusCode.ServiceUnavailable, "monitoring.audio_elsewhere");
        using var listening = Client.Listen(new ListenRequest { MonitorId = monitor.ToString() }, Auth(supervisor));
        await HearsAsync(listening, Tones.Agent);
        using (var stopped = await there.DeleteAsync($"/v1/monitors/{monitor}"))
            await stopped.JsonAsync();
        await DrainAsync(listening);
        listening.GetTrailers().GetValue("monitor-ended").ShouldBe("asked");
    }

    private sealed record Node(TestApi Api) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Api.DisposeAsync();
    }

    private static Metadata Auth(HttpClient client) => AdapterClient.Auth(AdapterClient.TokenOf(client));

    private static async Task<Guid> IdAsync(AsyncServerStreamingCall<V1.AudioFrame> listening) =>
        Guid.Parse((await listening.ResponseHeadersAsync).GetValue("monitor-id")!);

    private static async Task HearsAsync(AsyncServerStreamingCall<V1.AudioFrame> listening, int hz)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await listening.ResponseStream.MoveNext(patience.Token))
        {
            if (listening.ResponseStream.Current.Pcm.Memory.Strength(hz) > 1500)
                return;
        }

        throw new InvalidOperationException($"Nothing of {hz} Hz was heard.");
    }

    private static async Task DrainAsync(AsyncServerStreamingCall<V1.AudioFrame> listening)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await listening.ResponseStream.MoveNext(patience.Token))
        {
        }
    }
}
