using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>Checks that what a command names exists, and that nobody hands out more than they have themselves.</summary>
public sealed class References(UnitOfWork work, CurrentCall call)
{
    /// <summary>Why these cannot be somebody's teams, or null.</summary>
    public async ValueTask<DomainError?> WhyNotTeamsAsync(IReadOnlyList<Guid> teamIds, CancellationToken cancellationToken)
    {
        foreach (var teamId in teamIds)
        {
            if ((await work.LoadAsync(Aggregates.Team, teamId, cancellationToken)).Version == 0)
                return new UnprocessableError("team.not_found", "There is no such team.");
        }

        return null;
    }

    /// <summary>Why there is no such active user, or null.</summary>
    public async ValueTask<DomainError?> WhyNotUserAsync(Guid userId, CancellationToken cancellationToken)
    {
        var user = (await work.LoadAsync(Aggregates.User, userId, cancellationToken)).State;
        return user is { Exists: true, IsDeactivated: false } ? null : new UnprocessableError("user.not_found", "There is no such active user.");
    }

    /// <summary>Why the caller may not give these roles, or null.</summary>
    public async ValueTask<DomainError?> WhyNotRolesAsync(IReadOnlyList<Guid> roleIds, CancellationToken cancellationToken)
    {
        foreach (var roleId in roleIds)
        {
            IReadOnlyList<Grant>? grants = BuiltInRoles.Grants(roleId);
            if (grants is null)
            {
                var role = await work.LoadAsync(Aggregates.Role, roleId, cancellationToken);
                if (role.Version == 0)
                    return new UnprocessableError("role.not_found", "There is no such role.");
                grants = role.State.Grants;
            }

            if (WhyNotGrants(grants) is { } refusal)
                return refusal;
        }

        return null;
    }

    /// <summary>Why the caller may not grant this, or null; this software itself may.</summary>
    public DomainError? WhyNotGrants(IReadOnlyList<Grant> grants)
    {
        var caller = call.Context.Caller;
        return caller.Actor.Kind == ActorKind.System ? null : AccessDecider.WhyNotToGive(grants, caller.Grants);
    }
}
