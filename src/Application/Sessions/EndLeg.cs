using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>One party's audio is gone. The consumer's ends the call; the agent's ends it too, or, before they are
/// connected, gives it back to the queue.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="LegId">Which leg: the session's id for the consumer, the offer's for the agent.</param>
/// <param name="Cause">Stable word: <c>hung_up</c>, <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
public sealed record EndLeg(Guid SessionId, Guid LegId, string Cause) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndLeg"/>.</summary>
public sealed class EndLegHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<EndLeg, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndLeg request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var state = session.State;
        if (request.LegId == state.Id)
            return await sessions.EndAndCommitAsync(session, SessionParty.Consumer, state.ConsumerId, request.Cause, cancellationToken);
        if (request.LegId == state.OfferId && state.IsInConversation)
            return await sessions.EndAndCommitAsync(session, SessionParty.Agent, state.AgentId, request.Cause, cancellationToken);

        // Before they are connected the agent is lost, not the call; a leg of an earlier agent changes nothing.
        var failed = SessionDecider.FailOffer(state, request.LegId, OfferOutcome.AgentLost, call.Now);
        if (await sessions.FailOfferAsync(session, failed, request.LegId, OfferOutcome.AgentLost, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
