using System.Diagnostics;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Consumers;

namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// Something that belongs to one owner for ever: an identity to a consumer, a login to a user. The stream has one event,
/// so that two who claim it at once meet at version 0, and one wins.
/// </summary>
/// <param name="OwnerId">Whose it is; empty before the claim.</param>
public sealed record Claim(Guid OwnerId)
{
    /// <summary>Nobody's yet.</summary>
    public static Claim Initial { get; } = new(Guid.Empty);

    /// <summary>True once somebody has it.</summary>
    public bool IsTaken => OwnerId != Guid.Empty;

    /// <summary>The state after one more event.</summary>
    public Claim Apply(IDomainEvent happened) => happened switch
    {
        IdentityClaimed e => this with { OwnerId = e.ConsumerId },
        LoginClaimed e => this with { OwnerId = e.UserId },
        _ => throw new UnreachableException($"Claim does not know {happened.GetType().Name}."),
    };
}
