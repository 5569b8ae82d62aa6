using ContactCenter.Application.Messaging;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// Refuses who is not known, then who may not. Nothing later in the pipeline runs for them; and where a session's rules
/// refuse who does not see it, they are told what all are told who do not.
/// </summary>
public sealed class AuthorizationBehavior<TRequest, TAnswer>(CurrentCall call, Authorizer authorizer)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : IRequest<Result<TAnswer>>, IGuarded
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        var refusal = await authorizer.RefusalAsync(call.Context.Caller, request.Requirement, cancellationToken);
        if (refusal is not null)
            return refusal;
        var answer = await next();
        return answer.Error is null ? answer : await authorizer.AsSeenAsync(call.Context.Caller, request.Requirement, answer.Error, cancellationToken);
    }
}
