using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The agent takes the session offered; too late or another offer is refused. Where they take calls on a number of their own,
/// that rings, and they have the call once it is answered. Asked for a consultation, they take part in that.
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer or the consultation answered.</param>
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
        var agent = await work.LoadAsync(Aggregates.Agent, request.AgentId, cancellationToken);
        var accepted = SessionDecider.Accept(session.State, request.OfferId, request.AgentId, call.Now, agent.State.Forwarding is not null);
        if (work.Append(Aggregates.Session, session, accepted) is { } refusal)
            return refusal;
        // A number that rings, or a leg that is awaited, is not the agent's yet.
        if (!accepted.Events.Any(e => e is OfferAccepted))
            return await work.CommitAsync(session, cancellationToken);

        var furtherRefusal =
            await sessions.EngageAsync(request.SessionId, request.AgentId, request.OfferId, cancellationToken)
            ?? await sessions.RecordAsync(session, cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }
}
