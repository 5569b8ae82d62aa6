using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using MediatR;

namespace ContactCenter.Application.Access;

/// <summary>An API key is void.</summary>
/// <param name="ApiKeyId">Its public part.</param>
public sealed record RevokeApiKey(Guid ApiKeyId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}

/// <summary>Handles <see cref="RevokeApiKey"/>.</summary>
public sealed class RevokeApiKeyHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<RevokeApiKey, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RevokeApiKey request, CancellationToken cancellationToken)
    {
        var key = await work.LoadAsync(Aggregates.ApiKey, request.ApiKeyId, cancellationToken);
        if (work.Append(Aggregates.ApiKey, key, AccessDecider.RevokeApiKey(key.State, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(key, cancellationToken);
    }
}
