using System.Net;
using System.Net.Http.Json;
using System.Text;
using ContactCenter.Api.Tests.Grpc;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Testing;
using ContactCenter.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests;

/// <summary>Every refusal of a command is in the audit trail, under the command's name and about what it was aimed at (ADM-2).</summary>
[Collection(ApiTests.Name)]
public sealed class RefusalAuditTests(TestApi api)
{
    private static readonly byte[] NoMessage = [0xff, 0xff, 0xff, 0xff, 0x01];
    private static readonly Guid Some = new("01890000-0000-7000-8000-00000000abcd");

    [Fact]
    public async Task A_body_of_another_media_type()
    {
        using var content = new StringContent("reason=stuck", Encoding.UTF8, "application/x-www-form-urlencoded");
        (await RefusedAsync(() => api.Admin.PostAsync($"/v1/sessions/{Some}/end", content), HttpStatusCode.UnsupportedMediaType))
            .ShouldBe(("EndSession", $"session-{Some}", "request.media_type"));
    }

    [Fact]
    public async Task A_body_in_another_charset()
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=utf-16");
        (await RefusedAsync(() => api.Admin.PostAsync("/v1/queues", content), HttpStatusCode.UnsupportedMediaType))
            .ShouldBe(("CreateQueue", null, "request.media_type"));
    }

    [Fact]
    public async Task Fields_that_contradict_each_other()
    {
        (await RefusedAsync(() => api.Admin.PutAsJsonAsync($"/v1/agents/{Some}/status", new { presence = "available", reason = "lunch" })))
            .ShouldBe(("SetAgentStatus", $"agent-{Some}", "request.invalid"));
        (await RefusedAsync(() => api.Admin.PatchAsJsonAsync($"/v1/sessions/{Some}/customer-flags", new { repeat_customer = true, repeat_customers = true })))
            .ShouldBe(("SetCustomerFlags", $"session-{Some}", "request.invalid"));
        (await RefusedAsync(() => api.Anonymous.PostAsJsonAsync("/v1/auth/token", new { login = "a", user = "b", password = "c" })))
            .ShouldBe(("SignIn", null, "request.invalid"));
    }

    [Fact]
    public async Task Settings_that_cannot_be_taken_in()
    {
        using var file = new StringContent("calls: off", Encoding.UTF8, "application/yaml");
        (await RefusedAsync(() => api.Admin.PutAsync("/v1/settings/export", file), HttpStatusCode.UnsupportedMediaType))
            .ShouldBe(("ImportSettings", null, "request.media_type"));
        (await RefusedAsync(() => api.Admin.PutAsync($"/v1/queues/{Some}/deflection", file), HttpStatusCode.UnsupportedMediaType))
            .ShouldBe(("ConfigureQueueDeflection", $"queue-{Some}", "request.media_type"));
        using var recording = new HttpRequestMessage(HttpMethod.Post, "/v1/settings/messages/audio?name=Closed") { Content = new ByteArrayContent(new byte[AudioContent.MaxBytes + 1]) };
        // Else the connection would be closed while the client still sends.
        recording.Headers.ExpectContinue = true;
        (await RefusedAsync(() => api.Admin.SendAsync(recording), HttpStatusCode.RequestEntityTooLarge)).ShouldBe(("UploadMessageAudio", null, "request.too_large"));
        (await RefusedAsync(() => api.Admin.PutAsJsonAsync("/v1/settings/messages/no_such_key/en", new { text = "Closed" }))).Command.ShouldBe("SetMessage");
        // What the path names is a part of a page, and no stream.
        (await RefusedAsync(() => api.Anonymous.DeleteAsync($"/v1/settings/messages/audio/{Some}"), HttpStatusCode.Unauthorized))
            .ShouldBe(("RemoveMessageAudio", null, "auth.unauthenticated"));
    }

    [Fact]
    public async Task But_no_question_that_was_asked_wrongly()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var refused = await RefusalsAsync(async () =>
        {
            await (await api.Admin.PostAsJsonAsync("/v1/deflection/decide", new { kind = "letter" })).ShouldRefuseAsync(HttpStatusCode.BadRequest);
            (await adapter.AskAsync(new() { ListTransferTargets = new() { SessionId = "?" } })).Code.ShouldBe("request.invalid");
            return true;
        });
        refused.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_may_for_one_of_several_reasons_and_has_none_of_them()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        (await RefusedAsync(() => agent.GetAsync($"/v1/agents/{Some}"), HttpStatusCode.Forbidden)).ShouldBe(("GetAgent", $"agent-{Some}", "auth.forbidden"));
        (await RefusedAsync(() => agent.GetAsync($"/v1/sessions/{Some}"), HttpStatusCode.NotFound)).ShouldBe(("GetSession", $"session-{Some}", "auth.forbidden"));
    }

    [Fact]
    public async Task An_adapters_event_that_makes_no_command()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        (await RefusedAsync(() => adapter.AskAsync(new() { Hold = new() { SessionId = "?" } }))).ShouldBe(("HoldSession", $"agent-{agentId}", "request.invalid"));
        (await RefusedAsync(() => adapter.AskAsync(new()))).ShouldBe(("POST /contactcenter.v1.AgentAdapter/Connect", null, "request.invalid"));
    }

    [Fact]
    public async Task A_first_event_that_is_none()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        (await RefusedAsync(() => BeginAsync(agent, new() { SetStatus = new() { Available = true } }))).ShouldBe(("MakeAgentAvailable", $"agent-{agentId}", "request.invalid"));
        (await RefusedAsync(() => BeginAsync(agent, new() { SignIn = new() { Chats = 1, Channels = { (Channel)99 } } }))).ShouldBe(("SignInAgent", $"agent-{agentId}", "request.invalid"));
        (await RefusedAsync(() => BeginAsync(agent, new() { Resume = new() { LastSequence = -1 } }))).Code.ShouldBe("request.invalid");
        (await RefusedAsync(() => BeginAsync(agent, new() { Resume = new() { LastSequence = 1 } }))).Code.ShouldBe("agent.signed_out");
    }

    [Fact]
    public async Task An_adapter_of_nobody_who_is_an_agent()
    {
        using var key = await api.KeyAsync(Permissions.SessionsHandle);
        (await RefusedAsync(() => BeginAsync(key, new() { SignIn = new() { Chats = 1 } }))).ShouldBe(("POST /contactcenter.v1.AgentAdapter/Connect", null, "auth.forbidden"));
    }

    [Fact]
    public async Task What_an_agent_may_not_do_to_a_session_names_the_session()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var (session, _) = await api.SessionAsync(await api.QueueAsync());
        (await RefusedAsync(() => agent.PostAsync($"/v1/sessions/{session}/hold", content: null), HttpStatusCode.NotFound))
            .ShouldBe(("HoldSession", $"session-{session}", "auth.forbidden"));
    }

    [Fact]
    public async Task Bytes_that_are_no_event()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        using var call = PatientCalls.Of(channel).AsyncDuplexStreamingCall(
            Raw(MethodType.DuplexStreaming, "contactcenter.v1.AgentAdapter", "Connect"), host: null, new CallOptions(AdapterClient.Auth(AdapterClient.TokenOf(agent))));
        (await RefusedAsync(async () =>
        {
            await call.RequestStream.WriteAsync(NoMessage);
            var refusal = await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));
            refusal.ReasonOf().ShouldBe("request.malformed");
            return true;
        })).ShouldBe(("POST /contactcenter.v1.AgentAdapter/Connect", null, "request.malformed"));
    }

    [Fact]
    public async Task Headers_that_are_too_large()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sessions/{Some}/end") { Headers = { { "x-long", new string('x', 100_000) } } };
        (await RefusedAsync(() => api.Admin.SendAsync(request), HttpStatusCode.RequestHeaderFieldsTooLarge))
            .ShouldBe(("EndSession", $"session-{Some}", "request.headers_too_large"));
    }

    [Fact]
    public async Task A_command_over_grpc_with_fields_that_nothing_can_be_asked_with()
    {
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        var client = new Monitoring.MonitoringClient(channel);
        var admin = AdapterClient.Auth(AdapterClient.TokenOf(api.Admin));
        (await EndedAsync(() => client.EndSessionAsync(new() { SessionId = "x" }, admin))).ShouldBe(("EndSession", null, "request.invalid"));
        (await EndedAsync(() => client.SignOutAgentAsync(new() { AgentId = "x" }, admin))).ShouldBe(("ForceAgentSignOut", null, "request.invalid"));
        (await EndedAsync(() => client.StartMonitorAsync(new() { SessionId = $"{Some}", Mode = (MonitorMode)9 }, admin))).ShouldBe(("StartMonitor", null, "request.invalid"));
        (await EndedAsync(() => client.TakeOverAsync(new(), admin))).ShouldBe(("TakeOverSession", null, "request.invalid"));
        (await RefusalsAsync(() => EndsAsync(() => client.GetMonitorAsync(new() { MonitorId = "x" }, admin)))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_over_grpc_that_cannot_be_read()
    {
        using var channel = GrpcChannel.ForAddress(api.Grpc);
        var admin = AdapterClient.Auth(AdapterClient.TokenOf(api.Admin));
        (await EndedAsync(() => Call("EndSession", NoMessage, admin))).ShouldBe(("EndSession", null, "request.malformed"));
        (await EndedAsync(() => Call("EndSession", new byte[300_000], admin))).ShouldBe(("EndSession", null, "request.too_large"));
        (await EndedAsync(() => Call("EndSession", [], [.. admin, new("x-long", new string('x', 100_000))]))).ShouldBe(("EndSession", null, "request.headers_too_large"));
        // Who calls is asked first, as for any call.
        (await EndedAsync(() => Call("EndSession", NoMessage, []))).Code.ShouldBe("auth.unauthenticated");
        (await RefusalsAsync(() => EndsAsync(() => Call("GetMonitor", NoMessage, admin)))).ShouldBeEmpty();

        AsyncUnaryCall<byte[]> Call(string method, byte[] bytes, Metadata headers) =>
            channel.CreateCallInvoker().AsyncUnaryCall(Raw(MethodType.Unary, "contactcenter.v1.Monitoring", method), host: null, new CallOptions(headers), bytes);
    }

    [Fact]
    public async Task What_is_done_to_a_read_model_is_accepted_by_what_it_did_and_refused_by_its_name()
    {
        (await api.Admin.PostAsync("/v1/operations/projections/agents/rebuild", content: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync(async () => (await api.Admin.GetStringAsync("/v1/audit?command=RebuildProjection&outcome=accepted"))
            .Contains("projection.rebuild_started.v1", StringComparison.Ordinal));
        (await api.Admin.GetStringAsync("/v1/audit?command=RebuildProjection&outcome=no_effect")).ShouldNotContain("RebuildProjection");
        (await RefusedAsync(() => api.Admin.PostAsync("/v1/operations/projections/agents/retry", content: null), HttpStatusCode.Conflict))
            .ShouldBe(("RetryProjection", "projection-agents", "projection.not_paused"));
    }

    [Fact]
    public async Task Rewrapping_the_keys_of_recordings_is_in_the_trail_with_how_many()
    {
        using var answer = await api.Admin.PostAsync("/v1/operations/recording-keys/rewrap", content: null);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"done":true,"rewrapped":0,"failed":0,"failedRecordings":[]}""");
        await Eventually.TrueAsync(async () => (await api.Admin.GetStringAsync("/v1/audit?command=RewrapRecordingKeys&outcome=accepted"))
            .Contains("recording_keys.rewrapped.v2", StringComparison.Ordinal));
    }

    private static Method<byte[], byte[]> Raw(MethodType type, string service, string method)
    {
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        return new(type, service, method, bytes, bytes);
    }

    private static async Task<string?> EndsAsync<T>(Func<AsyncUnaryCall<T>> call) =>
        (await Should.ThrowAsync<RpcException>(async () => await call())).ReasonOf();

    /// <summary>The refusal written of a call, which ends with the same reason.</summary>
    private async Task<(string Command, string? Subject, string Code)> EndedAsync<T>(Func<AsyncUnaryCall<T>> call)
    {
        string? reason = null;
        var written = await RefusedAsync(async () => reason = await EndsAsync(call));
        reason.ShouldBe(written.Code);
        return written;
    }

    private async Task<bool> BeginAsync(HttpClient agent, AdapterEvent first)
    {
        await using var adapter = await AdapterClient.ConnectAsync(api, AdapterClient.TokenOf(agent), first);
        return await adapter.EndAsync() != StatusCode.OK;
    }

    private Task<(string Command, string? Subject, string Code)> RefusedAsync(Func<Task<HttpResponseMessage>> send, HttpStatusCode expected = HttpStatusCode.BadRequest) =>
        RefusedAsync(async () =>
        {
            using var answer = await send();
            return await answer.ShouldRefuseAsync(expected);
        });

    /// <summary>The one refusal written meanwhile.</summary>
    private async Task<(string Command, string? Subject, string Code)> RefusedAsync<T>(Func<Task<T>> act)
    {
        var written = (await RefusalsAsync(act)).ShouldHaveSingleItem();
        var refused = (CommandWithoutEffect)written.Data;
        return (written.Metadata.Command, refused.Subject, refused.Code!);
    }

    private async Task<List<StoredEvent>> RefusalsAsync<T>(Func<Task<T>> act)
    {
        var before = await api.MarkEndAsync();
        await act();
        await api.MarkEndAsync();
        var page = await api.Get<IEventStore>().ReadLogAsync(before, 1000, CancellationToken.None);
        return [.. page.Events.Where(e => e.Data is CommandWithoutEffect { Code: not null })];
    }
}
