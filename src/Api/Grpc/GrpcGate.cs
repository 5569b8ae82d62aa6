using ContactCenter.Api.Auth;
using ContactCenter.Api.Errors;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// In front of every gRPC method: finds out who calls, lets nobody unknown past but to health, and turns exceptions
/// into statuses that tell nothing of the inside.
/// </summary>
public sealed class GrpcGate(CallerResolver callers, RefusalAudit audit) : Interceptor
{
    private const string Open = "/grpc.health.v1.Health/";
    private static readonly UnauthenticatedError Unknown =
        new(ErrorCodes.Unauthenticated, "Sign in first: the call carries no valid token or key.");

    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, context));

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => Done(continuation(request, responseStream, context)));

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => Done(continuation(requestStream, responseStream, context)));

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        try
        {
            await AdmitAsync(context);
            return await call();
        }
        catch (Exception e) when (e is not RpcException)
        {
            if (e is not (OperationCanceledException or EventStoreUnavailableException))
                context.GetHttpContext().RequestServices.GetRequiredService<ILogger<GrpcGate>>().LogError(e, "{Method} failed", context.Method);
            throw GrpcStatusMapping.Of(e);
        }
    }

    private async Task AdmitAsync(ServerCallContext context)
    {
        if (context.Method.StartsWith(Open, StringComparison.Ordinal))
            return;
        var http = context.GetHttpContext();
        var values = http.Request.Headers.Authorization;
        var caller = values.Count == 1 ? await callers.ResolveAsync(values[0], context.CancellationToken) : null;
        http.Features.Set(caller ?? Caller.Anonymous);
        if (caller is not null)
            return;
        await audit.WriteAsync(http, ErrorCodes.Unauthenticated);
        throw Unknown.ToRpcException();
    }
}
