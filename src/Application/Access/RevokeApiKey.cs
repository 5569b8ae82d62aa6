using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Access;

/// <summary>An API key is void.</summary>
/// <param name="ApiKeyId">Its public part.</param>
public sealed record RevokeApiKey(Guid ApiKeyId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.UsersWrite, Target.Everything);
}
