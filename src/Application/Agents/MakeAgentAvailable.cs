using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>The agent takes offers again.</summary>
/// <param name="AgentId">Who; the user's id.</param>
public sealed record MakeAgentAvailable(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Self(AgentId);
}

/// <summary>Handles <see cref="MakeAgentAvailable"/>.</summary>
public sealed class MakeAgentAvailableHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<MakeAgentAvailable, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(MakeAgentAvailable request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (work.Append(Aggregates.Agent, agent, AgentDecider.MakeAvailable(agent.State, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
