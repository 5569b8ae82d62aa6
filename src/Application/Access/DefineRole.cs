using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;

namespace ContactCenter.Application.Access;

/// <summary>A custom role means exactly these grants from now on. An existing one needs <c>If-Match</c>.</summary>
/// <param name="RoleId">The role, or null for a new one.</param>
/// <param name="Name">1 to 20 characters.</param>
/// <param name="Grants">What it grants.</param>
public sealed record DefineRole(Guid? RoleId, string Name, IReadOnlyList<Grant> Grants) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>The shape of <see cref="DefineRole"/>.</summary>
public sealed class DefineRoleValidator : AbstractValidator<DefineRole>
{
    /// <summary>Its rules.</summary>
    public DefineRoleValidator()
    {
        RuleFor(r => r.RoleId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Name).Text(20);
        RuleFor(r => r.Grants).Grants();
    }
}
