using System.Net;
using System.Net.Http.Headers;
using ContactCenter.Rpc.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace ContactCenter.Rpc.Tests;

/// <summary>
/// A call that is over before its first request could be sent, as happens to a slow client: whoever writes first, and reads
/// nothing yet, is told, too. The handlers give the client what SocketsHttpHandler does then.
/// </summary>
public sealed class EarlyEndTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_refusal_before_the_requests_were_asked_for_ends_the_write() =>
        await ShouldTellTheWriterAsync(_ => Task.FromResult(Refusal()), StatusCode.Unauthenticated);

    [Fact]
    public async Task A_refusal_that_stops_the_requests_before_the_first_ends_the_write() => await ShouldTellTheWriterAsync(
        async request =>
        {
            await Should.ThrowAsync<OperationCanceledException>(() => request.Content!.CopyToAsync(new NoStream(), new CancellationToken(canceled: true)));
            return Refusal();
        },
        StatusCode.Unauthenticated);

    [Fact]
    public async Task An_answer_that_is_no_gRPC_ends_the_write() =>
        await ShouldTellTheWriterAsync(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound)), StatusCode.Unimplemented);

    [Fact]
    public async Task A_server_that_cannot_be_reached_ends_the_write() =>
        await ShouldTellTheWriterAsync(_ => throw new HttpRequestException("nobody there"), StatusCode.Unavailable);

    private static async Task ShouldTellTheWriterAsync(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer, StatusCode expected)
    {
        using var handler = new Answering(answer);
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { HttpHandler = handler });
        using var call = new Echo.EchoClient(channel).Chat();
        var write = await Should.ThrowAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest()).WaitAsync(Generous));
        write.StatusCode.ShouldBe(expected);
        var read = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Generous));
        read.StatusCode.ShouldBe(expected);
        call.GetStatus().StatusCode.ShouldBe(expected);
    }

    private static HttpResponseMessage Refusal()
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new ByteArrayContent([]) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        response.Headers.TryAddWithoutValidation("grpc-status", "16");
        return response;
    }

    private sealed class Answering(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => await answer(request);
    }

    /// <summary>The stream of a request that its server wants no more of.</summary>
    private sealed class NoStream : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken) =>
            cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : base.FlushAsync(cancellationToken);
    }
}
