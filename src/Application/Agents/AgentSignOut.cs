using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Agents;

/// <summary>
/// Signs an agent out, with what becomes of the sessions in hand in the same write: nobody waits for somebody who is gone.
/// </summary>
public sealed class AgentSignOut(UnitOfWork work, CurrentCall call, SessionWork sessions)
{
    /// <summary>
    /// The agent leaves, and commits. Sessions that wait for this agent's answer, or that the agent is only being prepared
    /// for, go back to their queues; a conversation may be finished, as long as the adapter is there.
    /// </summary>
    public async Task<Result<Receipt>> LeaveAsync(Guid agentId, string reason, CancellationToken cancellationToken)
    {
        var agent = await work.LoadAsync(Aggregates.Agent, agentId, cancellationToken);
        if (await SignOutAsync(agent, reason, session => !session.IsInConversation, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(agent, cancellationToken);
    }

    /// <summary>The agent is gone for good, signed out before or not: everything in hand goes back. Answers why it was refused, or null.</summary>
    /// <param name="agent">Who.</param>
    /// <param name="reason">Stable word.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="words">Why, in somebody's own words, or null.</param>
    public ValueTask<DomainError?> LoseAsync(Versioned<Agent> agent, string reason, CancellationToken cancellationToken, string? words = null) =>
        SignOutAsync(agent, reason, _ => true, cancellationToken, words);

    private async ValueTask<DomainError?> SignOutAsync(
        Versioned<Agent> agent, string reason, Func<Session, bool> isLost, CancellationToken cancellationToken, string? words = null)
    {
        List<(Session Session, Guid OfferId)> lost = [];
        foreach (var hand in agent.State.Work.Where(w => w.Phase != WorkPhase.WrapUp))
        {
            var session = await work.LoadAsync(Aggregates.Session, hand.SessionId, cancellationToken);
            if (!isLost(session.State))
                continue;
            var decided = SessionDecider.LoseAgent(session.State, hand.OfferId, reason, call.Now);
            if (await sessions.LoseAgentAsync(session, decided, cancellationToken) is { } refusal)
                return refusal;
            if (decided.Events.Count > 0)
                lost.Add((session.State, hand.OfferId));
        }

        // After the sessions: an adapter is told of them before its agent is out of them.
        if (work.Append(Aggregates.Agent, agent, AgentDecider.SignOut(agent.State, reason, call.Now, words)) is { } notSignedOut)
            return notSignedOut;
        foreach (var (session, offerId) in lost)
        {
            if (await sessions.FreeAsync(session, agent.State.Id, offerId, cancellationToken) is { } refusal)
                return refusal;
        }

        return null;
    }
}
