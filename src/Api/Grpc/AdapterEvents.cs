using ContactCenter.Api.Errors;
using ContactCenter.Domain.Abstractions;
using ContactCenter.V1;
using Grpc.Core;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// What an adapter sends. Each event counts towards the agent's limit, and what cannot be read, or is one too many, is
/// in the audit trail before it ends the stream (ADM-2).
/// </summary>
internal sealed class AdapterEvents(IAsyncStreamReader<AdapterEvent> sent, GrpcCall calls, ServerCallContext context) : IAsyncStreamReader<AdapterEvent>
{
    /// <inheritdoc/>
    public AdapterEvent Current => sent.Current;

    /// <inheritdoc/>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        try
        {
            if (!await sent.MoveNext(cancellationToken))
                return false;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.InvalidArgument or StatusCode.Internal or StatusCode.ResourceExhausted)
        {
            var (reason, refusal) = GrpcStatusMapping.Unread(e, context.GetHttpContext());
            await calls.RefusedAsync(context, command: null, subject: null, reason);
            throw refusal;
        }

        if (calls.TooMany(context) is { } tooMany)
            throw (await RefuseAsync(tooMany)).ToRpcException();
        return true;
    }

    /// <summary>Writes that the event at hand was refused without having been sent as a command; a query leaves no trace.</summary>
    public async Task<DomainError> RefuseAsync(DomainError refusal)
    {
        if (!AdapterRequests.IsQuery(Current))
            await calls.RefusedAsync(context, AdapterRequests.CommandOf(Current), $"agent-{Admission.Of(context).Caller.UserId:D}", refusal.Code);
        return refusal;
    }
}
