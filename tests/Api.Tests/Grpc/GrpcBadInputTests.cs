using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Access;
using ContactCenter.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Grpc;

[Collection(ApiTests.Name)]
public sealed class GrpcBadInputTests(TestApi api) : IDisposable
{
    private static readonly string Some = "01890000-0000-7000-8000-00000000abcd";
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(api.Grpc);

    public static TheoryData<string, string, string> Events => new()
    {
        { """{ }""", "request.invalid", "empty" },
        { """{ "signIn": { "chats": 51 } }""", "request.invalid", "too many chats" },
        { """{ "signIn": { "chats": -1 } }""", "request.invalid", "fewer than none" },
        { """{ "signIn": { "chats": 1, "channels": ["CHANNEL_UNSPECIFIED"] } }""", "request.invalid", "no channel" },
        { """{ "signIn": { "chats": 1, "channels": [99] } }""", "request.invalid", "unknown channel" },
        { """{ "resume": { "lastSequence": "5" } }""", "request.invalid", "a second beginning" },
        { """{ "setStatus": { "available": false } }""", "request.invalid", "no reason" },
        { """{ "acceptOffer": { "sessionId": "x", "offerId": "y" } }""", "request.invalid", "no ids" },
        { """{ "acceptOffer": { "sessionId": "01890000-0000-7000-8000-00000000abcd", "offerId": "" } }""", "request.invalid", "no offer" },
        { """{ "acceptOffer": { "sessionId": "{01890000-0000-7000-8000-00000000abcd}", "offerId": "01890000-0000-7000-8000-00000000abcd" } }""", "request.invalid", "another form" },
        { """{ "acceptOffer": { "sessionId": "01890000-0000-7000-8000-00000000abcd", "offerId": "01890000-0000-7000-8000-00000000abcd" } }""", "session.not_found", "unknown session" },
        { """{ "declineOffer": { "sessionId": "1" } }""", "request.invalid", "decline" },
        { """{ "hold": { } }""", "request.invalid", "hold nothing" },
        { """{ "resumeFromHold": { "sessionId": "-" } }""", "request.invalid", "resume" },
        { """{ "transfer": { "sessionId": "01890000-0000-7000-8000-00000000abcd" } }""", "request.invalid", "transfer nowhere" },
        { """{ "end": { "sessionId": "null" } }""", "request.invalid", "end" },
        { """{ "wrapUp": { "sessionId": "0" } }""", "request.invalid", "wrap up" },
        { """{ "sendMessage": { "sessionId": "01890000-0000-7000-8000-00000000abcd", "messageId": "m", "text": "t" } }""", "request.invalid", "message id" },
        { """{ "sendMessage": { "sessionId": "01890000-0000-7000-8000-00000000abcd", "messageId": "00000000-0000-0000-0000-000000000000", "text": "t" } }""", "session.not_found", "empty message id in a chat that there is not" },
        { """{ "typing": { "sessionId": "?" } }""", "request.invalid", "typing" },
        { """{ "pauseRecording": { "sessionId": "?" } }""", "request.invalid", "pause" },
        { """{ "resumeRecording": { "sessionId": "?" } }""", "request.invalid", "resume recording" },
        { """{ "preparationPlayed": { "sessionId": "?", "offerId": "?" } }""", "request.invalid", "played" },
    };

