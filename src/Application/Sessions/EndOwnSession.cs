using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent ends a session of theirs.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
public sealed record EndOwnSession(Guid AgentId, Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Complete.RequirementOf(SessionId, AgentId);
}

/// <summary>Handles <see cref="EndOwnSession"/>.</summary>
public sealed class EndOwnSessionHandler(UnitOfWork work, SessionWork sessions) : IRequestHandler<EndOwnSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndOwnSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        return await sessions.EndAndCommitAsync(session, SessionParty.Agent, request.AgentId, "completed", cancellationToken);
    }
}
