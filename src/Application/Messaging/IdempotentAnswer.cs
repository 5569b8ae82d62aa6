using System.Text.Json;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Messaging;

/// <summary>
/// How the answer to a command with an idempotency key is kept and given again. It is kept with the write itself, when
/// its position is not known yet: what is kept says which event was the last, and whoever repeats looks where it is.
/// </summary>
public static class IdempotentAnswer
{
    /// <summary>The record to write with the append, or null if the caller gave no key.</summary>
    /// <param name="context">Who calls, with which key.</param>
    /// <param name="receipt">The answer, but for the position.</param>
    /// <param name="last">The last of the append's writes, or null if the answer's position is that of the receipt.</param>
    public static IdempotencyRecord? For(CallContext context, Receipt receipt, StreamWrite? last = null) => context.IdempotencyKey is { } key
        ? new IdempotencyRecord(KeySpace(context), key, context.RequestHash ?? [], JsonSerializer.Serialize(
            new Kept(receipt.Id, receipt.Version, receipt.Position, last?.Stream.Value, (last?.ExpectedVersion + last?.Events.Count) ?? 0)))
        : null;

    /// <summary>The receipt a record holds.</summary>
    public static async Task<Receipt> ReceiptAsync(IdempotencyRecord record, IEventStore store, CancellationToken cancellationToken)
    {
        var kept = JsonSerializer.Deserialize<Kept>(record.Response) ?? throw new InvalidOperationException("An idempotency record holds no receipt.");
        var receipt = new Receipt(kept.Id, kept.Version, kept.Position);
        return kept.LastStream is { } stream
            && await store.ReadStreamAsync(new StreamId(stream), kept.LastVersion - 1, limit: 1, cancellationToken) is [var last]
                ? receipt with { Position = last.Position.ToString() }
                : receipt;
    }

    /// <summary>Each caller has keys of their own.</summary>
    public static string KeySpace(CallContext context) => $"{context.Caller.Actor.Kind}:{context.Caller.Actor.Id}";

    private sealed record Kept(Guid Id, long Version, string Position, string? LastStream, long LastVersion);
}
