using System.Collections.Concurrent;
using ContactCenter.Rpc.Tests.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Rpc.Tests;

public sealed class InterceptorTests
{
    private readonly Journal _journal = new();

    [Fact]
    public async Task Server_interceptors_see_every_kind_of_call_in_order()
    {
        await using var server = await RpcServer.StartAsync(
            options =>
            {
                options.Interceptors.Add<ServerJournal>("outer");
                options.Interceptors.Add<ServerJournal>("inner");
            },
            services: services => services.AddSingleton(_journal));
        await CallEveryKind(server.Client());
        _journal.Entries.ShouldBe([
            "outer unary /rpc.test.v1.Echo/Say", "inner unary /rpc.test.v1.Echo/Say",
            "outer client /rpc.test.v1.Echo/Collect", "inner client /rpc.test.v1.Echo/Collect",
            "outer server /rpc.test.v1.Echo/Repeat", "inner server /rpc.test.v1.Echo/Repeat",
            "outer duplex /rpc.test.v1.Echo/Chat", "inner duplex /rpc.test.v1.Echo/Chat",
        ]);
    }

    [Fact]
    public async Task A_server_interceptor_can_refuse()
    {
        await using var server = await RpcServer.StartAsync(options => options.Interceptors.Add<Refusal>());
        var e = await Should.ThrowAsync<RpcException>(async () => await server.Client().SayAsync(new EchoRequest()));
        e.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task What_no_interceptor_sees_can_be_answered_by_another_word()
    {
        await using var server = await RpcServer.StartAsync(
            options =>
            {
                options.MaxReceiveMessageSize = 1000;
                options.Interceptors.Add<ServerJournal>("seen");
                options.Unread = (call, refusal) =>
                {
                    _journal.Entries.Enqueue($"unread {call.Method} {refusal.StatusCode}");
                    return Task.FromResult(new RpcException(new Status(refusal.StatusCode, "mine"), [new("x-why", "unread")]));
                };
            },
            services: services => services.AddSingleton(_journal));
        var (large, many) = (new EchoRequest { Text = new string('x', 2000) }, new Metadata { { "x-long", new string('x', 40_000) } });
        var unary = await Should.ThrowAsync<RpcException>(async () => await server.Client().SayAsync(large));
        var stream = await Should.ThrowAsync<RpcException>(() => server.Client().Repeat(large).ResponseStream.MoveNext(CancellationToken.None));
        var headers = await Should.ThrowAsync<RpcException>(async () => await server.Client().SayAsync(new(), many));
        foreach (var refusal in new[] { unary, stream, headers })
            (refusal.StatusCode, refusal.Status.Detail, refusal.Trailers.GetValue("x-why")).ShouldBe((StatusCode.ResourceExhausted, "mine", "unread"));
        _journal.Entries.ShouldBe(["unread /rpc.test.v1.Echo/Say ResourceExhausted", "unread /rpc.test.v1.Echo/Repeat ResourceExhausted", "unread /rpc.test.v1.Echo/Say ResourceExhausted"]);
    }

    [Fact]
    public async Task Client_interceptors_see_every_kind_of_call_in_order()
    {
        await using var server = await RpcServer.StartAsync();
        var invoker = server.Channel().Intercept(new ClientJournal("outer", _journal), new ClientJournal("inner", _journal));
        await CallEveryKind(new Echo.EchoClient(invoker));
        _journal.Entries.ShouldBe([
            "outer unary Say", "inner unary Say", "outer client Collect", "inner client Collect",
            "outer server Repeat", "inner server Repeat", "outer duplex Chat", "inner duplex Chat",
        ]);
    }

    [Fact]
    public async Task A_client_interceptor_can_add_metadata()
    {
        await using var server = await RpcServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel().CreateCallInvoker().Intercept(metadata =>
        {
            metadata.Add("x-added", "yes");
            return metadata;
        }));
        using var call = client.SayAsync(new EchoRequest { Then = Then.Metadata });
        (await call.ResponseHeadersAsync).GetValue("x-added").ShouldBe("yes");
    }

    private static async Task CallEveryKind(Echo.EchoClient client)
    {
        await client.SayAsync(new EchoRequest());
        using var collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using var repeat = client.Repeat(new EchoRequest());
        (await repeat.ResponseStream.MoveNext()).ShouldBeFalse();
        using var chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    private sealed class Journal
    {
        public ConcurrentQueue<string> Entries { get; } = new();
    }

    private sealed class Refusal : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
            throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you"));
    }

    private sealed class ServerJournal(Journal journal, string name) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} unary {context.Method}");
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} client {context.Method}");
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} server {context.Method}");
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} duplex {context.Method}");
            return continuation(requestStream, responseStream, context);
        }
    }

    private sealed class ClientJournal(string name, Journal journal) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} unary {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} server {context.Method.Name}");
            return continuation(request, context);
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} client {context.Method.Name}");
            return continuation(context);
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            journal.Entries.Enqueue($"{name} duplex {context.Method.Name}");
            return continuation(context);
        }
    }
}
