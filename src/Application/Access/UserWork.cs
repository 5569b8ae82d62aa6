using ContactCenter.Application.Consumers;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>Changes of users that touch more than the user's own stream: the login's claim and the roster of admins.</summary>
public sealed class UserWork(UnitOfWork work, CurrentCall call, IIdentityHasher hasher, Passwords passwords)
{
    /// <summary>Adds a new user, the claim to the login, and the place among the admins; or answers why not.</summary>
    public async Task<DomainError?> CreateAsync(Versioned<User> user, CreateUser request, CancellationToken cancellationToken)
    {
        var hash = hasher.Hash("login", AccessDecider.NormalizeLogin(request.Login));
        var login = await work.LoadAsync(Aggregates.Login, hash, cancellationToken);
        if (login.State.IsTaken)
            return new ConflictError("user.login_taken", "The login is somebody's already.");

        var passwordHash = await passwords.HashAsync(request.Password, cancellationToken);
        var created = AccessDecider.CreateUser(
            user.State, user.Stream.Id, request.Login, request.Name, passwordHash, request.RoleIds, request.TeamIds, call.Now);
        if (work.Append(Aggregates.User, user, created) is { } refusal)
            return refusal;
        work.Append(Aggregates.Login, login, new LoginClaimed(hash, user.Stream.Id, call.Now));
        await KeepRosterAsync(user, cancellationToken);
        return null;
    }

    /// <summary>How many active admins there are.</summary>
    public async ValueTask<int> ActiveAdminsAsync(CancellationToken cancellationToken) =>
        (await RosterAsync(cancellationToken)).State.UserIds.Count;

    /// <summary>Writes who is admin, if what is to be appended changes it.</summary>
    public async ValueTask KeepRosterAsync(Versioned<User> user, CancellationToken cancellationToken)
    {
        var after = work.After(user);
        var isAdmin = !after.IsDeactivated && after.RoleIds.Contains(BuiltInRoles.Admin);
        var roster = await RosterAsync(cancellationToken);
        if (roster.State.With(user.Stream.Id, isAdmin, call.Now) is { } changed)
            work.Append(Aggregates.AdminRoster, roster, changed);
    }

    private ValueTask<Versioned<AdminRoster>> RosterAsync(CancellationToken cancellationToken) =>
        work.LoadAsync(Aggregates.AdminRoster, AdminRoster.Id, cancellationToken);
}
