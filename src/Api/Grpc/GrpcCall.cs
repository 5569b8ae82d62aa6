using ContactCenter.Api.Errors;
using ContactCenter.Application.Messaging;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>One gRPC call on its way to use cases: who calls and from where.</summary>
public sealed class GrpcCall(Dispatcher dispatcher, TimeProvider clock)
{
    /// <summary>Sends one command or query of a call.</summary>
    public Task<Result<T>> SendAsync<T>(MediatR.IRequest<Result<T>> request, ServerCallContext context, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var about = new CallContext(Admission.Of(context).Caller)
        {
            CommandId = Guid.CreateVersion7(now),
            Now = now,
            Source = context.GetHttpContext().Connection.RemoteIpAddress?.ToString(),
        };
        return dispatcher.SendAsync(request, about, cancellationToken);
    }

    /// <summary>Sends one request of a call; a refusal ends the call with its status.</summary>
    public async Task<T> AskAsync<T>(MediatR.IRequest<Result<T>> request, ServerCallContext context)
    {
        var answer = await SendAsync(request, context, Admission.Of(context).Token);
        return answer.IsOk ? answer.Value : throw answer.Error.ToRpcException();
    }

    /// <summary>A UUID in a field of a message.</summary>
    /// <exception cref="RpcException">InvalidArgument, naming the field.</exception>
    public static Guid Id(string text, string field) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : throw GrpcStatusMapping.Field(field, "Must be a UUID.").ToRpcException();
}
