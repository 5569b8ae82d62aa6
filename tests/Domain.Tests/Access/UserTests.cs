using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using static ContactCenter.Domain.Tests.Spec;

namespace ContactCenter.Domain.Tests.Access;

public sealed class UserTests
{
    private static readonly Guid Ada = Id(1);
    private static readonly Guid Team = Id(2);
    private static readonly UserCreated Agent = new(Ada, "ada", "Ada L.", "hash", [BuiltInRoles.Agent], [Team], T0);
    private static readonly UserCreated Admin = Agent with { RoleIds = [BuiltInRoles.Admin] };

    [Fact]
    public void A_user_is_created_with_a_login_in_its_one_form() =>
        Given.User()
            .When(u => AccessDecider.CreateUser(u, Ada, " ADA ", " Ada L. ", "hash", [BuiltInRoles.Agent, BuiltInRoles.Agent], [Team], T0))
            .Then(Agent);

    [Theory]
    [InlineData("", "Ada", "login")]
    [InlineData("a da", "Ada", "login")]
    [InlineData("a\0da", "Ada", "login")]
    [InlineData("ada", "", "name")]
    public void A_user_has_a_login_and_a_name(string login, string name, string field) =>
        Given.User().When(u => AccessDecider.CreateUser(u, Ada, login, name, "hash", [], [], T0)).ThenInvalid(field);

    [Fact]
    public void Another_password_voids_the_tokens_issued_before() =>
        Given.User(Agent).When(u => AccessDecider.ChangePassword(u, "other", At(10))).Then(new UserPasswordChanged(Ada, "other", At(10)))
            .State.TokensValidFrom.ShouldBe(At(10));

    [Fact]
    public void Roles_and_teams_become_exactly_these() =>
        Given.User(Agent).When(u => AccessDecider.AssignUser(u, [BuiltInRoles.Manager], [], activeAdmins: 1, At(10)))
            .Then(new UserAssigned(Ada, [BuiltInRoles.Manager], [], At(10)));

    [Fact]
    public void The_same_roles_in_another_order_change_nothing() =>
        Given.User(Agent with { RoleIds = [BuiltInRoles.Agent, BuiltInRoles.Manager] })
            .When(u => AccessDecider.AssignUser(u, [BuiltInRoles.Manager, BuiltInRoles.Agent], [Team], activeAdmins: 1, At(10))).ThenNothing();

    [Fact]
    public void The_last_active_admin_stays_admin()
    {
        Given.User(Admin).When(u => AccessDecider.AssignUser(u, [BuiltInRoles.Agent], [Team], activeAdmins: 1, At(10)))
            .ThenRejected<ConflictError>("user.last_admin");
        Given.User(Admin).When(u => AccessDecider.DeactivateUser(u, activeAdmins: 1, At(10))).ThenRejected<ConflictError>("user.last_admin");
    }

    [Fact]
    public void One_of_two_admins_may_go()
    {
        Given.User(Admin).When(u => AccessDecider.AssignUser(u, [BuiltInRoles.Agent], [Team], activeAdmins: 2, At(10)))
            .Then(new UserAssigned(Ada, [BuiltInRoles.Agent], [Team], At(10)));
        Given.User(Admin).When(u => AccessDecider.DeactivateUser(u, activeAdmins: 2, At(10))).Then(new UserDeactivated(Ada, At(10)));
    }

    [Fact]
    public void The_last_admin_may_change_teams() =>
        Given.User(Admin).When(u => AccessDecider.AssignUser(u, [BuiltInRoles.Admin], [], activeAdmins: 1, At(10)))
            .Then(new UserAssigned(Ada, [BuiltInRoles.Admin], [], At(10)));

    [Fact]
    public void A_deactivated_user_is_not_changed()
    {
        var gone = Given.User(Agent).When(u => AccessDecider.DeactivateUser(u, activeAdmins: 1, At(10))).Then(new UserDeactivated(Ada, At(10)));

        gone.When(u => AccessDecider.ChangePassword(u, "other", At(20))).ThenRejected<ConflictError>("user.deactivated");
        gone.When(u => AccessDecider.AssignUser(u, [], [], activeAdmins: 1, At(20))).ThenRejected<ConflictError>("user.deactivated");
    }

    [Fact]
    public void An_unknown_user_is_not_changed()
    {
        Given.User().When(u => AccessDecider.ChangePassword(u, "other", T0)).ThenRejected<NotFoundError>("user.not_found");
        Given.User().When(u => AccessDecider.AssignUser(u, [], [], activeAdmins: 1, T0)).ThenRejected<NotFoundError>("user.not_found");
        Given.User().When(u => AccessDecider.DeactivateUser(u, activeAdmins: 1, T0)).ThenRejected<NotFoundError>("user.not_found");
    }
}
