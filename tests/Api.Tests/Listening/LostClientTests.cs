using ContactCenter.Api.Tests.Grpc;
using ContactCenter.V1;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Listening;

/// <summary>
/// A client that is connected and reads nothing any more is gone: no monitoring outlives it, however it listens (MON-2). It
/// never closes anything, so nothing but its silence can end what it has.
/// </summary>
[Collection(WatchingTests.Name)]
public sealed class LostClientTests(TestApi api)
{
    private const int Window = 65_535;

    /// <summary>What lies unread counts as taken (ADR 0061): so long until frames of 320 bytes each 20 ms fill the window.</summary>
    private static readonly TimeSpan TimeToFill = TimeSpan.FromMilliseconds(Window / 320 * 20);

    [Theory]
    [InlineData("GET /v1/monitors/{id}/audio", "call")]
    [InlineData("GET /v1/monitors/{id}/live", "chat")]
    [InlineData("GET /v1/sessions/{id}/live", "chat")]
    [InlineData("Listen", "call")]
    [InlineData("ViewChat", "chat")]
    [InlineData("Listen to what was begun", "call")]
    [InlineData("Listen, never read", "call")]
    public Task A_client_that_stops_reading_monitors_no_more(string how, string kind) => Supervision.ShouldBeLostInTimeAsync(() => OutlivesAsync(how, kind));

    /// <summary>How long after its client stopped reading the monitoring ends.</summary>
    private async Task<TimeSpan> OutlivesAsync(string how, string kind)
    {
        using var rest = new FrozenNetwork(api.Rest);
        using var grpc = new FrozenNetwork(api.Grpc);
        await using var session = await Supervision.BeginAsync(api, kind);
        var (_, supervisor, _) = await session.SupervisorAsync(Supervision.All);
        using var client = api.Client(AdapterClient.TokenOf(supervisor));
        using var frozen = new HttpClient { BaseAddress = rest.Address };
        frozen.DefaultRequestHeaders.Authorization = client.DefaultRequestHeaders.Authorization;
        // The last of them answers pings, and nobody takes what it is sent: as much as most clients let lie unread.
        using var channel = how.EndsWith("never read", StringComparison.Ordinal)
            ? GrpcChannel.ForAddress(api.Grpc, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = Window } })
            : GrpcChannel.ForAddress(grpc.Address);
        var (monitor, stream) = await BeginAsync(how, session, supervisor, frozen, new V1.Monitoring.MonitoringClient(channel), AdapterClient.Auth(AdapterClient.TokenOf(supervisor)));
        using var open = stream;
        (await session.StateAsync(monitor)).StopReason.ShouldBeNull();

        var lost = api.Get<TimeProvider>().GetUtcNow();
        rest.Freeze();
        grpc.Freeze();
        if (how.EndsWith("never read", StringComparison.Ordinal))
            lost = (await session.TimesAsync(monitor)).StartedAt + TimeToFill;
        // Where pings find it, the stream is closed for the client.
        await Testing.Eventually.TrueAsync(async () => (await session.StateAsync(monitor)).StopReason is "client_lost" or "stream_closed", what: $"the monitoring to end: {how}");
        return (await session.TimesAsync(monitor)).StoppedAt!.Value - lost;
    }

    private async Task<(Guid Monitor, IDisposable Stream)> BeginAsync(
        string how, Supervision session, HttpClient supervisor, HttpClient frozen, V1.Monitoring.MonitoringClient client, global::Grpc.Core.Metadata auth)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        switch (how)
        {
            case "Listen" or "Listen, never read":
                var listening = client.Listen(new ListenRequest { SessionId = session.SessionId.ToString() }, auth);
                return (Guid.Parse((await listening.ResponseHeadersAsync).GetValue("monitor-id")!), listening);
            case "ViewChat":
                var viewing = client.ViewChat(new ViewChatRequest { SessionId = session.SessionId.ToString() }, auth);
                (await viewing.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
                return (Guid.Parse((await viewing.ResponseHeadersAsync).GetValue("monitor-id")!), viewing);
            case "GET /v1/sessions/{id}/live":
                var looking = await EventStream.OpenAsync(frozen, $"/v1/sessions/{session.SessionId}/live");
                (await looking.NextAsync(patience.Token))!.Value.Name.ShouldBe("snapshot");
                return (await OnlyMonitorAsync(session.SessionId), looking);
        }

        var begun = await Supervision.StartAsync(supervisor, session.SessionId);
        if (how == "Listen to what was begun")
        {
            var listening = client.Listen(new ListenRequest { MonitorId = begun.ToString() }, auth);
            await listening.ResponseHeadersAsync;
            return (begun, listening);
        }

        var answer = await frozen.GetAsync(how.Split(' ')[1].Replace("{id}", begun.ToString(), StringComparison.Ordinal), HttpCompletionOption.ResponseHeadersRead, patience.Token);
        answer.EnsureSuccessStatusCode();
        return (begun, answer);
    }

    private async Task<Guid> OnlyMonitorAsync(Guid sessionId)
    {
        Guid? found = null;
        await Testing.Eventually.TrueAsync(async () =>
        {
            using var answer = await api.Admin.GetAsync($"/v1/monitors?sessionId={sessionId}");
            var items = (await answer.JsonAsync()).GetProperty("items").EnumerateArray().ToList();
            found = items.Count == 1 ? items[0].GetProperty("monitorId").GetGuid() : null;
            return found is not null;
        });
        return found!.Value;
    }
}
