using ContactCenter.Application.Agents;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>
/// The user can no longer sign in; tokens issued before are void. As an agent they are signed out in the same write, and
/// what they had in hand goes back to the queues.
/// </summary>
/// <param name="UserId">The user.</param>
public sealed record DeactivateUser(Guid UserId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>Handles <see cref="DeactivateUser"/>.</summary>
public sealed class DeactivateUserHandler(UnitOfWork work, CurrentCall call, UserWork users, References references, AgentSignOut signOut) : IRequestHandler<DeactivateUser, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(DeactivateUser request, CancellationToken cancellationToken)
    {
        var user = await work.LoadAsync(Aggregates.User, request.UserId, cancellationToken);
        var admins = await users.ActiveAdminsAsync(cancellationToken);
        var refusal =
            LookedAt.RefusalIfGiven(call.Context, user)
            ?? await references.WhyNotRolesAsync(user.State.RoleIds, cancellationToken)
            ?? work.Append(Aggregates.User, user, AccessDecider.DeactivateUser(user.State, admins, call.Now))
            ?? await SignOutAsync(request.UserId, cancellationToken);
        if (refusal is not null)
            return refusal;
        await users.KeepRosterAsync(user, cancellationToken);
        return await work.CommitAsync(user, cancellationToken);
    }

    private async ValueTask<DomainError?> SignOutAsync(Guid userId, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, userId, cancellationToken);
        return agent.State.Exists ? await signOut.LoseAsync(agent, "deactivated", cancellationToken) : null;
    }
}