    [Fact]
    public async Task A_call_with_too_much_metadata_is_refused_alone_and_the_streams_beside_it_go_on()
    {
        using var key = await api.KeyAsync(Permissions.EventsRead);
        var token = new Metadata { { "authorization", $"Bearer {AdapterClient.TokenOf(key)}" } };
        using var feed = new EventFeed.EventFeedClient(channel).Subscribe(new SubscribeRequest(), token);
        await feed.ResponseHeadersAsync;
        var refusal = await Should.ThrowAsync<RpcException>(async () => await new Monitoring.MonitoringClient(channel).WatchSession(
            new() { SessionId = Some }, new Metadata { { "x-long", new string('x', 100_000) }, token[0] }).ResponseStream.MoveNext(CancellationToken.None));
        refusal.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        refusal.ReasonOf().ShouldBe("request.headers_too_large");
        await api.QueueAsync();
        (await feed.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Events))]
    public async Task A_bad_event_is_answered_with_a_code_changes_nothing_and_the_stream_goes_on(string json, string code, string why)
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var before = await VersionAsync(agentId);
        var ack = await adapter.AskAsync(JsonParser.Default.Parse<AdapterEvent>(json));
        (ack.Accepted, ack.Code).ShouldBe((false, code), why);
        ack.Message.ShouldNotBeEmpty();
        (await VersionAsync(agentId)).ShouldBe(before);
        await adapter.DoAsync(new() { SetStatus = new() { Reason = "break" } });
    }

    [Theory]
    [InlineData("""{ "setStatus": { "available": true } }""", "event")]
    [InlineData("""{ }""", "event")]
    [InlineData("""{ "signIn": { "chats": 1, "channels": ["CHANNEL_UNSPECIFIED"] } }""", "signIn.channels")]
    [InlineData("""{ "signIn": { } }""", "capacity")]
    [InlineData("""{ "resume": { "lastSequence": "-1" } }""", "resume.lastSequence")]
    public async Task A_bad_beginning_ends_the_stream_naming_the_field(string json, string field)
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.ConnectAsync(api, AdapterClient.TokenOf(agent), JsonParser.Default.Parse<AdapterEvent>(json));
        (await adapter.EndAsync()).ShouldBe(StatusCode.InvalidArgument);
        adapter.Failure!.ReasonOf().ShouldBe("request.invalid");
        adapter.Failure!.FieldsOf().ShouldBe([field]);
        (await VersionAsync(agentId)).ShouldBe(0);
    }

    [Fact]
    public async Task Bad_requests_of_watchers_name_the_field()
    {
        var admin = AdapterClient.Auth(AdapterClient.TokenOf(api.Admin));
        var monitoring = new Monitoring.MonitoringClient(PatientCalls.Of(channel));
        await RefusedAsync(monitoring.WatchSessions(new() { AfterSequence = -1 }, admin), "afterSequence");
        await RefusedAsync(monitoring.WatchSessions(new() { Kinds = { SessionKind.Unspecified } }, admin), "kinds");
        await RefusedAsync(monitoring.WatchSessions(new() { Statuses = { (SessionStatus)77 } }, admin), "statuses");
        await RefusedAsync(monitoring.WatchSessions(new() { QueueIds = { "all" } }, admin), "queueIds");
        await RefusedAsync(monitoring.WatchSession(new() { SessionId = "1" }, admin), "sessionId");
        await RefusedAsync(monitoring.Listen(new() { SessionId = Some[1..] }, admin), "sessionId");
        var feed = new EventFeed.EventFeedClient(PatientCalls.Of(channel));
        await RefusedAsync(feed.Subscribe(new() { After = -5 }, admin), "after");
        await RefusedAsync(feed.Subscribe(new() { TypePrefixes = { "" } }, admin), "typePrefixes");
    }

    [Fact]
    public async Task Bytes_that_are_no_message_end_the_stream_without_a_word_of_the_inside()
    {
        var (_, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        var bytes = new Marshaller<byte[]>(b => b, b => b);
        using var call = PatientCalls.Of(channel).AsyncDuplexStreamingCall(
            new Method<byte[], byte[]>(MethodType.DuplexStreaming, "contactcenter.v1.AgentAdapter", "Connect", bytes, bytes), host: null,
            new CallOptions(AdapterClient.Auth(AdapterClient.TokenOf(agent))));
        await call.RequestStream.WriteAsync([0xff, 0xff, 0xff, 0xff, 0x01]);
        var refusal = await Should.ThrowAsync<RpcException>(async () => await call.ResponseStream.MoveNext(CancellationToken.None));
        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.ReasonOf().ShouldBe("request.malformed");
        refusal.Status.Detail.ShouldNotContain("Exception");
        refusal.Status.Detail.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Refused_commands_of_adapters_are_in_the_audit_trail()
    {
        var (agentId, agent) = await api.UserAsync([BuiltInRoles.Agent]);
        await using var adapter = await AdapterClient.SignInAsync(api, agent);
        var end = await api.Get<IEventStore>().ReadEndAsync(CancellationToken.None);
        (await adapter.AskAsync(new() { Hold = new() { SessionId = Some } })).Accepted.ShouldBeFalse();
        await api.MarkEndAsync();
        var page = await api.Get<IEventStore>().ReadLogAsync(end, 1000, CancellationToken.None);
        var written = page.Events.Single(e => e.Metadata.Command == "HoldSession" && e.Metadata.Actor.Id == agentId.ToString());
        ((Application.Pipeline.CommandWithoutEffect)written.Data).Code.ShouldBe("auth.forbidden");
    }

    public void Dispose() => channel.Dispose();

    private static async Task RefusedAsync<T>(AsyncServerStreamingCall<T> call, string field)
    {
        var refusal = await call.RefusalAsync();
        refusal.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refusal.FieldsOf().ShouldBe([field]);
    }

    private async Task<long> VersionAsync(Guid agentId) =>
        (await api.Get<AggregateReader>().LoadFreshAsync(Aggregates.Agent, agentId, CancellationToken.None)).Version;
}
