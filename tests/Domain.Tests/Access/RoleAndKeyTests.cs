using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Access;

public sealed class RoleAndKeyTests
{
    private static readonly Grant Listen = new(Permissions.MonitoringListen, Scope.AssignedTeams);

    [Fact]
    public void A_custom_role_means_exactly_its_grants() =>
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), " Trainee ", [Listen], T0)).Then(new RoleDefined(Id(1), "Trainee", [Listen], T0))
            .When(r => AccessDecider.DefineRole(r, Id(1), "Trainee", [], At(1))).Then(new RoleDefined(Id(1), "Trainee", [], At(1)));

    [Fact]
    public void Built_in_roles_do_not_change()
    {
        foreach (var id in new[] { BuiltInRoles.Admin, BuiltInRoles.Manager, BuiltInRoles.Agent })
            Given.Role().When(r => AccessDecider.DefineRole(r, id, "Mine", [Listen], T0)).ThenRejected<ConflictError>("role.built_in");
    }

    [Fact]
    public void Only_permissions_and_scopes_that_exist_are_granted()
    {
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), "Mine", [Listen with { Permission = "sessions.destroy" }], T0))
            .ThenRejected<UnprocessableError>("permission.unknown");
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), "Mine", [Listen with { Scope = (Scope)9 }], T0))
            .ThenRejected<UnprocessableError>("permission.unknown");
        Given.ApiKey().When(k => AccessDecider.IssueApiKey(k, Id(1), "CRM", "hash", [Listen with { Permission = "sessions.destroy" }], T0))
            .ThenRejected<UnprocessableError>("permission.unknown");
    }

    [Fact]
    public void A_role_has_a_short_name_and_at_most_100_grants()
    {
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), "", [Listen], T0)).ThenInvalid("name");
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), new string('x', 21), [Listen], T0)).ThenInvalid("name");
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), "Mine", [.. Enumerable.Repeat(Listen, 101)], T0)).ThenInvalid("grants");
        Given.Role().When(r => AccessDecider.DefineRole(r, Id(1), new string('x', 20), [.. Enumerable.Repeat(Listen, 100)], T0))
            .Decision.IsRejected.ShouldBeFalse();
    }

    [Fact]
    public void A_team_is_created() =>
        Given.Team().When(t => AccessDecider.CreateTeam(t, Id(1), " North ", T0)).Then(new TeamCreated(Id(1), "North", T0));

    [Fact]
    public void Teams_and_keys_have_names()
    {
        Given.Team().When(t => AccessDecider.CreateTeam(t, Id(1), " ", T0)).ThenInvalid("name");
        Given.ApiKey().When(k => AccessDecider.IssueApiKey(k, Id(1), "", "hash", [Listen], T0)).ThenInvalid("name");
    }

    [Fact]
    public void A_key_is_issued_and_revoked() =>
        Given.ApiKey().When(k => AccessDecider.IssueApiKey(k, Id(1), "CRM", "hash", [Listen], T0)).Then(new ApiKeyIssued(Id(1), "CRM", "hash", [Listen], T0))
            .When(k => AccessDecider.RevokeApiKey(k, At(1))).Then(new ApiKeyRevoked(Id(1), At(1)));

    [Fact]
    public void An_unknown_key_is_not_revoked() =>
        Given.ApiKey().When(k => AccessDecider.RevokeApiKey(k, T0)).ThenRejected<NotFoundError>("api_key.not_found");
}
