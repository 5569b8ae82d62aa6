using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Agents;

/// <summary>The agent takes offers again.</summary>
/// <param name="AgentId">Who; the user's id.</param>
public sealed record MakeAgentAvailable(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
