using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The consumer goes: hangs up or closes the chat.</summary>
/// <param name="SessionId">The session.</param>
public sealed record LeaveSession(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ConsumerOf(SessionId);
}
