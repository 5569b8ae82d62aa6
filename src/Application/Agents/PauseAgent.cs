using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Settings;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>The agent takes no offers for now, and says in which status.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Reason"><c>break</c>, <c>meal</c>, <c>unavailable</c>, or one of the center's own statuses.</param>
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

/// <summary>Handles <see cref="PauseAgent"/>.</summary>
public sealed class PauseAgentHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<PauseAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PauseAgent request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var statuses = (await work.LoadAsync(Aggregates.Settings, SettingsPages.AgentStatuses, cancellationToken)).State.Statuses;
        if (work.Append(Aggregates.Agent, agent, AgentDecider.Pause(agent.State, request.Reason, statuses, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
