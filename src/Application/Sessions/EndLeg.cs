using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>One party's audio is gone. The consumer's ends the call; the agent's ends it too, or, before they are
/// connected, gives it back to the queue.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="LegId">Which leg: the session's id for the consumer, the offer's for the agent.</param>
/// <param name="Cause">Stable word: <c>hung_up</c>, <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
public sealed record EndLeg(Guid SessionId, Guid LegId, string Cause) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}
