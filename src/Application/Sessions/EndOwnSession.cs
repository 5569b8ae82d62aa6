using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent ends a session of theirs.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record EndOwnSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
