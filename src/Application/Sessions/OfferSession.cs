using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>Routing asks one agent to take a session; the agent is reserved in the same write.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="AgentId">The agent.</param>
public sealed record OfferSession(Guid SessionId, Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
