using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Starts calls on a channel.</summary>
internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, options);
        call.Start(host, request);
        return new AsyncUnaryCall<TResponse>(call.ReadSingleAsync(), Headers, StatusOf, Trailers, Dispose, call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, options);
        call.Start(host, request);
        return new AsyncServerStreamingCall<TResponse>(new ClientStreamReader<TResponse>(call), Headers, StatusOf, Trailers, Dispose, call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, options);
        var writer = call.Start(host);
        return new AsyncClientStreamingCall<TRequest, TResponse>(writer, call.ReadSingleAsync(), Headers, StatusOf, Trailers, Dispose, call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new HttpCall<TRequest, TResponse>(channel, method, options);
        var writer = call.Start(host);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            writer, new ClientStreamReader<TResponse>(call), Headers, StatusOf, Trailers, Dispose, call);
    }

    private static Task<Metadata> Headers(object call) => ((IHttpCall)call).HeadersAsync();

    private static Status StatusOf(object call) => ((IHttpCall)call).Result.Status;

    private static Metadata Trailers(object call) => ((IHttpCall)call).Result.Trailers;

    private static void Dispose(object call) => ((IHttpCall)call).Cancel(new Status(StatusCode.Cancelled, "gRPC call disposed."));
}
