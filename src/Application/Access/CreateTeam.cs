using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;

namespace ContactCenter.Application.Access;

/// <summary>A team is created.</summary>
/// <param name="TeamId">The new team's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Name">1 to 100 characters.</param>
public sealed record CreateTeam(Guid? TeamId, string Name) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>The shape of <see cref="CreateTeam"/>.</summary>
public sealed class CreateTeamValidator : AbstractValidator<CreateTeam>
{
    /// <summary>Its rules.</summary>
    public CreateTeamValidator()
    {
        RuleFor(r => r.TeamId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Name).Text(100);
    }
}
