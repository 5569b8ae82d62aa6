using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Application.Messaging;

/// <summary>
/// Compares the version a caller looked at (<c>If-Match</c>) with the one decided on. On a cached state a difference is
/// looked at again by the pipeline, so that what another node wrote counts. What is not there was not looked at either: its
/// rules say that there is none. A page of the settings is always there, at version 0 before anybody wrote it.
/// </summary>
public static class LookedAt
{
    /// <summary>Why an edit that replaces what is there is refused, or null: it needs the version looked at.</summary>
    public static DomainError? Refusal<TState>(CallContext context, Versioned<TState> loaded)
        where TState : class => loaded.Version == 0 ? null : RefusalOfPage(context, loaded);

    /// <summary>Why not, or null; a caller who gave no version is not asked for one.</summary>
    public static DomainError? RefusalIfGiven<TState>(CallContext context, Versioned<TState> loaded)
        where TState : class => loaded.Version == 0 ? null : RefusalOfPageIfGiven(context, loaded);

    /// <summary>The same for what is always there.</summary>
    public static DomainError? RefusalOfPage<TState>(CallContext context, Versioned<TState> loaded)
        where TState : class =>
        context is { IfMatch: null, Caller.Actor.Kind: not ActorKind.System }
            ? new ConflictError(ErrorCodes.VersionMissing, "Say which version you looked at: If-Match is missing.")
            : RefusalOfPageIfGiven(context, loaded);

    /// <summary>The same for what is always there.</summary>
    public static DomainError? RefusalOfPageIfGiven<TState>(CallContext context, Versioned<TState> loaded)
        where TState : class =>
        context.IfMatch is { } version && version != loaded.Version
            ? new StaleVersionError(ErrorCodes.StaleVersion, "It changed since you looked at it.", loaded.Version)
            : null;
}
