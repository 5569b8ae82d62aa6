using System.Globalization;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>A page of users, narrowed to the caller's teams where the permission reaches no farther.</summary>
/// <param name="TeamId">Of this team, or null for all.</param>
/// <param name="Search">With this in name or login, or null for all.</param>
/// <param name="Page">Which part; sorts by <c>name</c>, <c>login</c>.</param>
public sealed record ListUsers(Guid? TeamId, string? Search, PageRequest Page) : IQuery<Page<UserCard>>
{
    internal static readonly Sorting Sorting = new(("name", "name"), ("login", "login"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersRead);
}

/// <summary>A page of teams; where the permission reaches no farther, the caller's own.</summary>
/// <param name="Page">Which part; sorts by <c>name</c>.</param>
public sealed record ListTeams(PageRequest Page) : IQuery<Page<TeamCard>>
{
    internal static readonly Sorting Sorting = new(("name", "name"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersRead);
}

/// <summary>A page of roles: the built-in ones, the same everywhere, then the custom ones.</summary>
/// <param name="Page">Which part; sorts the custom ones by <c>name</c>.</param>
public sealed record ListRoles(PageRequest Page) : IQuery<Page<RoleCard>>
{
    internal static readonly Sorting Sorting = new(("name", "name"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersRead);
}

/// <summary>A page of API keys, revoked ones too.</summary>
/// <param name="Page">Which part; sorts by <c>name</c>, <c>issuedAt</c>.</param>
public sealed record ListApiKeys(PageRequest Page) : IQuery<Page<ApiKeyCard>>
{
    internal static readonly Sorting Sorting = new(("name", "name"), ("issuedAt", "issued_at"));

    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersRead, Target.Everything);
}

/// <summary>The shape of <see cref="ListUsers"/>.</summary>
public sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    /// <summary>Its rules.</summary>
    public ListUsersValidator()
    {
        RuleFor(r => r.Search).MaximumLength(100);
        this.PageRules(r => r.Page, ListUsers.Sorting);
    }
}

/// <summary>The shape of <see cref="ListTeams"/>.</summary>
public sealed class ListTeamsValidator : AbstractValidator<ListTeams>
{
    /// <summary>Its rules.</summary>
    public ListTeamsValidator() => this.PageRules(r => r.Page, ListTeams.Sorting);
}

/// <summary>The shape of <see cref="ListRoles"/>.</summary>
public sealed class ListRolesValidator : AbstractValidator<ListRoles>
{
    /// <summary>Its rules.</summary>
    public ListRolesValidator() => this.PageRules(r => r.Page, ListRoles.Sorting);
}

/// <summary>The shape of <see cref="ListApiKeys"/>.</summary>
public sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    /// <summary>Its rules.</summary>
    public ListApiKeysValidator() => this.PageRules(r => r.Page, ListApiKeys.Sorting);
}

/// <summary>Answers <see cref="ListUsers"/> and <see cref="ListTeams"/>.</summary>
public sealed class ListPeopleHandler(IReadModel<UserCard> users, IReadModel<TeamCard> teams, CurrentCall call) :
    IRequestHandler<ListUsers, Result<Page<UserCard>>>, IRequestHandler<ListTeams, Result<Page<TeamCard>>>
{
    /// <inheritdoc/>
    public async Task<Result<Page<UserCard>>> Handle(ListUsers request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        var filters = new List<Filter>();
        if (caller.ScopeOf(Permissions.UsersRead) is { } scope and not Scope.All)
        {
            filters.Add(scope == Scope.AssignedTeams
                ? new("team_ids", FilterOperator.AnyOf, caller.TeamIds, Moves: true)
                : new("user_id", FilterOperator.Is, caller.UserId ?? Guid.Empty, Moves: true));
        }

        if (request.TeamId is { } teamId)
            filters.Add(new("team_ids", FilterOperator.Is, teamId));
        if (request.Search is { Length: > 0 } search)
            filters.Add(new("name", FilterOperator.Contains, search) { Or = new("login", FilterOperator.Contains, search) });
        return await users.PageAsync(ListUsers.Sorting.Query(filters, request.Page), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<Result<Page<TeamCard>>> Handle(ListTeams request, CancellationToken cancellationToken)
    {
        var caller = call.Context.Caller;
        IReadOnlyList<Filter> filters = caller.ScopeOf(Permissions.UsersRead) == Scope.All
            ? []
            : [new("team_id", FilterOperator.AnyOf, caller.TeamIds, Moves: true)];
        return await teams.PageAsync(ListTeams.Sorting.Query(filters, request.Page), cancellationToken);
    }
}

/// <summary>Answers <see cref="ListRoles"/> and <see cref="ListApiKeys"/>.</summary>
public sealed class ListGrantsHandler(IReadModel<RoleCard> roles, IReadModel<ApiKeyCard> keys) :
    IRequestHandler<ListRoles, Result<Page<RoleCard>>>, IRequestHandler<ListApiKeys, Result<Page<ApiKeyCard>>>
{
    private const string AmongBuiltIn = "built-in.";

    /// <inheritdoc/>
    public async Task<Result<Page<RoleCard>>> Handle(ListRoles request, CancellationToken cancellationToken)
    {
        var page = request.Page;
        var among = Among(page.Cursor);
        RoleCard[] builtIn = among is not { } given
            ? []
            : [.. BuiltInRoles.All.Skip(given).Take(page.Limit).Select(r => new RoleCard(r.Id, Version: 0, r.Name, r.Grants, IsBuiltIn: true))];
        if (builtIn.Length == page.Limit)
            return new Page<RoleCard>(builtIn, $"{AmongBuiltIn}{among + builtIn.Length}");
        var rest = page with { Limit = page.Limit - builtIn.Length, Cursor = among is null ? page.Cursor : null };
        var custom = await roles.PageAsync(ListRoles.Sorting.Query([], rest), cancellationToken);
        return custom.Map(c => c with { Items = [.. builtIn, .. c.Items] });
    }

    /// <summary>How many of the built-in roles a cursor has behind it, or null for one among the custom roles.</summary>
    private static int? Among(string? cursor)
    {
        if (cursor is null)
            return 0;
        return cursor.StartsWith(AmongBuiltIn, StringComparison.Ordinal)
            && int.TryParse(cursor.AsSpan(AmongBuiltIn.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : null;
    }

    /// <inheritdoc/>
    public Task<Result<Page<ApiKeyCard>>> Handle(ListApiKeys request, CancellationToken cancellationToken) =>
        keys.PageAsync(ListApiKeys.Sorting.Query([], request.Page), cancellationToken);
}
