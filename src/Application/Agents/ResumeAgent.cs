using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>The agent's adapter is back while it is being taken for lost: who writes first decides.</summary>
/// <param name="AgentId">The agent.</param>
public sealed record ResumeAgent(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ResumeAgent"/>.</summary>
public sealed class ResumeAgentHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<ResumeAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ResumeAgent request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (work.Append(Aggregates.Agent, agent, AgentDecider.Resume(agent.State, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
