using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ContactCenter.Api.Tests.Grpc;

/// <summary>Calls that end at some time: a stream that never says what a test waits for fails that test instead of holding up the run.</summary>
internal sealed class PatientCalls : Interceptor
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static CallInvoker Of(GrpcChannel channel) => channel.Intercept(new PatientCalls());

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Limited(context));

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Limited(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Limited(context));

    private static ClientInterceptorContext<TRequest, TResponse> Limited<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class =>
        context.Options.Deadline is null
            ? new(context.Method, context.Host, context.Options.WithDeadline(TimeProvider.System.GetUtcNow().UtcDateTime + Patience))
            : context;
}
