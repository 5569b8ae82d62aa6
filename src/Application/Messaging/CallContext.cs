using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Messaging;

/// <summary>Who calls, as authentication found it, with what they may do.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Grants">The sum of their roles, or of their key.</param>
/// <param name="TeamIds">Their teams.</param>
/// <param name="SessionId">For a consumer's token: the one session it is good for.</param>
public sealed record Caller(Actor Actor, IReadOnlyList<Grant> Grants, IReadOnlyList<Guid> TeamIds, Guid? SessionId = null)
{
    /// <summary>Nobody known.</summary>
    public static Caller Anonymous { get; } = new(Actor.Anonymous, [], []);

    /// <summary>A component of this software.</summary>
    public static Caller System(string component) => new(Actor.System(component), [], []);

    /// <summary>The user's id, or null for anything else.</summary>
    public Guid? UserId => Actor.Kind == ActorKind.User && Guid.TryParse(Actor.Id, out var id) ? id : null;

    /// <summary>The CRM key's id, or null for anything else.</summary>
    public Guid? CrmKeyId => Actor.Kind == ActorKind.CrmKey && Guid.TryParse(Actor.Id, out var id) ? id : null;

    /// <summary>The id of the user, key or session, or an empty one.</summary>
    public Guid Id => Guid.TryParse(Actor.Id, out var id) ? id : Guid.Empty;

    /// <summary>True if both may do the same: a stream that one of them opened may go on for the other.</summary>
    public bool MaySameAs(Caller other) => Grants.SequenceEqual(other.Grants) && TeamIds.SequenceEqual(other.TeamIds);

    /// <summary>How far a permission reaches for this caller, or null if not at all.</summary>
    public Scope? ScopeOf(string permission) => Permissions.Highest(Grants, permission);
}

/// <summary>What comes with a request beside its body.</summary>
/// <param name="Caller">Who sends it.</param>
public sealed record CallContext(Caller Caller)
{
    /// <summary>Correlates everything this call causes.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>When it came in.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Where it came from: an address, or a component's name.</summary>
    public string? Source { get; init; }

    /// <summary>The caller's idempotency key, or null.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Keyed hash (HMAC-SHA256) of route and body; set with the key.</summary>
    public byte[]? RequestHash { get; init; }

    /// <summary>The version the caller looked at (<c>If-Match</c>), or null.</summary>
    public long? IfMatch { get; init; }
}

/// <summary>
/// The context of the call being handled; one per call. Set by <see cref="Dispatcher"/> and nobody else.
/// </summary>
public sealed class CurrentCall
{
    private CallContext? context;

    /// <summary>The context.</summary>
    /// <exception cref="InvalidOperationException">Nothing is being handled.</exception>
    public CallContext Context
    {
        get => context ?? throw new InvalidOperationException("No call is being handled.");
        internal set => context = value;
    }

    /// <summary>The name of the command or query being handled, for metadata and audit.</summary>
    public string CommandName { get; internal set; } = string.Empty;

    /// <summary>When the call came in: the one time that everything it causes carries.</summary>
    public DateTimeOffset Now => Context.Now;

    /// <summary>What the call is about, where the handler knows it better than the requirement: <c>user-…</c>.</summary>
    public string? Subject { get; set; }

    /// <summary>True if the answer is that of an earlier call with the same idempotency key.</summary>
    public bool IsRepeat { get; internal set; }

    /// <summary>A new id for something this call creates, sorted by time.</summary>
    public Guid NewId() => Guid.CreateVersion7(Now);
}
