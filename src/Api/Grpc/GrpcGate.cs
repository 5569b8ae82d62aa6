using ContactCenter.Api.Auth;
using ContactCenter.Api.Errors;
using ContactCenter.Api.OpenApi;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// In front of every gRPC method: finds out who calls, lets nobody unknown past but to health, holds everybody to their
/// limit, turns exceptions into statuses that tell nothing of the inside, and puts what was refused before it became a
/// command into the audit trail (ADM-2).
/// </summary>
public sealed class GrpcGate(CallerResolver callers, CallerLimits limits, RefusalAudit audit, TimeProvider clock, ILogger<GrpcGate> logger) : Interceptor
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

    /// <summary>How a call ends whose request cannot be read: as for any other, after who calls is known.</summary>
    public async Task<RpcException> UnreadAsync(ServerCallContext context, RpcException unread)
    {
        try
        {
            return await GuardAsync(context, async () =>
            {
                var (reason, refusal) = GrpcStatusMapping.Unread(unread, context.GetHttpContext());
                await AuditAsync(context, reason);
                return refusal;
            });
        }
        catch (RpcException refusal)
        {
            return refusal;
        }
    }

    private static async Task<bool> Done(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        Admission? admission = null;
        try
        {
            if (context.Method.StartsWith(Open, StringComparison.Ordinal))
            {
                await LimitAsync(context);
                return await call();
            }

            using (admission = await AdmitAsync(context))
            {
                await LimitAsync(context);
                return await ServeAsync(context, admission, call);
            }
        }
        catch (Exception e) when (admission is { IsOver: true } && !context.CancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(e, "{Method} ended with its caller's right to it", context.Method);
            throw Admission.Refusal;
        }
        catch (BadFieldException e)
        {
            await AuditAsync(context, e.Refusal.Code);
            throw e.Refusal.ToRpcException();
        }
        catch (Exception e) when (e is not RpcException)
        {
            if (e is not OperationCanceledException)
                logger.LogError(e, "{Method} failed", context.Method);
            throw GrpcStatusMapping.Of(e);
        }
    }

    private async Task<T> ServeAsync<T>(ServerCallContext context, Admission admission, Func<Task<T>> call)
    {
        var watching = admission.WatchAsync(context.GetHttpContext(), callers, clock);
        try
        {
            return await call();
        }
        finally
        {
            admission.End();
            await watching.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>A call counts like a request over REST.</summary>
    private async Task LimitAsync(ServerCallContext context)
    {
        if (limits.Refusal(context.GetHttpContext()) is not { } tooMany)
            return;
        await AuditAsync(context, tooMany.Code);
        throw tooMany.ToRpcException();
    }

    /// <summary>What would have brought commands is in the audit trail as over REST: by the command's name, where it can be but one.</summary>
    private Task AuditAsync(ServerCallContext context, string code)
    {
        var http = context.GetHttpContext();
        return http.GetEndpoint()?.Metadata.GetMetadata<SendsAttribute>()?.Commands switch
        {
            null or [] => Task.CompletedTask,
            [var one] => audit.WriteAsync(http, one.Name, subject: null, code),
            _ => audit.WriteAsync(http, code),
        };
    }

    private async Task<Admission> AdmitAsync(ServerCallContext context)
    {
        if (await Admission.ToAsync(context, callers) is { } admission)
            return admission;
        await audit.WriteAsync(context.GetHttpContext(), ErrorCodes.Unauthenticated);
        throw Unknown.ToRpcException();
    }
}
