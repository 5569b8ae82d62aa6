using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The time for the work after a session is up. Fires whatever happened since; the state decides.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="SessionId">The session.</param>
public sealed record ExpireWrapUp(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
