using ContactCenter.Application.Messaging;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>The agent's adapter is gone without a word: what was offered goes to others.</summary>
/// <param name="AgentId">The agent.</param>
public sealed record SignOutLostAgent(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="SignOutLostAgent"/>.</summary>
public sealed class SignOutLostAgentHandler(AgentSignOut signOut) : IRequestHandler<SignOutLostAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SignOutLostAgent request, CancellationToken cancellationToken)
    {
        return signOut.SignOutAsync(request.AgentId, "adapter_lost", cancellationToken);
    }
}
