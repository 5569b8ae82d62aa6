using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The time for the work after a session is up. Fires whatever happened since; the state decides.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="SessionId">The session.</param>
public sealed record ExpireWrapUp(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ExpireWrapUp"/>.</summary>
public sealed class ExpireWrapUpHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<ExpireWrapUp, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ExpireWrapUp request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var freed = AgentDecider.FinishWrapUp(agent.State, request.SessionId, onlyIfDue: true, call.Now);
        var refusal = work.Append(Aggregates.Agent, agent, freed);
        if (refusal is null && freed.Events.Count > 0)
            refusal = work.Append(Aggregates.Session, session, SessionDecider.WrapUp(session.State, request.AgentId, disposition: null, expired: true, call.Now));
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
