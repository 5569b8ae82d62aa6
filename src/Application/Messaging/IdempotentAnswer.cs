using System.Text.Json;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Messaging;

/// <summary>How the answer to a command with an idempotency key is kept and given again.</summary>
public static class IdempotentAnswer
{
    /// <summary>The record to write with the append, or null if the caller gave no key.</summary>
    public static IdempotencyRecord? For(CallContext context, Receipt receipt) => context.IdempotencyKey is { } key
        ? new IdempotencyRecord(KeySpace(context), key, context.RequestHash ?? [], JsonSerializer.Serialize(receipt))
        : null;

    /// <summary>The receipt a record holds.</summary>
    public static Receipt Receipt(IdempotencyRecord record) =>
        JsonSerializer.Deserialize<Receipt>(record.Response) ?? throw new InvalidOperationException("An idempotency record holds no receipt.");

    /// <summary>Each caller has keys of their own.</summary>
    public static string KeySpace(CallContext context) => $"{context.Caller.Actor.Kind}:{context.Caller.Actor.Id}";
}
