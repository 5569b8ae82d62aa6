using System.Security.Cryptography;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// The same key and request again get the first answer; the key with another request is refused. The key is written
/// in the command's own append, so that a crash between the two cannot part them.
/// </summary>
public sealed class IdempotencyBehavior<TRequest>(CurrentCall call, IEventStore store)
    : IPipelineBehavior<TRequest, Result<Receipt>>
    where TRequest : ICommand
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<Receipt>> next)
    {
        if (call.Context.IdempotencyKey is not { } key)
            return await next();
        var first = await FirstAnswerAsync(key, cancellationToken);
        if (first is not null)
            return first.Value;

        var answer = await next();
        // A twin that committed meanwhile answers for both; until it has, the caller is told that it is under way.
        return answer.Error?.Code == ErrorCodes.IdempotencyRaced
            ? await FirstAnswerAsync(key, cancellationToken) ?? answer
            : answer;
    }

    private async Task<Result<Receipt>?> FirstAnswerAsync(string key, CancellationToken cancellationToken)
    {
        var record = await store.FindIdempotencyAsync(IdempotentAnswer.KeySpace(call.Context), key, cancellationToken);
        if (record is null)
            return null;
        return CryptographicOperations.FixedTimeEquals(record.RequestHash, call.Context.RequestHash)
            ? IdempotentAnswer.Receipt(record)
            : new UnprocessableError(ErrorCodes.IdempotencyReused, "This idempotency key came with another request before.");
    }
}
