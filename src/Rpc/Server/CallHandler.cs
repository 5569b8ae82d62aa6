using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>What every call handler needs from the application.</summary>
internal sealed record ServerServices(GrpcServiceOptions Options, TimeProvider Time, ILogger Logger, CancellationToken Stopping);

/// <summary>Answers the calls of one method; made once, when the service is mapped.</summary>
internal abstract partial class CallHandler(IMethod method, ServerServices services)
{
    public IMethod Method => method;

    public async Task HandleAsync(HttpContext http)
    {
        if (!RequestChecks.IsGrpc(http))
            return;
        using var call = new HttpServerCall(http, method, services.Options);
        try
        {
            call.Begin(services.Time, services.Stopping);
            await RunAsync(call);
            await call.EndAsync(call.Status);
        }
        catch (RpcException e)
        {
            LogRefused(services.Logger, method.FullName, e.StatusCode, e.Status.Detail);
            await call.FailAsync(call.IsInvoked || services.Options.Unread is not { } unread ? e : await unread(call, e));
        }
        catch (OperationCanceledException) when (call.IsGivenUp)
        {
            await call.EndAsync(Status.DefaultCancelled);
        }
#pragma warning disable CA1031 // Whatever a handler throws, the client gets a status, and nothing of what went wrong.
        catch (Exception e)
        {
            LogFailed(services.Logger, e, method.FullName);
            var detail = services.Options.EnableDetailedErrors == true
                ? $"Exception was thrown by handler. {e.GetType().Name}: {e.Message}"
                : "Exception was thrown by handler.";
            await call.EndAsync(new Status(StatusCode.Unknown, detail));
        }
#pragma warning restore CA1031
    }

    protected abstract Task RunAsync(HttpServerCall call);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Method} ended with {Code}: {Detail}")]
    private static partial void LogRefused(ILogger logger, string method, StatusCode code, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method);
}

internal sealed class UnaryHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> invoke, ServerServices services) : CallHandler(method, services)
    where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCall call)
    {
        var request = await call.ReadAsync(method.RequestMarshaller, single: true, CancellationToken.None);
        call.IsInvoked = true;
        var response = await invoke(request!, call);
        await call.RespondAsync(response, method.ResponseMarshaller);
    }
}

internal sealed class ClientStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> invoke, ServerServices services) : CallHandler(method, services)
    where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCall call)
    {
        call.IsInvoked = true;
        var response = await invoke(new ServerStreamReader<TRequest>(call, method.RequestMarshaller), call);
        await call.RespondAsync(response, method.ResponseMarshaller);
    }
}

internal sealed class ServerStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> invoke, ServerServices services) : CallHandler(method, services)
    where TRequest : class where TResponse : class
{
    protected override async Task RunAsync(HttpServerCall call)
    {
        var request = await call.ReadAsync(method.RequestMarshaller, single: true, CancellationToken.None);
        call.IsInvoked = true;
        await invoke(request!, new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller), call);
    }
}

internal sealed class DuplexStreamingHandler<TRequest, TResponse>(
    Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> invoke, ServerServices services) : CallHandler(method, services)
    where TRequest : class where TResponse : class
{
    protected override Task RunAsync(HttpServerCall call)
    {
        call.IsInvoked = true;
        return invoke(
            new ServerStreamReader<TRequest>(call, method.RequestMarshaller), new ServerStreamWriter<TResponse>(call, method.ResponseMarshaller), call);
    }
}
