using System.Collections.Immutable;
using System.Diagnostics;

namespace ContactCenter.Domain.Access;

/// <summary>The state of one user: the fold of its events.</summary>
public sealed record User
{
    /// <summary>Before the first event.</summary>
    public static User Initial { get; } = new();

    /// <summary>The user's id; empty before it is created.</summary>
    public Guid Id { get; init; }

    /// <summary>What they sign in with.</summary>
    public string Login { get; init; } = string.Empty;

    /// <summary>As shown to others.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Salted and slow.</summary>
    public string PasswordHash { get; init; } = string.Empty;

    /// <summary>Their roles.</summary>
    public ImmutableArray<Guid> RoleIds { get; init; } = [];

    /// <summary>Their teams.</summary>
    public ImmutableArray<Guid> TeamIds { get; init; } = [];

    /// <summary>Can no longer sign in.</summary>
    public bool IsDeactivated { get; init; }

    /// <summary>Tokens issued before this instant are void.</summary>
    public DateTimeOffset TokensValidFrom { get; init; }

    /// <summary>True once created.</summary>
    public bool Exists => Id != Guid.Empty;

    /// <summary>The state after one more event.</summary>
    public User Apply(AccessEvent happened) => happened switch
    {
        UserCreated e => this with
        {
            Id = e.UserId,
            Login = e.Login,
            Name = e.Name,
            PasswordHash = e.PasswordHash,
            RoleIds = [.. e.RoleIds],
            TeamIds = [.. e.TeamIds],
        },
        UserPasswordChanged e => this with { PasswordHash = e.PasswordHash, TokensValidFrom = e.ChangedAt },
        UserAssigned e => this with { RoleIds = [.. e.RoleIds], TeamIds = [.. e.TeamIds] },
        UserDeactivated e => this with { IsDeactivated = true, TokensValidFrom = e.DeactivatedAt },
        _ => throw new UnreachableException($"User does not know {happened.GetType().Name}."),
    };
}

/// <summary>The state of one role: the fold of its events.</summary>
public sealed record Role
{
    /// <summary>Before the first event.</summary>
    public static Role Initial { get; } = new();

    /// <summary>The role's id; empty before it is defined.</summary>
    public Guid Id { get; init; }

    /// <summary>As shown.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>What it grants.</summary>
    public ImmutableArray<Grant> Grants { get; init; } = [];

    /// <summary>The state after one more event.</summary>
    public Role Apply(AccessEvent happened) => happened switch
    {
        RoleDefined e => this with { Id = e.RoleId, Name = e.Name, Grants = [.. e.Grants] },
        _ => throw new UnreachableException($"Role does not know {happened.GetType().Name}."),
    };
}

/// <summary>The state of one team: the fold of its events.</summary>
public sealed record Team
{
    /// <summary>Before the first event.</summary>
    public static Team Initial { get; } = new();

    /// <summary>The team's id; empty before it is created.</summary>
    public Guid Id { get; init; }

    /// <summary>As shown.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>The state after one more event.</summary>
    public Team Apply(AccessEvent happened) => happened switch
    {
        TeamCreated e => this with { Id = e.TeamId, Name = e.Name },
        _ => throw new UnreachableException($"Team does not know {happened.GetType().Name}."),
    };
}

/// <summary>The state of one API key: the fold of its events.</summary>
public sealed record ApiKey
{
    /// <summary>Before the first event.</summary>
    public static ApiKey Initial { get; } = new();

    /// <summary>The key's public part; empty before it is issued.</summary>
    public Guid Id { get; init; }

    /// <summary>What it is for.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>SHA-256 of the secret part, hexadecimal.</summary>
    public string SecretHash { get; init; } = string.Empty;

    /// <summary>What it may do.</summary>
    public ImmutableArray<Grant> Grants { get; init; } = [];

    /// <summary>Void.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>The state after one more event.</summary>
    public ApiKey Apply(AccessEvent happened) => happened switch
    {
        ApiKeyIssued e => this with { Id = e.ApiKeyId, Name = e.Name, SecretHash = e.SecretHash, Grants = [.. e.Grants] },
        ApiKeyRevoked => this with { IsRevoked = true },
        _ => throw new UnreachableException($"ApiKey does not know {happened.GetType().Name}."),
    };
}
