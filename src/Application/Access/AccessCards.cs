using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>One user as lists see it; without secrets.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Login">What they sign in with.</param>
/// <param name="Name">As shown to others.</param>
/// <param name="RoleIds">Their roles.</param>
/// <param name="TeamIds">Their teams.</param>
/// <param name="IsDeactivated">Can no longer sign in.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record UserCard(
    Guid UserId, long Version, string Login, string Name, IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds, bool IsDeactivated, DateTimeOffset CreatedAt);

/// <summary>One team.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Name">As shown.</param>
public sealed record TeamCard(Guid TeamId, long Version, string Name);

/// <summary>One role.</summary>
/// <param name="RoleId">The role.</param>
/// <param name="Version">Its stream's version; 0 for one that is built in.</param>
/// <param name="Name">As shown.</param>
/// <param name="Grants">What it grants.</param>
/// <param name="IsBuiltIn">The same in every contact center, and never changed.</param>
public sealed record RoleCard(Guid RoleId, long Version, string Name, IReadOnlyList<Grant> Grants, bool IsBuiltIn = false);

/// <summary>One API key; without its secret or what could verify it.</summary>
/// <param name="ApiKeyId">The key's public part.</param>
/// <param name="Version">Its stream's version.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Grants">What it may do.</param>
/// <param name="IssuedAt">Since when.</param>
/// <param name="RevokedAt">Void since, or null.</param>
public sealed record ApiKeyCard(Guid ApiKeyId, long Version, string Name, IReadOnlyList<Grant> Grants, DateTimeOffset IssuedAt, DateTimeOffset? RevokedAt);

/// <summary>Folds users.</summary>
public sealed class UsersProjection : Projection<UserCard>
{
    /// <inheritdoc/>
    public override string Name => "users";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<UserCard>> Columns { get; } =
    [
        new("login", ColumnType.Text, u => u.Login, Indexed: true, Required: true),
        new("name", ColumnType.Text, u => u.Name, Indexed: true, Required: true),
        new("team_ids", ColumnType.Ids, u => u.TeamIds, Indexed: true),
        new("user_id", ColumnType.Id, u => u.UserId, Required: true),
        new("is_deactivated", ColumnType.Flag, u => u.IsDeactivated, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.User.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) =>
        happened.Data is UserCreated or UserPasswordChanged or UserAssigned or UserDeactivated ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override UserCard? Evolve(UserCard? view, StoredEvent happened) => (happened.Data, view) switch
    {
        (UserCreated e, _) => new UserCard(e.UserId, happened.Version, e.Login, e.Name, e.RoleIds, e.TeamIds, IsDeactivated: false, e.CreatedAt),
        (UserAssigned e, not null) => view with { RoleIds = e.RoleIds, TeamIds = e.TeamIds, Version = happened.Version },
        (UserDeactivated, not null) => view with { IsDeactivated = true, Version = happened.Version },
        (UserPasswordChanged, not null) => view with { Version = happened.Version },
        _ => view,
    };
}

/// <summary>Folds teams.</summary>
public sealed class TeamsProjection : Projection<TeamCard>
{
    /// <inheritdoc/>
    public override string Name => "teams";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<TeamCard>> Columns { get; } =
    [
        new("name", ColumnType.Text, t => t.Name, Indexed: true, Required: true),
        new("team_id", ColumnType.Id, t => t.TeamId, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Team.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is TeamCreated ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override TeamCard? Evolve(TeamCard? view, StoredEvent happened) =>
        happened.Data is TeamCreated e ? new TeamCard(e.TeamId, happened.Version, e.Name) : view;
}

/// <summary>Folds custom roles.</summary>
public sealed class RolesProjection : Projection<RoleCard>
{
    /// <inheritdoc/>
    public override string Name => "roles";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<RoleCard>> Columns { get; } = [new("name", ColumnType.Text, r => r.Name, Indexed: true, Required: true)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.Role.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) => happened.Data is RoleDefined ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override RoleCard? Evolve(RoleCard? view, StoredEvent happened) =>
        happened.Data is RoleDefined e ? new RoleCard(e.RoleId, happened.Version, e.Name, e.Grants) : view;
}

/// <summary>Folds API keys.</summary>
public sealed class ApiKeysProjection : Projection<ApiKeyCard>
{
    /// <inheritdoc/>
    public override string Name => "api_keys";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<Column<ApiKeyCard>> Columns { get; } =
    [
        new("name", ColumnType.Text, k => k.Name, Indexed: true, Required: true),
        new("issued_at", ColumnType.Instant, k => k.IssuedAt, Required: true),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Categories { get; } = [Aggregates.ApiKey.Category];

    /// <inheritdoc/>
    public override string? KeyOf(StoredEvent happened) =>
        happened.Data is ApiKeyIssued or ApiKeyRevoked ? happened.Stream.Id.ToString() : null;

    /// <inheritdoc/>
    public override ApiKeyCard? Evolve(ApiKeyCard? view, StoredEvent happened) => (happened.Data, view) switch
    {
        (ApiKeyIssued e, _) => new ApiKeyCard(e.ApiKeyId, happened.Version, e.Name, e.Grants, e.IssuedAt, RevokedAt: null),
        (ApiKeyRevoked e, not null) => view with { RevokedAt = e.RevokedAt, Version = happened.Version },
        _ => view,
    };
}
