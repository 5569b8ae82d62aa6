using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Agents;

/// <summary>The agent takes no offers for now.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Reason"><c>break</c>, <c>meal</c>, <c>unavailable</c>, or a custom word, 1 to 50 characters.</param>
public sealed record PauseAgent(Guid AgentId, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}

/// <summary>The shape of <see cref="PauseAgent"/>.</summary>
public sealed class PauseAgentValidator : AbstractValidator<PauseAgent>
{
    /// <summary>Its rules.</summary>
    public PauseAgentValidator()
    {
        RuleFor(r => r.Reason).Text(50);
    }
}
