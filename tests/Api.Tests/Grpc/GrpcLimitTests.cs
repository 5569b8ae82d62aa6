using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>On a service with a low limit of its own: gRPC holds a caller to the limit that REST does.</summary>
public sealed class GrpcLimitTests : IAsyncLifetime
{
    private readonly TestApi api = new("--CONTACTCENTER_RATE_LIMIT=20");
    private GrpcChannel channel = null!;

    public async Task InitializeAsync()
    {
        await api.InitializeAsync();
        channel = GrpcChannel.ForAddress(api.Grpc);
    }

    public async Task DisposeAsync()
    {
        channel.Dispose();
        await api.DisposeAsync();
    }

    [Fact]
    public async Task Calls_beyond_the_limit_are_refused_with_when_to_come_back_and_others_are_not()
    {
        using var key = await api.KeyAsync(Permissions.MonitoringRead);
        using var other = await api.KeyAsync(Permissions.MonitoringRead);
        List<RpcException> refusals = [];
        // On a busy machine sixty may take so long that none is too many.
        while (refusals.Count < 600 && refusals.TrueForAll(r => r.StatusCode != StatusCode.ResourceExhausted))
            refusals.AddRange(await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => CallAsync(key))));
        ShouldSayWhen(refusals.First(r => r.StatusCode == StatusCode.ResourceExhausted));
        refusals.Count(r => r.StatusCode == StatusCode.InvalidArgument).ShouldBeGreaterThanOrEqualTo(20);
        (await CallAsync(other)).StatusCode.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task An_adapter_that_sends_more_than_the_limit_is_ended_and_the_refusal_is_in_the_audit_trail()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        for (var i = 0; i < 500 && !adapter.HasEnded; i++)
            await Record.ExceptionAsync(() => adapter.SendAsync(new() { SetStatus = new() { Available = true } }));

        (await adapter.EndAsync()).ShouldBe(StatusCode.ResourceExhausted);
        ShouldSayWhen(adapter.Failure!);
        await api.Get<RefusalCounts>().WriteAsync();
        await api.MarkEndAsync();
        var log = await api.Get<IEventStore>().ReadLogAsync(LogPosition.Start, 1000, CancellationToken.None);
        log.Events.ShouldContain(e => e.Metadata.Command == "MakeAgentAvailable" && e.Metadata.Actor.Id == agentId.ToString()
            && ((e.Data as Application.Pipeline.CommandWithoutEffect)!).Code == "request.too_many");
    }

    [Fact]
    public async Task Adapters_that_connect_more_often_than_the_limit_are_in_the_audit_trail()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        List<StatusCode> ends = [];
        while (ends.Count < 600 && !ends.Contains(StatusCode.ResourceExhausted))
        {
            ends.AddRange(await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
            {
                await using var adapter = await AdapterClient.ConnectAsync(api, AdapterClient.TokenOf(agent), new() { Resume = new() { LastSequence = -1 } });
                return await adapter.EndAsync();
            })));
        }

        ends.ShouldContain(StatusCode.ResourceExhausted);
        await api.Get<RefusalCounts>().WriteAsync();
        await api.MarkEndAsync();
        var log = await api.Get<IEventStore>().ReadLogAsync(LogPosition.Start, 1000, CancellationToken.None);
        var rows = log.Events.Where(e => e.Metadata.Actor.Id == agentId.ToString()).Select(e => e.Data).OfType<Application.Pipeline.CommandWithoutEffect>()
            .Where(e => e.Code == "request.too_many").ToList();
        rows.Sum(r => r.Count).ShouldBe(ends.Count(e => e == StatusCode.ResourceExhausted));
        rows.Count.ShouldBeLessThanOrEqualTo(2); // A minute may have begun in between.
    }

    private static void ShouldSayWhen(RpcException refusal)
    {
        refusal.ReasonOf().ShouldBe("request.too_many");
        refusal.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
    }

    private Task<RpcException> CallAsync(HttpClient caller) => new Monitoring.MonitoringClient(PatientCalls.Of(channel))
        .WatchSession(new() { SessionId = "?" }, AdapterClient.Auth(AdapterClient.TokenOf(caller))).RefusalAsync();
}
