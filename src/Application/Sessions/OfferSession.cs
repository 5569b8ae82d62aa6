using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>Routing asks one agent to take a session; the agent is reserved in the same write.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="AgentId">The agent.</param>
public sealed record OfferSession(Guid SessionId, Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="OfferSession"/>.</summary>
public sealed class OfferSessionHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<OfferSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(OfferSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var queue = (await work.LoadAsync(Aggregates.Queue, session.State.QueueId, cancellationToken)).State;
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var (state, offerId) = (session.State, call.NewId());
        var preparation = Whisper.For(queue, state.Kind, state.ScheduledCallId is not null);
        var timeout = TimeSpan.FromSeconds(queue.Handling.OfferTimeoutSeconds);
        var refusal =
            work.Append(Aggregates.Session, session, SessionDecider.Offer(state, offerId, request.AgentId, preparation, timeout, call.Now))
            ?? work.Append(Aggregates.Agent, agent, AgentDecider.Reserve(agent.State, state.Id, offerId, state.Kind, state.Channel, call.Now));
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
