using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Agents;

/// <summary>The agent's adapter is gone without a word: what was offered goes to others.</summary>
/// <param name="AgentId">The agent.</param>
public sealed record SignOutLostAgent(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
