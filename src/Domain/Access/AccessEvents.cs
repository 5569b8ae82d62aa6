using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Access;

/// <summary>A fact about who may do what: users, roles, teams, API keys (ADM-1).</summary>
public abstract record AccessEvent : IDomainEvent
{
    private protected AccessEvent()
    {
    }
}

/// <summary>How far a permission reaches.</summary>
public enum Scope
{
    /// <summary>Queues the user is a member of.</summary>
    AssignedQueues,

    /// <summary>Teams the user belongs to.</summary>
    AssignedTeams,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>One permission and how far it reaches.</summary>
/// <param name="Permission">A name of <see cref="Permissions"/>.</param>
/// <param name="Scope">How far.</param>
public sealed record Grant(string Permission, Scope Scope);

/// <summary>A user was created. Stream <c>user-{id}</c>.</summary>
/// <param name="UserId">The user; an agent's id is the user's id.</param>
/// <param name="Login">What they sign in with; unique, lower-case.</param>
/// <param name="Name">As shown to others (MON-7).</param>
/// <param name="PasswordHash">Salted and slow; see <c>IPasswordHasher</c>.</param>
/// <param name="RoleIds">Their roles add up to the highest.</param>
/// <param name="TeamIds">Their teams.</param>
/// <param name="CreatedAt">When.</param>
[EventType("user.created.v1")]
public sealed record UserCreated(
    Guid UserId, string Login, string Name, string PasswordHash, IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds, DateTimeOffset CreatedAt) : AccessEvent;

/// <summary>One login belongs to one user, forever. Stream <c>login-{hash}</c> of one event.</summary>
[EventType("user.login_claimed.v1")]
public sealed record LoginClaimed(Guid LoginHash, Guid UserId, DateTimeOffset ClaimedAt) : IDomainEvent;

/// <summary>The user got another password; tokens issued before are void.</summary>
[EventType("user.password_changed.v1")]
public sealed record UserPasswordChanged(Guid UserId, string PasswordHash, DateTimeOffset ChangedAt) : AccessEvent;

/// <summary>The user's roles and teams are now exactly these.</summary>
[EventType("user.assigned.v1")]
public sealed record UserAssigned(Guid UserId, IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds, DateTimeOffset AssignedAt) : AccessEvent;

/// <summary>The user can no longer sign in; tokens issued before are void.</summary>
[EventType("user.deactivated.v1")]
public sealed record UserDeactivated(Guid UserId, DateTimeOffset DeactivatedAt) : AccessEvent;

/// <summary>A role means exactly these grants from now on. Stream <c>role-{id}</c>.</summary>
[EventType("role.defined.v1")]
public sealed record RoleDefined(Guid RoleId, string Name, IReadOnlyList<Grant> Grants, DateTimeOffset DefinedAt) : AccessEvent;

/// <summary>A team was created. Stream <c>team-{id}</c>.</summary>
[EventType("team.created.v1")]
public sealed record TeamCreated(Guid TeamId, string Name, DateTimeOffset CreatedAt) : AccessEvent;

/// <summary>An API key was issued. Stream <c>apikey-{id}</c>.</summary>
/// <param name="ApiKeyId">The key's public part.</param>
/// <param name="Name">What it is for.</param>
/// <param name="SecretHash">SHA-256 of the secret part (256 random bits), hexadecimal.</param>
/// <param name="Grants">What it may do.</param>
/// <param name="IssuedAt">When.</param>
[EventType("api_key.issued.v1")]
public sealed record ApiKeyIssued(Guid ApiKeyId, string Name, string SecretHash, IReadOnlyList<Grant> Grants, DateTimeOffset IssuedAt) : AccessEvent;

/// <summary>An API key is void.</summary>
[EventType("api_key.revoked.v1")]
public sealed record ApiKeyRevoked(Guid ApiKeyId, DateTimeOffset RevokedAt) : AccessEvent;
