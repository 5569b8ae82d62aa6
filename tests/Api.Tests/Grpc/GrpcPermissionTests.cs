using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>Every gRPC method has a row here: who may not call it, and what they are told.</summary>
[Collection(ApiTests.Name)]
public sealed class GrpcPermissionTests(TestApi api) : IDisposable
{
    private const string Open = "open";

    /// <summary>About what the caller began themselves, whatever else they may.</summary>
    private const string Own = "own";

    /// <summary>Each of these opens it: who reads sessions, and who monitors them.</summary>
    private const string ChatRead = Permissions.MonitoringRead + " " + Permissions.SessionsRead + " " + Permissions.MonitoringListen;

    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);

    /// <summary>Method, the permission it needs (null: any caller; open: nobody has to be known), a request.</summary>
    private static readonly Dictionary<string, (string? Permission, IMessage Request)> Rows = new(StringComparer.Ordinal)
    {
        ["/contactcenter.v1.AgentAdapter/Connect"] = (Permissions.SessionsHandle, new AdapterEvent { SignIn = new() { Chats = 1 } }),
        ["/contactcenter.v1.Monitoring/WatchSessions"] = (Permissions.MonitoringRead, new WatchSessionsRequest()),
        ["/contactcenter.v1.Monitoring/WatchAgents"] = (Permissions.MonitoringRead, new WatchAgentsRequest()),
        ["/contactcenter.v1.Monitoring/WatchQueues"] = (Permissions.MonitoringRead, new WatchQueuesRequest()),
        ["/contactcenter.v1.Monitoring/WatchSession"] = (Permissions.MonitoringRead, new WatchSessionRequest { SessionId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/EndSession"] = (Permissions.SessionsEnd, new EndSessionRequest { SessionId = Guid.Empty.ToString(), Reason = "because" }),
        ["/contactcenter.v1.Monitoring/SignOutAgent"] = (Permissions.AgentsSignOut, new SignOutAgentRequest { AgentId = Guid.Empty.ToString(), Reason = "because" }),
        ["/contactcenter.v1.Monitoring/Listen"] = (Permissions.MonitoringListen, new ListenRequest { SessionId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/ViewChat"] = (ChatRead, new ViewChatRequest { SessionId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/StartMonitor"] = (Permissions.MonitoringListen, new StartMonitorRequest { SessionId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/GetMonitor"] = (Own, new GetMonitorRequest { MonitorId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/ChangeMonitorMode"] = (Own, new ChangeMonitorModeRequest { MonitorId = Guid.Empty.ToString(), Mode = MonitorMode.Coach }),
        ["/contactcenter.v1.Monitoring/StopMonitor"] = (Own, new StopMonitorRequest { MonitorId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/TakeOver"] = (Own, new TakeOverRequest { MonitorId = Guid.Empty.ToString() }),
        ["/contactcenter.v1.Monitoring/WriteInChat"] =
            (Own, new WriteInChatRequest { MonitorId = Guid.Empty.ToString(), MessageId = "0192f3a0-0000-7000-8000-000000000001", Text = "Hello" }),
        ["/contactcenter.v1.EventFeed/Subscribe"] = (Permissions.EventsRead, new SubscribeRequest()),
        ["/grpc.health.v1.Health/Check"] = (Open, new HealthCheckRequest()),
        ["/grpc.health.v1.Health/Watch"] = (Open, new HealthCheckRequest()),
        ["/grpc.reflection.v1.ServerReflection/ServerReflectionInfo"] = (null, new ServerReflectionRequest { ListServices = "" }),
        ["/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"] = (null, new ServerReflectionRequest { ListServices = "" }),
    };

    public static TheoryData<string> Methods => new(Rows.Keys);

    [Fact]
    public void Every_method_has_a_row() => api.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName).OfType<string>().Distinct()
        .ShouldBe(Rows.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Nobody_unknown_is_answered_but_by_health(string method)
    {
        foreach (var token in new[] { null, "nonsense", "cc_00000000000000000000000000000000_AAAA", AdapterClient.TokenOf(api.Admin)[..^3] + "abc" })
        {
            var code = await CallAsync(method, AdapterClient.Auth(token));
            code.ShouldBe(Rows[method].Permission == Open ? StatusCode.OK : StatusCode.Unauthenticated);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_other_permission_together_is_not_the_one_needed(string method)
    {
        var needed = Rows[method].Permission;
        using var key = await api.KeyAsync([.. Permissions.All.Where(p => needed?.Split(' ').Contains(p) != true)]);
        var expected = needed is null or Open ? StatusCode.OK : StatusCode.PermissionDenied;
        (await CallAsync(method, AdapterClient.Auth(AdapterClient.TokenOf(key)))).ShouldBe(expected);
    }

    [Fact]
    public async Task A_key_connects_no_adapter_and_part_of_the_queues_is_no_licence_to_read_the_log()
    {
        using var handler = await api.KeyAsync(Permissions.SessionsHandle);
        (await CallAsync("/contactcenter.v1.AgentAdapter/Connect", AdapterClient.Auth(AdapterClient.TokenOf(handler)))).ShouldBe(StatusCode.PermissionDenied);
        using var partly = await api.KeyAsync(Scope.AssignedTeams, Permissions.EventsRead);
        (await CallAsync("/contactcenter.v1.EventFeed/Subscribe", AdapterClient.Auth(AdapterClient.TokenOf(partly)))).ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Unknown_methods_are_unimplemented_whoever_asks()
    {
        foreach (var caller in new[] { AdapterClient.Auth(null), AdapterClient.Auth(AdapterClient.TokenOf(api.Admin)) })
            (await CallAsync("/contactcenter.v1.AgentAdapter/Nothing", caller, new HealthCheckRequest())).ShouldBe(StatusCode.Unimplemented);
    }

    public void Dispose() => channel.Dispose();

    private Task<StatusCode> CallAsync(string method, Metadata headers) => CallAsync(method, headers, Rows[method].Request);

    /// <summary>Sends one request, whatever kind the method is; OK if something is answered, or nothing for a moment.</summary>
    private async Task<StatusCode> CallAsync(string method, Metadata headers, IMessage request)
    {
        var split = method.LastIndexOf('/');
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        using var call = PatientCalls.Of(channel).AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, method[1..split], method[(split + 1)..], bytes, bytes), host: null, new CallOptions(headers));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // Who is refused at once may never get to send anything: what is answered counts, whatever becomes of the request.
        var answer = call.ResponseStream.MoveNext(limit.Token);
        await Task.WhenAny(answer, SendAsync(call.RequestStream, request, isWhole: !method.EndsWith("/Connect", StringComparison.Ordinal)));
        try
        {
            await answer;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    private static async Task SendAsync(IClientStreamWriter<byte[]> requests, IMessage request, bool isWhole)
    {
        try
        {
            await requests.WriteAsync(request.ToByteArray());
            if (isWhole)
                await requests.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The status is the response's.
        }
    }
}
