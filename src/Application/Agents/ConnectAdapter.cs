using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>An adapter's stream is open: its agent can be asked.</summary>
/// <param name="AgentId">Who; the user's id.</param>
/// <param name="Connection">The stream's own name.</param>
public sealed record ConnectAdapter(Guid AgentId, string Connection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ConnectAdapter"/>.</summary>
public sealed class ConnectAdapterHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<ConnectAdapter, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ConnectAdapter request, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (work.Append(Aggregates.Agent, agent, AgentDecider.ConnectAdapter(agent.State, request.Connection, call.Now)) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
