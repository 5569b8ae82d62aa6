using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>Nothing is known of the agent's adapter: everything in hand goes back to the queues. Nothing happens if it is known by now.</summary>
/// <param name="AgentId">The agent.</param>
public sealed record ReapGhostAgent(Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ReapGhostAgent"/>.</summary>
public sealed class ReapGhostAgentHandler(UnitOfWork work, AgentSignOut signOut, IAdapterPresence presence) : IRequestHandler<ReapGhostAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ReapGhostAgent request, CancellationToken cancellationToken)
    {
        // The state first: an adapter that opens meanwhile is written there, and this write then conflicts and looks again.
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var isGone = (await presence.FindUnwatchedAsync([request.AgentId], cancellationToken)).Count > 0;
        if (isGone && await signOut.LoseAsync(agent, AgentDecider.AdapterLost, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
