using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

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

/// <summary>Handles <see cref="ChangePassword"/>.</summary>
public sealed class ChangePasswordHandler(UnitOfWork work, CurrentCall call, Passwords passwords, References references) : IRequestHandler<ChangePassword, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        var user = await work.LoadAsync(Aggregates.User, request.UserId, cancellationToken);
        var hash = await passwords.HashAsync(request.Password, cancellationToken);
        var refusal =
            LookedAt.RefusalIfGiven(call.Context, user)
            ?? await references.WhyNotRolesAsync(user.State.RoleIds, cancellationToken)
            ?? work.Append(Aggregates.User, user, AccessDecider.ChangePassword(user.State, hash, call.Now));
        return refusal is null ? await work.CommitAsync(user, cancellationToken) : refusal;
    }
}
