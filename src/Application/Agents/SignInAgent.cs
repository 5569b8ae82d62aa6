using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

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

/// <summary>Handles <see cref="SignInAgent"/>.</summary>
public sealed class SignInAgentHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<SignInAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SignInAgent request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (work.Append(Aggregates.Agent, agent, AgentDecider.SignIn(agent.State, request.AgentId, request.Capacity, request.Channels, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
