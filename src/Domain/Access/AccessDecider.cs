using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Access;

/// <summary>
/// The rules of who may do what (ADM-1): somebody can always administer, and only permissions that exist are granted.
/// That a login is free is settled by the stream of <see cref="LoginClaimed"/>, in the same write.
/// </summary>
public static class AccessDecider
{
    /// <summary>The most grants of one role or key.</summary>
    public const int MaxGrants = 100;

    /// <summary>The one form of a login, so that it is one user's whatever the case.</summary>
    public static string NormalizeLogin(string login) => login.Trim().ToLowerInvariant();

    /// <summary>Why somebody may not hand out these grants, or null: who manages access does not raise their own by it.</summary>
    /// <param name="given">What they would give.</param>
    /// <param name="own">What they have.</param>
    public static DomainError? WhyNotToGive(IReadOnlyList<Grant> given, IReadOnlyList<Grant> own) =>
        given.All(g => Permissions.Highest(own, g.Permission) >= g.Scope) ? null : AccessErrors.MoreThanOwn;

    /// <summary>A user is created, active.</summary>
    public static Decision<AccessEvent> CreateUser(
        User u, Guid userId, string login, string name, string passwordHash, IReadOnlyList<Guid> roleIds, IReadOnlyList<Guid> teamIds, DateTimeOffset now)
    {
        if (u.Exists)
            return Decision<AccessEvent>.Nothing;

        var normalized = NormalizeLogin(login);
        if (normalized.Length is < 1 or > 100 || normalized.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
            return ValidationError.Field("login", "Must have 1 to 100 characters and no spaces.");
        if (WhyNotName(name, longest: 100) is { } refusal)
            return refusal;

        return new UserCreated(userId, normalized, name.Trim(), passwordHash, [.. roleIds.Distinct()], [.. teamIds.Distinct()], now);
    }

    /// <summary>The user gets another password; tokens issued before are void.</summary>
    public static Decision<AccessEvent> ChangePassword(User u, string passwordHash, DateTimeOffset now)
    {
        if (WhyNotActive(u) is { } refusal)
            return refusal;
        return string.Equals(u.PasswordHash, passwordHash, StringComparison.Ordinal)
            ? Decision<AccessEvent>.Nothing
            : new UserPasswordChanged(u.Id, passwordHash, now);
    }

    /// <summary>The user's roles and teams are exactly these from now on.</summary>
    /// <param name="u">The user.</param>
    /// <param name="roleIds">All their roles.</param>
    /// <param name="teamIds">All their teams.</param>
    /// <param name="activeAdmins">How many active admins there are, this one included.</param>
    /// <param name="now">The time.</param>
    public static Decision<AccessEvent> AssignUser(
        User u, IReadOnlyList<Guid> roleIds, IReadOnlyList<Guid> teamIds, int activeAdmins, DateTimeOffset now)
    {
        if (WhyNotActive(u) is { } refusal)
            return refusal;
        if (roleIds.ToHashSet().SetEquals(u.RoleIds) && teamIds.ToHashSet().SetEquals(u.TeamIds))
            return Decision<AccessEvent>.Nothing;
        if (IsActiveAdmin(u) && !roleIds.Contains(BuiltInRoles.Admin) && activeAdmins <= 1)
            return AccessErrors.LastAdmin;

        return new UserAssigned(u.Id, [.. roleIds.Distinct()], [.. teamIds.Distinct()], now);
    }

    /// <summary>The user can no longer sign in.</summary>
    /// <param name="u">The user.</param>
    /// <param name="activeAdmins">How many active admins there are, this one included.</param>
    /// <param name="now">The time.</param>
    public static Decision<AccessEvent> DeactivateUser(User u, int activeAdmins, DateTimeOffset now)
    {
        if (!u.Exists)
            return AccessErrors.UserNotFound;
        if (u.IsDeactivated)
            return Decision<AccessEvent>.Nothing;
        return IsActiveAdmin(u) && activeAdmins <= 1 ? AccessErrors.LastAdmin : new UserDeactivated(u.Id, now);
    }

    /// <summary>A custom role means exactly these grants from now on.</summary>
    public static Decision<AccessEvent> DefineRole(Role r, Guid roleId, string name, IReadOnlyList<Grant> grants, DateTimeOffset now)
    {
        if (BuiltInRoles.Grants(roleId) is not null)
            return AccessErrors.BuiltIn;
        if (WhyNotName(name, longest: 20) is { } refusal)
            return refusal;
        if (WhyNotGrants(grants) is { } grantsRefusal)
            return grantsRefusal;
        return string.Equals(r.Name, name.Trim(), StringComparison.Ordinal) && r.Grants.SequenceEqual(grants)
            ? Decision<AccessEvent>.Nothing
            : new RoleDefined(roleId, name.Trim(), grants, now);
    }

    /// <summary>A team is created.</summary>
    public static Decision<AccessEvent> CreateTeam(Team t, Guid teamId, string name, DateTimeOffset now)
    {
        if (t.Id != Guid.Empty)
            return Decision<AccessEvent>.Nothing;
        if (WhyNotName(name, longest: 100) is { } refusal)
            return refusal;
        return new TeamCreated(teamId, name.Trim(), now);
    }

    /// <summary>An API key is issued; only the hash of its secret is kept.</summary>
    public static Decision<AccessEvent> IssueApiKey(
        ApiKey k, Guid apiKeyId, string name, string secretHash, IReadOnlyList<Grant> grants, DateTimeOffset now)
    {
        if (k.Id != Guid.Empty)
            return Decision<AccessEvent>.Nothing;
        if (WhyNotName(name, longest: 100) is { } refusal)
            return refusal;
        if (WhyNotGrants(grants) is { } grantsRefusal)
            return grantsRefusal;
        return new ApiKeyIssued(apiKeyId, name.Trim(), secretHash, grants, now);
    }

    /// <summary>An API key is void from now on.</summary>
    public static Decision<AccessEvent> RevokeApiKey(ApiKey k, DateTimeOffset now)
    {
        if (k.Id == Guid.Empty)
            return AccessErrors.ApiKeyNotFound;
        return k.IsRevoked ? Decision<AccessEvent>.Nothing : new ApiKeyRevoked(k.Id, now);
    }

    private static bool IsActiveAdmin(User u) => !u.IsDeactivated && u.RoleIds.Contains(BuiltInRoles.Admin);

    private static DomainError? WhyNotActive(User u)
    {
        if (!u.Exists)
            return AccessErrors.UserNotFound;
        return u.IsDeactivated ? AccessErrors.Deactivated : null;
    }

    private static ValidationError? WhyNotName(string name, int longest) =>
        string.IsNullOrWhiteSpace(name) || name.Trim().Length > longest
            ? ValidationError.Field("name", $"Must have 1 to {longest} characters.")
            : null;

    private static DomainError? WhyNotGrants(IReadOnlyList<Grant> grants)
    {
        if (grants.Count > MaxGrants)
            return ValidationError.Field("grants", $"Must be at most {MaxGrants}.");
        return grants.All(g => Permissions.All.Contains(g.Permission) && Enum.IsDefined(g.Scope)) ? null : AccessErrors.UnknownPermission;
    }
}
