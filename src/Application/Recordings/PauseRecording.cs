using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Recordings;

/// <summary>The agent pauses the recording of their call; what is said meanwhile is nowhere (REC-4).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record PauseRecording(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
