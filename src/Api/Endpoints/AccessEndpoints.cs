using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Application.Access;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.Projections;
using ContactCenter.Domain.Access;
using Microsoft.AspNetCore.Mvc;

namespace ContactCenter.Api.Endpoints;

/// <summary>Users, teams, roles and API keys (ADM-1).</summary>
public static class AccessEndpoints
{
    /// <summary>Maps them.</summary>
    public static void MapAccess(this IEndpointRouteBuilder v1)
    {
        var access = v1.MapGroup(string.Empty).WithTags("access");
        access.MapGet("/users", (Call call, [AsParameters] UserQuery filter, [AsParameters] PageQuery page) => call.AskAsync(
                new ListUsers(filter.TeamId, filter.Search, page.Request))).Query<Page<UserCard>>("ListUsers").WithSummary("Users.");
        access.MapGet("/teams", (Call call, [AsParameters] PageQuery page) => call.AskAsync(new ListTeams(page.Request))).Query<Page<TeamCard>>("ListTeams")
            .WithSummary("Teams.");
        access.MapGet("/roles", (Call call, [AsParameters] PageQuery page) => call.AskAsync(new ListRoles(page.Request))).Query<Page<RoleCard>>("ListRoles")
            .WithSummary("Roles: the built-in ones first, then the custom ones.");
        access.MapGet("/api-keys", (Call call, [AsParameters] PageQuery page) => call.AskAsync(new ListApiKeys(page.Request))).Query<Page<ApiKeyCard>>("ListApiKeys")
            .WithSummary("API keys, without what could be used.");
        access.MapPost("/users", (Call call, CreateUserBody body) => call.CreateAsync(
                new CreateUser(body.UserId, body.Login, body.Name, body.Password, body.RoleIds ?? [], body.TeamIds ?? []), "/v1/users")).Creation("CreateUser")
            .WithSummary("Creates a user; an agent's id is the user's id.");
        access.MapPut("/users/{id}/password", (Call call, Guid id, PasswordBody body) => call.DoAsync(new ChangePassword(id, body.Password))).Command("ChangePassword")
            .WithSummary("Gives the user another password; tokens issued before are void.");
        access.MapPut("/users/{id}/assignment", (Call call, Guid id, AssignmentBody body) => call.DoAsync(new AssignUser(id, body.RoleIds, body.TeamIds))).Command("AssignUser").NeedsVersion()
            .WithSummary("The user's roles and teams are exactly these from now on.");
        access.MapPost("/users/{id}/deactivate", (Call call, Guid id) => call.DoAsync(new DeactivateUser(id))).Command("DeactivateUser")
            .WithSummary("The user can no longer sign in.");
        access.MapPost("/teams", (Call call, CreateTeamBody body) => call.CreateAsync(new CreateTeam(body.TeamId, body.Name), "/v1/teams")).Creation("CreateTeam")
            .WithSummary("Creates a team.");
        access.MapPost("/roles", (Call call, RoleBody body) => call.CreateAsync(new DefineRole(null, body.Name, body.Grants), "/v1/roles")).Creation("CreateRole").Sends(new DefineRole(RoleId: null, string.Empty, []))
            .WithSummary("Creates a custom role.");
        access.MapPut("/roles/{id}", (Call call, Guid id, RoleBody body) => call.DoAsync(new DefineRole(id, body.Name, body.Grants))).Command("DefineRole").NeedsVersion()
            .WithSummary("The role means exactly these grants from now on.");
        access.MapPost("/api-keys", IssueAsync).Command<IssuedApiKey>("IssueApiKey", StatusCodes.Status201Created)
            .WithSummary("Issues an API key; its text is answered once and kept nowhere.");
        access.MapDelete("/api-keys/{id}", (Call call, Guid id) => call.DoAsync(new RevokeApiKey(id))).Command("RevokeApiKey")
            .WithSummary("The key is void.");
        access.MapGet("/crm-keys", (Call call, [AsParameters] PageQuery page) => call.AskAsync(new ListCrmKeys(page.Request))).Query<Page<CrmKeyCard>>("ListCrmKeys")
            .WithSummary("The CRM's keys, without their secrets: which is used, locked, or void.");
        access.MapPost("/crm-keys", IssueCrmKeyAsync).Command<IssuedCrmKey>("IssueCrmKey", StatusCodes.Status201Created)
            .WithSummary("Issues a key with which the CRM may ask for recordings that wait for it; both secrets are answered once and kept nowhere (ADR 0058).");
        access.MapDelete("/crm-keys/{id}", (Call call, Guid id) => call.DoAsync(new RevokeCrmKey(id))).Command("RevokeCrmKey")
            .WithSummary("The CRM's key is void.");
    }

    private static async Task<IResult> IssueCrmKeyAsync(Call call, CrmKeyBody body)
    {
        var answer = await call.SendAsync(new IssueCrmKey(body.Name));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        call.Http.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v1/crm-keys/{answer.Value.Id:D}", answer.Value);
    }

    private static async Task<IResult> IssueAsync(Call call, ApiKeyBody body)
    {
        var answer = await call.SendAsync(new IssueApiKey(body.Name, body.Grants));
        if (!answer.IsOk)
            return answer.Error.ToResult();
        call.Http.Response.Headers.CacheControl = "no-store";
        return Results.Created($"/v1/api-keys/{answer.Value.Id:D}", answer.Value);
    }
}

/// <summary>A new user.</summary>
/// <param name="Login">What they sign in with.</param>
/// <param name="Name">As shown to others.</param>
/// <param name="Password">12 to 200 characters.</param>
/// <param name="RoleIds">Their roles.</param>
/// <param name="TeamIds">Their teams.</param>
/// <param name="UserId">The new user's id, or null to be given one.</param>
public sealed record CreateUserBody(
    string Login, string Name, string Password, IReadOnlyList<Guid>? RoleIds = null, IReadOnlyList<Guid>? TeamIds = null, Guid? UserId = null)
{
    /// <summary>Never the password, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(CreateUserBody);
}

/// <summary>A new password.</summary>
/// <param name="Password">12 to 200 characters.</param>
public sealed record PasswordBody(string Password)
{
    /// <summary>Never the password, so that it cannot slip into a log line.</summary>
    public override string ToString() => nameof(PasswordBody);
}

/// <summary>A user's roles and teams.</summary>
/// <param name="RoleIds">All of their roles.</param>
/// <param name="TeamIds">All of their teams.</param>
public sealed record AssignmentBody(IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds);

/// <summary>A new team.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="TeamId">The new team's id, or null to be given one.</param>
public sealed record CreateTeamBody(string Name, Guid? TeamId = null);

/// <summary>A custom role.</summary>
/// <param name="Name">1 to 20 characters.</param>
/// <param name="Grants">What it grants.</param>
public sealed record RoleBody(string Name, IReadOnlyList<Grant> Grants);

/// <summary>A new API key.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="Grants">What it may do.</param>
public sealed record ApiKeyBody(string Name, IReadOnlyList<Grant> Grants);

/// <summary>A new CRM key.</summary>
/// <param name="Name">What it is for.</param>
public sealed record CrmKeyBody(string Name);

/// <summary>Which users.</summary>
/// <param name="TeamId">Of this team.</param>
/// <param name="Search">With this in name or login.</param>
public sealed record UserQuery([property: FromQuery(Name = "teamId")] Guid? TeamId = null, [property: FromQuery(Name = "search")] string? Search = null);
