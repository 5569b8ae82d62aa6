using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// Nobody reported the end of whisper and countdown in time: the call goes back to its queue. Fires whatever happened
/// since; the state decides whether there is anything to do.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer accepted.</param>
public sealed record ExpirePreparation(Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ExpirePreparation"/>.</summary>
public sealed class ExpirePreparationHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ExpirePreparation, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ExpirePreparation request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var expired = SessionDecider.FailOffer(session.State, request.OfferId, OfferOutcome.AgentLost, call.Now);
        if (await sessions.FailOfferAsync(session, expired, request.OfferId, OfferOutcome.AgentLost, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
