using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using MediatR;

namespace ContactCenter.Application.Agents;

/// <summary>
/// The agent's adapter is gone without a word, and its time to come back is over: everything in hand goes back to the
/// queues. Nothing happens if it was seen since.
/// </summary>
/// <param name="AgentId">The agent.</param>
/// <param name="SeenAt">When the adapter was seen last, as <see cref="IAdapterPresence.FindLostAsync"/> said.</param>
public sealed record SignOutLostAgent(Guid AgentId, DateTimeOffset SeenAt) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="SignOutLostAgent"/>.</summary>
public sealed class SignOutLostAgentHandler(UnitOfWork work, AgentSignOut signOut, IAdapterPresence presence)
    : IRequestHandler<SignOutLostAgent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(SignOutLostAgent request, CancellationToken cancellationToken)
    {
        // The state first: an adapter that comes back after it is taken for lost says so in the agent's stream, and this
        // write then conflicts and looks again.
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        if (!await presence.TakeForLostAsync(new LostAdapter(request.AgentId, request.SeenAt), cancellationToken))
            return await work.CommitAsync(agent, cancellationToken);
        if (await signOut.LoseAsync(agent, AgentDecider.AdapterLost, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }
}
