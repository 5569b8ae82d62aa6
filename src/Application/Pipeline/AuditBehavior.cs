using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// Writes every refused command, and every accepted one that had nothing to change, into the log. An accepted command
/// with events is in the log by its events' metadata. Software's own timers that find nothing to do are not written:
/// nobody asked for anything.
/// </summary>
public sealed class AuditBehavior<TRequest, TAnswer>(CurrentCall call, UnitOfWork work, RefusalLog refusals)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : ICommand<TAnswer>
    where TAnswer : notnull
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        var answer = await next();
        if (!work.HasCommitted && call.Context.Caller.Actor.Kind != ActorKind.System)
        {
            // An accepted command that changed nothing has no append of its own to keep its idempotency key.
            var receipt = answer.Error is null && !call.IsRepeat ? answer.Value as Receipt : null;
            await refusals.WriteAsync(
                call.Context, call.CommandName, call.Subject ?? RefusalLog.SubjectOf(request.Requirement), RefusalLog.CodeOf(answer.Error), receipt);
        }

        return answer;
    }
}

/// <summary>Writes who asked for data that is not theirs to see (MON-1). Other queries leave no trace.</summary>
public sealed class QueryAuditBehavior<TRequest, TAnswer>(CurrentCall call, RefusalLog refusals)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : IQuery<TAnswer>
    where TAnswer : notnull
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        var answer = await next();
        if (answer.Error is ForbiddenError or UnseenError)
            await refusals.WriteAsync(call.Context, call.CommandName, RefusalLog.SubjectOf(request.Requirement), RefusalLog.CodeOf(answer.Error));
        return answer;
    }
}
