using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent takes the session offered; too late or another offer is refused.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer answered.</param>
public sealed record AcceptOffer(Guid AgentId, Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Accept.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="AcceptOffer"/>.</summary>
public sealed class AcceptOfferHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<AcceptOffer, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AcceptOffer request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var accepted = SessionDecider.Accept(session.State, request.OfferId, request.AgentId, call.Now);
        if (work.Append(Aggregates.Session, session, accepted) is { } refusal)
            return refusal;
        if (accepted.Events.Count == 0)
            return await work.CommitAsync(session, cancellationToken);

        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var furtherRefusal =
            work.Append(Aggregates.Agent, agent, AgentDecider.Engage(agent.State, request.SessionId, request.OfferId, call.Now))
            ?? await sessions.RecordAsync(session, cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }
}
