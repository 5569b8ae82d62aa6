using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// Decides again when another writer came first, and when a refusal was decided on a cached state that another node
/// may have outdated. A version that the caller looked at (<c>If-Match</c>) is the handler's to compare.
/// </summary>
public sealed class ConcurrencyBehavior<TRequest, TAnswer>(UnitOfWork work) : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : ICommand<TAnswer>
    where TAnswer : notnull
{
    private const int Attempts = 10;

    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await next();
            var raced = answer.Error is ConflictError { Code: ErrorCodes.Concurrency };
            var mayBeStale = work is { DecidedOnCachedState: true, HasCommitted: false, Fresh: false };
            if ((!raced && !mayBeStale) || attempt == Attempts)
                return answer;
            work.Reset();
            work.Fresh = true;
        }
    }
}
