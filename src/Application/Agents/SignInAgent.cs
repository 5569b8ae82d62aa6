using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using FluentValidation;

namespace ContactCenter.Application.Agents;

/// <summary>The agent's adapter signs in and takes offers.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Capacity">How many sessions of each kind at once.</param>
/// <param name="Channels">From which channels.</param>
public sealed record SignInAgent(Guid AgentId, Capacity Capacity, IReadOnlyList<Channel> Channels) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}

/// <summary>The shape of <see cref="SignInAgent"/>.</summary>
public sealed class SignInAgentValidator : AbstractValidator<SignInAgent>
{
    /// <summary>Its rules.</summary>
    public SignInAgentValidator()
    {
        RuleFor(r => r.Capacity).NotNull();
        RuleFor(r => r.Channels).NotEmpty();
        RuleForEach(r => r.Channels).IsInEnum();
    }
}
