using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Agents;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>
/// The agent goes. An offer still open is taken back in the same write; a conversation goes on as long as the adapter is
/// connected, and back to the queue when that is lost.
/// </summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Reason">At most 50 characters: <c>signed_out</c>, or why they go; never a word that says it was not they who did it.</param>
public sealed record SignOutAgent(Guid AgentId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}

/// <summary>The shape of <see cref="SignOutAgent"/>.</summary>
public sealed class SignOutAgentValidator : AbstractValidator<SignOutAgent>
{
    /// <summary>Its rules.</summary>
    public SignOutAgentValidator()
    {
        RuleFor(r => r.Reason).Text(50)
            .Must(r => r is not (AgentDecider.Forced or AgentDecider.AdapterLost)).WithMessage("Says that somebody else signed the agent out.");
    }
}

/// <summary>Handles <see cref="SignOutAgent"/>.</summary>
public sealed class SignOutAgentHandler(AgentSignOut signOut) : IRequestHandler<SignOutAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SignOutAgent request, CancellationToken cancellationToken)
    {
        return signOut.LeaveAsync(request.AgentId, request.Reason, cancellationToken);
    }
}
