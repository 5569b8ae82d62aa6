using System.Diagnostics;

namespace ContactCenter.Domain.CrmKeys;

/// <summary>The state of one CRM key: the fold of its events.</summary>
public sealed record CrmKey
{
    /// <summary>Before the first event.</summary>
    public static CrmKey Initial { get; } = new();

    /// <summary>The key's public part; empty before it is issued.</summary>
    public Guid Id { get; init; }

    /// <summary>Void.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>Five wrong codes came.</summary>
    public bool IsLocked { get; init; }

    /// <summary>Wrong codes since the last right one.</summary>
    public int Failures { get; init; }

    /// <summary>The last time step of which a code was taken.</summary>
    public long LastStep { get; init; }

    /// <summary>True if requests may be signed with it.</summary>
    public bool IsGood => Id != Guid.Empty && !IsRevoked;

    /// <summary>The state after one more event.</summary>
    public CrmKey Apply(CrmKeyEvent happened) => happened switch
    {
        CrmKeyIssued e => this with { Id = e.CrmKeyId },
        CrmKeyRevoked => this with { IsRevoked = true },
        CrmCodeAccepted e => this with { LastStep = e.Step, Failures = 0 },
        CrmCodeRefused e => this with { Failures = e.Failures },
        CrmKeyLocked => this with { IsLocked = true },
        _ => throw new UnreachableException($"CrmKey does not know {happened.GetType().Name}."),
    };
}
