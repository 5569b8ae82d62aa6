using ContactCenter.Api.Auth;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>One gRPC call on its way to use cases: who calls and from where.</summary>
public sealed class GrpcCall(Dispatcher dispatcher, RefusalAudit refusals, CallerLimits limits, TimeProvider clock)
{
    /// <summary>Sends one command or query of a call.</summary>
    public Task<Result<T>> SendAsync<T>(
        MediatR.IRequest<Result<T>> request, ServerCallContext context, CancellationToken cancellationToken, long? ifMatch = null)
    {
        var now = clock.GetUtcNow();
        var about = new CallContext(Admission.Of(context).Caller)
        {
            CommandId = Guid.CreateVersion7(now),
            Now = now,
            Source = context.GetHttpContext().Connection.RemoteIpAddress?.ToString(),
            IfMatch = ifMatch,
        };
        return dispatcher.SendAsync(request, about, cancellationToken);
    }

    /// <summary>Sends one request of a call; a refusal ends the call with its status.</summary>
    public async Task<T> AskAsync<T>(MediatR.IRequest<Result<T>> request, ServerCallContext context, long? ifMatch = null)
    {
        var answer = await SendAsync(request, context, Admission.Of(context).Token, ifMatch);
        return answer.IsOk ? answer.Value : throw answer.Error.ToRpcException();
    }

    /// <summary>
    /// Takes a message of a stream from the caller's limit, as a request is (<see cref="GrpcGate"/>); the refusal if it is
    /// used up.
    /// </summary>
    public DomainError? TooMany(ServerCallContext context) => limits.Refusal(context.GetHttpContext());

    /// <summary>Writes to the audit trail what was refused before it became a command (ADM-2).</summary>
    /// <param name="context">The call.</param>
    /// <param name="command">The command it would have been, or null if that is not known.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="code">The refusal's code.</param>
    public Task RefusedAsync(ServerCallContext context, string? command, string? subject, string code) => command is null
        ? refusals.WriteAsync(context.GetHttpContext(), code)
        : refusals.WriteAsync(context.GetHttpContext(), command, subject, code);

    /// <summary>A UUID in a field of a message, or null where it is empty.</summary>
    /// <exception cref="BadFieldException">It is none.</exception>
    public static Guid? OptionalId(string text, string field) => text.Length == 0 ? null : Id(text, field);

    /// <summary>A UUID in a field of a message.</summary>
    /// <exception cref="BadFieldException">It is none.</exception>
    public static Guid Id(string text, string field) => Guid.TryParseExact(text, "D", out var id)
        ? id
        : throw new BadFieldException(field, "Must be a UUID.");
}

/// <summary>A field of a message with which nothing can be asked: <see cref="GrpcGate"/> answers it, naming the field.</summary>
/// <param name="field">Its name, as in JSON.</param>
/// <param name="message">What it must be.</param>
public sealed class BadFieldException(string field, string message) : Exception(message)
{
    /// <summary>The refusal.</summary>
    public DomainError Refusal { get; } = GrpcStatusMapping.Field(field, message);
}
