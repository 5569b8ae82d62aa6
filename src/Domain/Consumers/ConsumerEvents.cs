using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Consumers;

/// <summary>A fact about one end user. Stream <c>consumer-{id}</c>.</summary>
public abstract record ConsumerEvent : IDomainEvent
{
    private protected ConsumerEvent()
    {
    }
}

/// <summary>What tells one consumer from another.</summary>
public enum IdentityKind
{
    /// <summary>The web SDK's visitor id: anonymous (CON-1).</summary>
    Visitor,

    /// <summary>The mobile SDK's id of one installation: anonymous (CON-1, CON-2).</summary>
    MobileSdk,

    /// <summary>The customer's own id of a signed-in user: authenticated.</summary>
    EndUser,

    /// <summary>A telephone number in E.164: a caller.</summary>
    Phone,
}

/// <summary>Someone came for the first time.</summary>
/// <param name="ConsumerId">A new unique id.</param>
/// <param name="Kind">By what they were told apart.</param>
/// <param name="Identity">The visitor id, SDK id, user id or number.</param>
/// <param name="Name">As given, else <c>Web User - 10/05 10:15</c> and the like (CON-1).</param>
/// <param name="IdentifiedAt">When.</param>
[EventType("consumer.identified.v1")]
public sealed record ConsumerIdentified(
    Guid ConsumerId, IdentityKind Kind, PersonalText Identity, PersonalText Name, DateTimeOffset IdentifiedAt) : ConsumerEvent, IPersonalDataEvent;

/// <summary>
/// One identity belongs to one consumer, forever. Stream <c>identity-{hash}</c> of one event: two that claim the same
/// identity at once meet at version 0, and one wins.
/// </summary>
/// <param name="IdentityHash">A keyed hash of kind and identity; tells nothing about it.</param>
/// <param name="ConsumerId">Whose it is.</param>
/// <param name="ClaimedAt">When.</param>
[EventType("consumer.identity_claimed.v1")]
public sealed record IdentityClaimed(Guid IdentityHash, Guid ConsumerId, DateTimeOffset ClaimedAt) : IDomainEvent;
