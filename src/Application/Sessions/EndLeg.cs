using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// One party's audio is gone. The consumer's ends the call; so does an agent, or somebody outside, who hangs up. An agent's leg
/// that broke, or was gone before they were connected, gives the call back to the queue; so does a virtual agent's, and a number
/// outside that was not answered. Whoever is consulted goes alone.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="LegId">Which leg: the session's id for the consumer, the offer's for the agent, its part's for a virtual agent and for a number outside, the consultation's for whoever is consulted.</param>
/// <param name="Cause">Stable word: <c>hung_up</c>, <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
public sealed record EndLeg(Guid SessionId, Guid LegId, string Cause) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="EndLeg"/>.</summary>
public sealed class EndLegHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, VirtualAgentWork virtualAgents) : IRequestHandler<EndLeg, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndLeg request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var before = session.State;
        if (before.VirtualAgent?.Id == request.LegId)
        {
            return await virtualAgents.AnswerAsync(session, request.LegId, SessionDecider.AnswerOfLeg(request.Cause), escalateTo: null, cancellationToken) is { } notTaken
                ? notTaken
                : await work.CommitAsync(session, cancellationToken);
        }

        var decided = SessionDecider.EndLeg(before, request.LegId, request.Cause, call.Now);
        var refusal = decided.Events switch
        {
            [.., SessionEnded] => await sessions.EndAsync(session, decided, cancellationToken),
            [OfferFailed failed] => await sessions.FailOfferAsync(session, decided, request.LegId, failed.Outcome, cancellationToken),
            _ => await LoseAsync(session, decided, request.LegId, cancellationToken),
        };
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }

    private async ValueTask<DomainError?> LoseAsync(
        Versioned<Session> session, Decision<SessionEvent> lost, Guid legId, CancellationToken cancellationToken)
    {
        if (await sessions.LoseAgentAsync(session, lost, cancellationToken) is { } refusal)
            return refusal;
        return lost.Events.Count > 0 && session.State is { AgentId: { } agentId, OfferId: { } offerId } && offerId == legId
            ? await sessions.FreeAsync(session.State, agentId, offerId, cancellationToken)
            : null;
    }
}
