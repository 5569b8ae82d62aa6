using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>The user can no longer sign in; tokens issued before are void.</summary>
/// <param name="UserId">The user.</param>
public sealed record DeactivateUser(Guid UserId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}
