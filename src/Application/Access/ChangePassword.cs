using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;

namespace ContactCenter.Application.Access;

/// <summary>The user gets another password; tokens issued before are void.</summary>
/// <param name="UserId">The user.</param>
/// <param name="Password">12 to 200 characters.</param>
public sealed record ChangePassword(Guid UserId, string Password) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);

    /// <summary>Without the password.</summary>
    public override string ToString() => nameof(ChangePassword);
}

/// <summary>The shape of <see cref="ChangePassword"/>.</summary>
public sealed class ChangePasswordValidator : AbstractValidator<ChangePassword>
{
    /// <summary>Its rules.</summary>
    public ChangePasswordValidator()
    {
        RuleFor(r => r.Password).Password();
    }
}
