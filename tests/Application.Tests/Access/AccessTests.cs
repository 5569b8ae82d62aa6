using ContactCenter.Application.Access;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Tests.Access;

public sealed class AccessTests
{
    private const string Password = "correct horse battery";

    [Fact]
    public async Task The_first_admin_is_made_once_and_can_sign_in()
    {
        await using var host = new TestHost();
        (await host.DoAsSystemAsync(new EnsureFirstAdmin("Admin", Password))).Version.ShouldBe(1);
        (await host.DoAsSystemAsync(new EnsureFirstAdmin("other", Password))).Version.ShouldBe(0);
        var signedIn = await host.DoAsync(Caller.Anonymous, new SignIn("ADMIN", Password));
        var caller = await host.Get<Authenticator>().UserAsync(signedIn.UserId, signedIn.At, CancellationToken.None);
        caller!.ScopeOf(Permissions.SessionsEnd).ShouldBe(Scope.All);
    }

    [Fact]
    public async Task Wrong_password_unknown_login_and_deactivated_user_answer_the_same()
    {
        await using var host = new TestHost();
        await host.DoAsync(TestHost.Admin, NewUser("ann"));
        var gone = await host.DoAsync(TestHost.Admin, NewUser("gone"));
        await host.DoAsync(TestHost.Admin, new DeactivateUser(gone.Id));
        var answers = new[]
        {
            await host.SendAsync(Caller.Anonymous, new SignIn("ann", "wrong horse battery")),
            await host.SendAsync(Caller.Anonymous, new SignIn("nobody", Password)),
            await host.SendAsync(Caller.Anonymous, new SignIn("gone", Password)),
        };
        answers.Select(a => a.Error).Distinct().ShouldHaveSingleItem().ShouldBeOfType<UnauthenticatedError>().Code.ShouldBe("auth.wrong_credentials");
    }

