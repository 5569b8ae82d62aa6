using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// Somebody who was called answered: an agent on their own number, whoever is consulted, or whoever a call was given to outside.
/// </summary>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">Whose leg.</param>
public sealed record AnswerLeg(Guid SessionId, Guid LegId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="AnswerLeg"/>.</summary>
public sealed class AnswerLegHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<AnswerLeg, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AnswerLeg request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var answered = SessionDecider.AnswerLeg(session.State, request.LegId, call.Now);
        if (work.Append(Aggregates.Session, session, answered) is { } refusal)
            return refusal;
        var furtherRefusal = answered.Events.Count == 0 ? null : await FollowAsync(session, answered.Events[0], cancellationToken);
        return furtherRefusal is null ? await work.CommitAsync(session, cancellationToken) : furtherRefusal;
    }

    private async ValueTask<DomainError?> FollowAsync(Versioned<Session> session, SessionEvent answered, CancellationToken cancellationToken) => answered switch
    {
        OfferAccepted e => await sessions.EngageAsync(e.SessionId, e.AgentId, e.OfferId, cancellationToken) ?? await sessions.RecordAsync(session, cancellationToken),
        ConsultationJoined { AgentId: { } agentId } e => await sessions.EngageAsync(e.SessionId, agentId, e.ConsultationId, cancellationToken),
        OutsideJoined => await sessions.ResumeOutsideAsync(session.State, cancellationToken) ?? await sessions.RecordAsync(session, cancellationToken),
        _ => null,
    };
}
