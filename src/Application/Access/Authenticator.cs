using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>Finds out who calls and what they may do now, from states that are usually cached.</summary>
public sealed class Authenticator(AggregateReader reader)
{
    /// <summary>The user a token was issued to, or null if the token is void: deactivated, or a new password since.</summary>
    /// <param name="userId">The token's subject.</param>
    /// <param name="issuedAt">When it was issued, as precise as <c>SignedIn.At</c>.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public async ValueTask<Caller?> UserAsync(Guid userId, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        var user = (await reader.LoadAsync(Aggregates.User, userId, cancellationToken)).State;
        if (!user.Exists || user.IsDeactivated || issuedAt < user.TokensValidFrom)
            return null;

        List<Grant> grants = [];
        foreach (var roleId in user.RoleIds)
            grants.AddRange(BuiltInRoles.Grants(roleId) ?? (await reader.LoadAsync(Aggregates.Role, roleId, cancellationToken)).State.Grants);
        return new Caller(new Actor(ActorKind.User, userId.ToString()), grants, user.TeamIds);
    }

    /// <summary>The holder of an API key, or null if it is none or void.</summary>
    public async ValueTask<Caller?> ApiKeyAsync(string text, CancellationToken cancellationToken)
    {
        if (!ApiKeyText.TryParse(text, out var id, out var secret))
            return null;
        var key = (await reader.LoadAsync(Aggregates.ApiKey, id, cancellationToken)).State;
        return key.Id == id && !key.IsRevoked && ApiKeyText.Matches(secret, key.SecretHash)
            ? new Caller(new Actor(ActorKind.ApiKey, id.ToString()), key.Grants, [])
            : null;
    }

    /// <summary>The holder of a CRM key, whose signature was right; null if the key is void.</summary>
    public async ValueTask<Caller?> CrmKeyAsync(Guid id, CancellationToken cancellationToken) =>
        (await reader.LoadAsync(Aggregates.CrmKey, id, cancellationToken)).State.IsGood ? new Caller(new Actor(ActorKind.CrmKey, id.ToString()), [], []) : null;

    /// <summary>The consumer of one session, whose token says so; good for that session and nothing else.</summary>
    public static Caller Consumer(Guid sessionId) => new(new Actor(ActorKind.Consumer, sessionId.ToString()), [], [], sessionId);
}
