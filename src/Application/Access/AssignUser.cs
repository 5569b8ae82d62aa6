using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;
using MediatR;

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

/// <summary>Handles <see cref="AssignUser"/>.</summary>
public sealed class AssignUserHandler(UnitOfWork work, CurrentCall call, UserWork users, References references) : IRequestHandler<AssignUser, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AssignUser request, CancellationToken cancellationToken)
    {
        var user = await work.LoadAsync(Aggregates.User, request.UserId, cancellationToken);
        var admins = await users.ActiveAdminsAsync(cancellationToken);
        var refusal =
            LookedAt.Refusal(call.Context, user)
            ?? await references.WhyNotRolesAsync(user.State.RoleIds, cancellationToken)
            ?? await references.WhyNotRolesAsync(request.RoleIds, cancellationToken)
            ?? await references.WhyNotTeamsAsync(request.TeamIds, cancellationToken)
            ?? work.Append(Aggregates.User, user, AccessDecider.AssignUser(user.State, request.RoleIds, request.TeamIds, admins, call.Now));
        if (refusal is not null)
            return refusal;
        await users.KeepRosterAsync(user, cancellationToken);
        return await work.CommitAsync(user, cancellationToken);
    }
}