    [Theory]
    [InlineData("ann")]
    [InlineData("nobody")]
    public async Task After_ten_failures_in_a_row_a_login_waits(string login)
    {
        await using var host = new TestHost();
        await host.DoAsync(TestHost.Admin, NewUser("ann"));
        host.Clock.Stop();
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => host.SendAsync(Caller.Anonymous, new SignIn(login, "wrong horse battery")))));
        answers.Count(a => a.Error is UnauthenticatedError).ShouldBe(SignInThrottle.FreeFailures);
        answers.Count(a => a.Error is TooManyRequestsError { RetryAfter.Ticks: > 0 }).ShouldBe(30 - SignInThrottle.FreeFailures);
        (await host.SendAsync(Caller.Anonymous, new SignIn("ann", Password))).IsOk.ShouldBe(login != "ann");
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        (await host.SendAsync(Caller.Anonymous, new SignIn("ann", Password))).IsOk.ShouldBeTrue();
    }

    [Fact]
    public async Task Signing_in_is_in_the_audit_trail_with_the_user_and_without_the_password()
    {
        await using var host = new TestHost();
        var ann = await host.DoAsync(TestHost.Admin, NewUser("ann"));
        await host.DoAsync(Caller.Anonymous, new SignIn("ann", Password));
        host.Log.Events[^1].Data.ShouldBeOfType<Application.Pipeline.CommandWithoutEffect>().Subject.ShouldBe($"user-{ann.Id}");
        new SignIn("ann", Password).ToString().ShouldNotContain(Password);
        NewUser("ann").ToString().ShouldNotContain(Password);
    }

    [Fact]
    public async Task Tokens_are_void_after_a_new_password_and_after_deactivation()
    {
        await using var host = new TestHost();
        var ann = await host.DoAsync(TestHost.Admin, NewUser("ann"));
        var issuedAt = host.Clock.GetUtcNow();
        (await CallerAsync(host, ann.Id, issuedAt)).ShouldNotBeNull();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await host.DoAsync(TestHost.Admin, new ChangePassword(ann.Id, "another horse battery"));
        (await CallerAsync(host, ann.Id, issuedAt)).ShouldBeNull();
        (await CallerAsync(host, ann.Id, host.Clock.GetUtcNow())).ShouldNotBeNull();
        await host.DoAsync(TestHost.Admin, new DeactivateUser(ann.Id));
        (await CallerAsync(host, ann.Id, host.Clock.GetUtcNow().AddDays(1))).ShouldBeNull();
    }

    [Fact]
    public async Task A_login_belongs_to_one_user_also_when_two_are_created_at_once()
    {
        await using var host = new TestHost();
        host.Store.BeforeNextAppend = () => host.DoAsync(TestHost.Admin, NewUser("Ann"));
        await host.RefusedAsync("user.login_taken", TestHost.Admin, NewUser("ann"));
        host.Log.Events.Count(e => e.Data is UserCreated).ShouldBe(1);
    }

    [Fact]
    public async Task Two_admins_who_deactivate_each_other_at_once_leave_one()
    {
        await using var host = new TestHost();
        var one = await host.DoAsync(TestHost.Admin, NewUser("one") with { RoleIds = [BuiltInRoles.Admin] });
        var two = await host.DoAsync(TestHost.Admin, NewUser("two") with { RoleIds = [BuiltInRoles.Admin] });
        host.Store.BeforeNextAppend = () => host.DoAsync(TestHost.Admin, new DeactivateUser(one.Id));
        await host.RefusedAsync("user.last_admin", TestHost.Admin, new DeactivateUser(two.Id));
        (await host.StateAsync(Aggregates.AdminRoster, AdminRoster.Id)).UserIds.ShouldBe([two.Id]);
    }

    [Fact]
    public async Task Nobody_hands_out_more_than_they_have()
    {
        await using var host = new TestHost();
        var clerk = TestHost.User(host.NewId(), [new Grant(Permissions.UsersWrite, Scope.All)]);
        await host.RefusedAsync("access.more_than_own", clerk, NewUser("eve") with { RoleIds = [BuiltInRoles.Admin] });
        await host.RefusedAsync("access.more_than_own", clerk, new IssueApiKey("key", [new Grant(Permissions.AuditRead, Scope.AssignedTeams)]));
        await host.RefusedAsync("access.more_than_own", clerk, new DefineRole(null, "all", [new Grant(Permissions.SettingsWrite, Scope.All)]));
        await host.DoAsync(clerk, new IssueApiKey("key", [new Grant(Permissions.UsersWrite, Scope.All)]));
    }

    [Fact]
    public async Task An_api_key_opens_what_it_was_issued_for_until_it_is_revoked()
    {
        await using var host = new TestHost();
        var issued = await host.DoAsync(TestHost.Admin, new IssueApiKey("crm", [new Grant(Permissions.RecordingsRead, Scope.All)]));
        var authenticator = host.Get<Authenticator>();
        (await authenticator.ApiKeyAsync(issued.Key, CancellationToken.None))!.Grants.ShouldHaveSingleItem().Permission.ShouldBe(Permissions.RecordingsRead);
        string[] wrong = [issued.Key[..^1] + (issued.Key[^1] == 'A' ? 'B' : 'A'), issued.Key + "x", issued.Key[..36], "cc_", string.Empty, $"cc_{Guid.Empty:N}_x"];
        foreach (var key in wrong)
            (await authenticator.ApiKeyAsync(key, CancellationToken.None)).ShouldBeNull(key);
        host.Log.Events.ShouldAllBe(e => !(e.Data is ApiKeyIssued && ((ApiKeyIssued)e.Data).SecretHash.Contains(issued.Key)));
        await host.DoAsync(TestHost.Admin, new RevokeApiKey(issued.Id));
        (await authenticator.ApiKeyAsync(issued.Key, CancellationToken.None)).ShouldBeNull();
    }

    private static CreateUser NewUser(string login) => new(null, login, login, Password, [BuiltInRoles.Agent], []);

    private static async Task<Caller?> CallerAsync(TestHost host, Guid userId, DateTimeOffset issuedAt) =>
        await host.Get<Authenticator>().UserAsync(userId, issuedAt, CancellationToken.None);
}
