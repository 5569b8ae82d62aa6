using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The consumer goes: hangs up or closes the chat.</summary>
/// <param name="SessionId">The session.</param>
public sealed record LeaveSession(Guid SessionId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ConsumerOf(SessionId);
}

/// <summary>Handles <see cref="LeaveSession"/>.</summary>
public sealed class LeaveSessionHandler(UnitOfWork work, SessionWork sessions) : IRequestHandler<LeaveSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(LeaveSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        return await sessions.EndAndCommitAsync(session, SessionParty.Consumer, session.State.ConsumerId, "left", cancellationToken);
    }
}
