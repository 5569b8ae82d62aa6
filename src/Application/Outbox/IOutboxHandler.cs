using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Outbox;

/// <summary>
/// Carries out outbox messages of some kinds, at least once. The message's id makes the effect idempotent at the
/// receiver. It returns when the effect is done; it throws when it should be tried again later, with backoff.
/// </summary>
public interface IOutboxHandler
{
    /// <summary>Which kinds: a whole kind, or a prefix that ends with a dot (<c>media.</c>).</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Does it.</summary>
    Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken);
}
