using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Access;

/// <summary>At the first start: an admin with this login, if that login is nobody's yet.</summary>
/// <param name="Login">The login.</param>
/// <param name="Password">12 to 200 characters.</param>
public sealed record EnsureFirstAdmin(string Login, string Password) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;

    /// <summary>Without the password.</summary>
    public override string ToString() => nameof(EnsureFirstAdmin);
}

/// <summary>The shape of <see cref="EnsureFirstAdmin"/>.</summary>
public sealed class EnsureFirstAdminValidator : AbstractValidator<EnsureFirstAdmin>
{
    /// <summary>Its rules.</summary>
    public EnsureFirstAdminValidator()
    {
        RuleFor(r => r.Login).Login();
        RuleFor(r => r.Password).Password();
    }
}
