using ContactCenter.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace ContactCenter.Rpc.Tests;

public sealed class CallTests : IAsyncLifetime
{
    private RpcServer _server = null!;
    private Echo.EchoClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await RpcServer.StartAsync();
        _client = _server.Client();
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task One_request_gets_one_response()
    {
        var reply = await _client.SayAsync(new EchoRequest { Text = "hello", Data = ByteString.CopyFrom(0, 255) });
        reply.Text.ShouldBe("hello");
        reply.Data.ShouldBe(ByteString.CopyFrom(0, 255));
    }

    [Fact]
    public void A_blocking_call_gets_its_response() => _client.Say(new EchoRequest { Text = "hello" }).Text.ShouldBe("hello");

    [Fact]
    public async Task Many_requests_get_one_response()
    {
        using var call = _client.Collect();
        foreach (var text in new[] { "a", "b", "c" })
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text });
        await call.RequestStream.CompleteAsync();
        var reply = await call;
        reply.Text.ShouldBe("a,b,c");
        reply.Count.ShouldBe(3);
        call.GetStatus().ShouldBe(Status.DefaultSuccess);
    }

    [Fact]
    public async Task No_request_at_all_is_a_stream_too()
    {
        using var call = _client.Collect();
        await call.RequestStream.CompleteAsync();
        (await call).Count.ShouldBe(0);
    }

    [Fact]
    public async Task One_request_gets_many_responses()
    {
        using var call = _client.Repeat(new EchoRequest { Text = "again", Count = 1000 });
        var counts = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
            counts.Add(reply.Count);
        counts.ShouldBe(Enumerable.Range(1, 1000));
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Requests_and_responses_take_turns()
    {
        using var call = _client.Chat();
        for (var i = 1; i <= 100; i++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"message {i}" });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Text.ShouldBe($"message {i}");
            call.ResponseStream.Current.Count.ShouldBe(i);
        }
        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Big_messages_pass_both_ways()
    {
        var data = ByteString.CopyFrom(Enumerable.Range(0, 3 * 1024 * 1024).Select(i => (byte)(i * 7)).ToArray());
        (await _client.SayAsync(new EchoRequest { Data = data })).Data.ShouldBe(data);
    }

    [Fact]
    public async Task Buffered_writes_arrive_with_the_next_flush()
    {
        using var call = _client.Collect();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" });
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" });
        await call.RequestStream.CompleteAsync();
        (await call).Text.ShouldBe("a,b");
    }

    [Fact]
    public async Task Thirty_two_callers_share_one_connection()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(async caller =>
        {
            for (var i = 0; i < 50; i++)
                (await _client.SayAsync(new EchoRequest { Text = $"{caller}.{i}" })).Text.ShouldBe($"{caller}.{i}");
            return caller;
        }));
        replies.Length.ShouldBe(32);
    }
}
