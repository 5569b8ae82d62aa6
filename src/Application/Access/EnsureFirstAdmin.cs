using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

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

/// <summary>Handles <see cref="EnsureFirstAdmin"/>.</summary>
public sealed class EnsureFirstAdminHandler(UnitOfWork work, CurrentCall call, UserWork users) : IRequestHandler<EnsureFirstAdmin, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EnsureFirstAdmin request, CancellationToken cancellationToken)
    {
        var user = await work.LoadAsync(Aggregates.User, call.NewId(), cancellationToken);
        if (await users.ActiveAdminsAsync(cancellationToken) > 0)
            return await work.CommitAsync(user, cancellationToken);
        var admin = new CreateUser(user.Stream.Id, request.Login, request.Login, request.Password, [BuiltInRoles.Admin], []);
        if (await users.CreateAsync(user, admin, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(user, cancellationToken);
    }
}
