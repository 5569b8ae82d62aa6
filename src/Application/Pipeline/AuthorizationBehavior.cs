using ContactCenter.Application.Messaging;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>Refuses who is not known, then who may not. Nothing later in the pipeline runs for them.</summary>
public sealed class AuthorizationBehavior<TRequest, TAnswer>(CurrentCall call, Authorizer authorizer)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : IRequest<Result<TAnswer>>, IGuarded
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        var refusal = await authorizer.RefusalAsync(call.Context.Caller, request.Requirement, cancellationToken);
        return refusal is null ? await next() : refusal;
    }
}
