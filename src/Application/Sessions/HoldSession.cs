using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent puts the consumer on hold; nothing is recorded meanwhile (REC-1).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record HoldSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
