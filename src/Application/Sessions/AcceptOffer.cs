using ContactCenter.Application.Messaging;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent takes the session offered; too late or another offer is refused.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer answered.</param>
public sealed record AcceptOffer(Guid AgentId, Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}
