using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;

namespace ContactCenter.Application.Access;

/// <summary>The user's roles and teams are exactly these from now on. Needs <c>If-Match</c>.</summary>
/// <param name="UserId">The user.</param>
/// <param name="RoleIds">Their roles.</param>
/// <param name="TeamIds">Their teams.</param>
public sealed record AssignUser(Guid UserId, IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>The shape of <see cref="AssignUser"/>.</summary>
public sealed class AssignUserValidator : AbstractValidator<AssignUser>
{
    /// <summary>Its rules.</summary>
    public AssignUserValidator()
    {
        RuleFor(r => r.RoleIds).Ids();
        RuleFor(r => r.TeamIds).Ids();
    }
}
