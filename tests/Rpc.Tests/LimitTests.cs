using System.Collections.Concurrent;
using System.IO.Compression;
using ContactCenter.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Rpc.Tests;

/// <summary>Message sizes, compression and flow control.</summary>
public sealed class LimitTests
{
    private static readonly ByteString FiveMegabytes = ByteString.CopyFrom(new byte[5 * 1024 * 1024]);

    [Fact]
    public async Task A_request_beyond_four_megabytes_is_refused_by_default()
    {
        await using var server = await RpcServer.StartAsync();
        var client = server.Client();
        var e = await Should.ThrowAsync<RpcException>(async () => await client.SayAsync(new EchoRequest { Data = FiveMegabytes }));
        e.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await client.SayAsync(new EchoRequest { Text = "still there" })).Text.ShouldBe("still there");
    }

    [Fact]
    public async Task A_limit_can_be_lifted()
    {
        await using var server = await RpcServer.StartAsync(options => options.MaxReceiveMessageSize = null);
        var reply = await server.Client(new GrpcChannelOptions { MaxReceiveMessageSize = null }).SayAsync(new EchoRequest { Data = FiveMegabytes });
        reply.Data.Length.ShouldBe(FiveMegabytes.Length);
    }

    [Fact]
    public async Task A_response_beyond_the_clients_limit_is_refused()
    {
        await using var server = await RpcServer.StartAsync();
        var e = await Should.ThrowAsync<RpcException>(async () => await server.Client().SayAsync(new EchoRequest { Size = FiveMegabytes.Length }));
        e.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Neither_side_sends_more_than_it_may()
    {
        await using var server = await RpcServer.StartAsync(options => options.MaxSendMessageSize = 1000);
        var small = server.Client(new GrpcChannelOptions { MaxSendMessageSize = 1000 });
        var request = await Should.ThrowAsync<RpcException>(async () => await small.SayAsync(new EchoRequest { Data = FiveMegabytes }));
        request.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        var response = await Should.ThrowAsync<RpcException>(async () => await server.Client().SayAsync(new EchoRequest { Size = 2000 }));
        response.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Both_sides_compress_when_asked_to()
    {
        var seen = new EncodingLog();
        await using var server = await RpcServer.StartAsync(
            options =>
            {
                options.ResponseCompressionAlgorithm = "gzip";
                options.Interceptors.Add<EncodingInterceptor>();
            },
            services: services => services.AddSingleton(seen));
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        var data = ByteString.CopyFrom([.. Enumerable.Range(0, 100_000).Select(i => (byte)(i / 1000))]);
        (await server.Client().SayAsync(new EchoRequest { Data = data }, gzip)).Data.ShouldBe(data);
        seen.Encodings.ShouldHaveSingleItem().ShouldBe("gzip");

        using var chat = server.Client().Chat(gzip);
        await chat.RequestStream.WriteAsync(new EchoRequest { Data = data });
        (await chat.ResponseStream.MoveNext()).ShouldBeTrue();
        chat.ResponseStream.Current.Data.ShouldBe(data);
    }

    [Fact]
    public async Task Compressed_responses_are_gzip_on_the_wire_for_those_who_accept_it()
    {
        await using var server = await RpcServer.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        var body = RawCall.Frame(new EchoRequest { Size = 100_000 });
        var packed = await RawCall.SendAsync(server, "/rpc.test.v1.Echo/Say", body, request => request.Headers.Add("grpc-accept-encoding", "br, gzip"));
        packed.Headers.GetValues("grpc-encoding").Single().ShouldBe("gzip");
        packed.Body[0].ShouldBe((byte)1);
        packed.Body.Length.ShouldBeLessThan(2000);
        using var gzip = new GZipStream(new MemoryStream(packed.Body, 5, packed.Body.Length - 5), CompressionMode.Decompress);
        EchoReply.Parser.ParseFrom(gzip).Data.Length.ShouldBe(100_000);

        var plain = await RawCall.SendAsync(server, "/rpc.test.v1.Echo/Say", body);
        plain.Headers.Contains("grpc-encoding").ShouldBeFalse();
        plain.Body[0].ShouldBe((byte)0);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_back_its_own_stream_only()
    {
        await using var server = await RpcServer.StartAsync();
        var client = server.Client();
        using var slow = client.Repeat(new EchoRequest { Count = 1000, Size = 64 * 1024 });
        (await slow.ResponseStream.MoveNext()).ShouldBeTrue();
        for (var i = 0; i < 200; i++)
            (await client.SayAsync(new EchoRequest { Size = 64 * 1024 })).Data.Length.ShouldBe(64 * 1024);
        server.Log.Written.ShouldBeLessThan(100);
        var read = 1;
        while (await slow.ResponseStream.MoveNext())
            read++;
        read.ShouldBe(1000);
    }

    [Fact]
    public async Task A_handler_that_does_not_read_holds_back_its_own_stream_only()
    {
        await using var server = await RpcServer.StartAsync();
        var client = server.Client();
        using var call = client.Collect();
        await call.RequestStream.WriteAsync(new EchoRequest { Then = Then.Wait });
        await server.Log.Happened("waiting");
        var written = 0;
        var writing = Task.Run(async () =>
        {
            for (; written < 1000; written++)
                await call.RequestStream.WriteAsync(new EchoRequest { Data = ByteString.CopyFrom(new byte[64 * 1024]) });
        });
        for (var i = 0; i < 200; i++)
            await client.SayAsync(new EchoRequest { Data = ByteString.CopyFrom(new byte[64 * 1024]) });
        writing.IsCompleted.ShouldBeFalse();
        written.ShouldBeLessThan(100);
        call.Dispose();
        (await Should.ThrowAsync<RpcException>(() => writing)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await server.Log.Happened("collect cancelled");
    }

    private sealed class EncodingLog
    {
        public ConcurrentQueue<string> Encodings { get; } = new();
    }

    private sealed class EncodingInterceptor(EncodingLog log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            log.Encodings.Enqueue(context.GetHttpContext().Request.Headers["grpc-encoding"].ToString());
            return continuation(request, context);
        }
    }
}
