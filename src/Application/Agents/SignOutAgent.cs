using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using FluentValidation;

namespace ContactCenter.Application.Agents;

/// <summary>The agent goes. An offer still open is taken back in the same write; sessions in hand stay until they end.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Reason">Stable word: <c>signed_out</c>.</param>
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
        RuleFor(r => r.Reason).Text(50);
    }
}
