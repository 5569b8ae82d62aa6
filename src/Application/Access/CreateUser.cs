using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>A user is created; an agent's id is the user's id. A login belongs to one user, forever.</summary>
/// <param name="UserId">The new user's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Login">What they sign in with, 1 to 100 characters without spaces; upper and lower case are one.</param>
/// <param name="Name">As shown to others, 1 to 100 characters.</param>
/// <param name="Password">12 to 200 characters.</param>
/// <param name="RoleIds">Their roles add up to the highest.</param>
/// <param name="TeamIds">Their teams.</param>
public sealed record CreateUser(Guid? UserId, string Login, string Name, string Password, IReadOnlyList<Guid> RoleIds, IReadOnlyList<Guid> TeamIds) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);

    /// <summary>Without the password.</summary>
    public override string ToString() => nameof(CreateUser);
}

/// <summary>The shape of <see cref="CreateUser"/>.</summary>
public sealed class CreateUserValidator : AbstractValidator<CreateUser>
{
    /// <summary>Its rules.</summary>
    public CreateUserValidator()
    {
        RuleFor(r => r.UserId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Login).Login();
        RuleFor(r => r.Name).Text(100);
        RuleFor(r => r.Password).Password();
        RuleFor(r => r.RoleIds).Ids();
        RuleFor(r => r.TeamIds).Ids();
    }
}

/// <summary>Handles <see cref="CreateUser"/>.</summary>
public sealed class CreateUserHandler(UnitOfWork work, CurrentCall call, UserWork users, References references) : IRequestHandler<CreateUser, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CreateUser request, CancellationToken cancellationToken)
    {
        var user = await work.LoadAsync(Aggregates.User, request.UserId ?? call.NewId(), cancellationToken);
        if (user.Version > 0)
            return await work.CommitAsync(user, cancellationToken);
        var refusal =
            await references.WhyNotRolesAsync(request.RoleIds, cancellationToken)
            ?? await references.WhyNotTeamsAsync(request.TeamIds, cancellationToken)
            ?? await users.CreateAsync(user, request, cancellationToken);
        return refusal is null ? await work.CommitAsync(user, cancellationToken) : refusal;
    }
}
