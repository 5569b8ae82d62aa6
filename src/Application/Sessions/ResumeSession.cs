using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The hold is over.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record ResumeSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
