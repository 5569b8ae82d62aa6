using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Recordings;

/// <summary>The agent resumes the recording of their call, in a new segment (REC-4).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record ResumeRecording(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
