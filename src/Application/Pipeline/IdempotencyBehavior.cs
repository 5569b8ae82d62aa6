using System.Security.Cryptography;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using MediatR;

namespace ContactCenter.Application.Pipeline;

/// <summary>
/// The same key and request again get the first answer; the key with another request is refused. The key is written
/// in the command's own append, so that a crash between the two cannot part them. Only receipts are kept: an answer
/// that holds a secret cannot be had again.
/// </summary>
public sealed class IdempotencyBehavior<TRequest, TAnswer>(CurrentCall call, UnitOfWork work, IEventStore store)
    : IPipelineBehavior<TRequest, Result<TAnswer>>
    where TRequest : ICommand<TAnswer>
    where TAnswer : notnull
{
    /// <inheritdoc/>
    public async Task<Result<TAnswer>> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<Result<TAnswer>> next)
    {
        if (call.Context.IdempotencyKey is not { } key)
            return await next();
        if (await FirstAnswerAsync(key, cancellationToken) is { } first)
            return first;

        var answer = await next();
        // A twin that committed meanwhile answers for both, whatever this one found in its wake.
        return work.HasCommitted ? answer : await FirstAnswerAsync(key, cancellationToken) ?? answer;
    }

    private async Task<Result<TAnswer>?> FirstAnswerAsync(string key, CancellationToken cancellationToken)
    {
        var record = await store.FindIdempotencyAsync(IdempotentAnswer.KeySpace(call.Context), key, cancellationToken);
        if (record is null)
            return null;
        if (!CryptographicOperations.FixedTimeEquals(record.RequestHash, call.Context.RequestHash))
            return new UnprocessableError(ErrorCodes.IdempotencyReused, "This idempotency key came with another request before.");
        if (await IdempotentAnswer.ReceiptAsync(record, store, cancellationToken) is not TAnswer answer)
            return new ConflictError(ErrorCodes.AnswerNotKept, "This was done already, and its answer is given only once.");
        call.IsRepeat = true;
        return answer;
    }
}
