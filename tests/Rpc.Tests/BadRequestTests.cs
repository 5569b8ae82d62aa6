using System.IO.Compression;
using System.Net;
using ContactCenter.Rpc.Tests.Protos;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ContactCenter.Rpc.Tests;

public sealed class BadRequestTests : IAsyncLifetime
{
    private const string Say = "/rpc.test.v1.Echo/Say";
    private static readonly byte[] Good = RawCall.Frame(new EchoRequest { Text = "hello" });
    private RpcServer _server = null!;

    public async Task InitializeAsync() => _server = await RpcServer.StartAsync(options => options.MaxReceiveMessageSize = 1024 * 1024);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_good_request_is_answered_with_the_status_in_the_trailers()
    {
        var call = await RawCall.SendAsync(_server, Say, Good);
        call.Http.ShouldBe(HttpStatusCode.OK);
        call.Status.ShouldBe(StatusCode.OK);
        call.StatusInHeaders.ShouldBeFalse();
        EchoReply.Parser.ParseFrom(call.Body.AsSpan(5)).Text.ShouldBe("hello");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpcish")]
    [InlineData("application/grpc-web")]
    public async Task Another_content_type_is_refused(string contentType) =>
        (await RawCall.SendAsync(_server, Say, Good, contentType: contentType)).Http.ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task Longer_names_of_the_content_type_are_taken(string contentType) =>
        (await RawCall.SendAsync(_server, Say, Good, contentType: contentType)).Status.ShouldBe(StatusCode.OK);

    [Fact]
    public async Task Another_verb_is_refused() =>
        (await RawCall.SendAsync(_server, Say, Good, request => request.Method = HttpMethod.Put)).Http.ShouldBe(HttpStatusCode.MethodNotAllowed);

    [Theory]
    [InlineData("/rpc.test.v1.Echo/Nothing")]
    [InlineData("/rpc.test.v1.Nobody/Say")]
    public async Task An_unknown_service_or_method_is_unimplemented(string path) =>
        (await RawCall.SendAsync(_server, path, Good)).Status.ShouldBe(StatusCode.Unimplemented);

    [Fact]
    public async Task What_is_not_gRPC_still_finds_other_routes()
    {
        var found = await RawCall.SendAsync(_server, "/plain", [], request => request.Method = HttpMethod.Get, "text/plain");
        found.Http.ShouldBe(HttpStatusCode.OK);
        (await RawCall.SendAsync(_server, "/no/where", [], contentType: "text/plain")).Http.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task HTTP_1_is_refused()
    {
        await using var old = await RpcServer.StartAsync(listen: endpoint => endpoint.Protocols = HttpProtocols.Http1);
        (await RawCall.SendAsync(old, Say, Good, request => request.Version = HttpVersion.Version11)).Http.ShouldBe(HttpStatusCode.UpgradeRequired);
        (await RawCall.SendAsync(_server, Say, Good, request => request.Version = HttpVersion.Version11)).Http.ShouldBe(HttpStatusCode.BadRequest);
    }

    public static TheoryData<string, byte[], StatusCode> BrokenBodies => new()
    {
        { "nothing", [], StatusCode.Internal },
        { "half a header", [0, 0, 0], StatusCode.Internal },
        { "half a message", Good[..^1], StatusCode.Internal },
        { "two messages", [.. Good, .. Good], StatusCode.Internal },
        { "a wrong first byte", RawCall.Frame([], 2), StatusCode.Internal },
        { "compressed without saying how", RawCall.Frame([1, 2, 3], 1), StatusCode.Internal },
        { "no protocol buffer", RawCall.Frame([0xff, 0xff, 0xff]), StatusCode.InvalidArgument },
        { "a length beyond the limit", [0, 0x7f, 0xff, 0xff, 0xff, 1], StatusCode.ResourceExhausted },
        { "the longest length", [0, 0xff, 0xff, 0xff, 0xff, 1], StatusCode.ResourceExhausted },
    };

    [Theory]
    [MemberData(nameof(BrokenBodies))]
    public async Task A_broken_body_gets_a_status_and_no_stack_trace(string what, byte[] body, StatusCode expected)
    {
        var call = await RawCall.SendAsync(_server, Say, body);
        call.Status.ShouldBe(expected, what);
        call.StatusInHeaders.ShouldBeTrue();
        call.Message.ShouldNotBeNull().ShouldNotContain(" at ");
        call.Message.ShouldNotContain("Exception");
        (await RawCall.SendAsync(_server, Say, Good)).Status.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_compression_is_unimplemented_and_the_known_ones_are_named()
    {
        var call = await RawCall.SendAsync(_server, Say, RawCall.Frame([1], 1), request => request.Headers.Add("grpc-encoding", "snappy"));
        call.Status.ShouldBe(StatusCode.Unimplemented);
        call.Headers.GetValues("grpc-accept-encoding").Single().ShouldBe("identity,gzip");
    }

    [Fact]
    public async Task Broken_gzip_is_refused()
    {
        var call = await RawCall.SendAsync(_server, Say, RawCall.Frame([1, 2, 3, 4], 1), request => request.Headers.Add("grpc-encoding", "gzip"));
        call.Status.ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task A_small_message_that_unpacks_to_a_huge_one_is_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 64; i++)
                gzip.Write(new byte[1024 * 1024]);
        }
        packed.Length.ShouldBeLessThan(1024 * 1024);
        var call = await RawCall.SendAsync(_server, Say, RawCall.Frame(packed.ToArray(), 1), request => request.Headers.Add("grpc-encoding", "gzip"));
        call.Status.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("S")]
    [InlineData("-1S")]
    [InlineData("123456789m")]
    [InlineData("1x")]
    public async Task A_malformed_timeout_is_refused(string timeout)
    {
        var call = await RawCall.SendAsync(_server, Say, Good, request => request.Headers.TryAddWithoutValidation("grpc-timeout", timeout));
        call.Status.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task Binary_metadata_that_is_not_base64_is_refused()
    {
        var body = RawCall.Frame(new EchoRequest { Then = Then.Metadata });
        var call = await RawCall.SendAsync(_server, Say, body, request => request.Headers.TryAddWithoutValidation("x-a-bin", "!!!"));
        call.Status.ShouldBe(StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_call_over_a_stream_that_breaks_ends_the_handler()
    {
        using var stop = new CancellationTokenSource();
        var call = _server.Client().Collect(cancellationToken: stop.Token);
        await call.RequestStream.WriteAsync(new EchoRequest { Then = Then.Wait });
        await _server.Log.Happened("waiting");
        await stop.CancelAsync();
        await _server.Log.Happened("collect cancelled");
    }
}
