using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Agents;

/// <summary>
/// Signs an agent out. Sessions that wait for this agent's answer, or that the agent is only being prepared for, go back
/// to their queues in the same write: nobody waits for somebody who is gone.
/// </summary>
public sealed class AgentSignOut(UnitOfWork work, CurrentCall call, SessionWork sessions)
{
    /// <summary>Signs out, and commits.</summary>
    public async Task<Result<Receipt>> SignOutAsync(Guid agentId, string reason, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        var signedOut = AgentDecider.SignOut(agent.State, reason, call.Now);
        if (work.Append(Aggregates.Agent, agent, signedOut) is { } refusal)
            return refusal;
        if (signedOut.Events.Count > 0)
        {
            foreach (var hand in agent.State.Work.Where(w => w.Phase != WorkPhase.WrapUp))
            {
                var session = await work.LoadAsync(Aggregates.Session, hand.SessionId, cancellationToken);
                var failed = SessionDecider.FailOffer(session.State, hand.OfferId, OfferOutcome.AgentLost, call.Now);
                if (await sessions.FailOfferAsync(session, failed, hand.OfferId, OfferOutcome.AgentLost, cancellationToken) is { } offerRefusal)
                    return offerRefusal;
            }
        }

        return await work.CommitAsync(agent, cancellationToken);
    }
}
