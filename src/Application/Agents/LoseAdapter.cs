using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>An adapter's stream ended: nothing is offered to its agent until one is open again.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Connection">The stream's own name.</param>
public sealed record LoseAdapter(Guid AgentId, string Connection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="LoseAdapter"/>.</summary>
public sealed class LoseAdapterHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<LoseAdapter, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(LoseAdapter request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (work.Append(Aggregates.Agent, agent, AgentDecider.LoseAdapter(agent.State, request.Connection, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
