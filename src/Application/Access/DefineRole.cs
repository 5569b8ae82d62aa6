using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

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

/// <summary>Handles <see cref="DefineRole"/>.</summary>
public sealed class DefineRoleHandler(UnitOfWork work, CurrentCall call, References references) : IRequestHandler<DefineRole, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(DefineRole request, CancellationToken cancellationToken)
    {
        var role = await work.LoadAsync(Aggregates.Role, request.RoleId ?? call.NewId(), cancellationToken);
        var refusal =
            LookedAt.Refusal(call.Context, role)
            ?? references.WhyNotGrants(request.Grants)
            ?? work.Append(Aggregates.Role, role, AccessDecider.DefineRole(role.State, role.Stream.Id, request.Name, request.Grants, call.Now));
        return refusal is null ? await work.CommitAsync(role, cancellationToken) : refusal;
    }
}
