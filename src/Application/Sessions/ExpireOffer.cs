using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>An offer's time is up. Fires whatever happened since; the state decides whether there is anything to do.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer.</param>
public sealed record ExpireOffer(Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="ExpireOffer"/>.</summary>
public sealed class ExpireOfferHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ExpireOffer, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ExpireOffer request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var expired = SessionDecider.FailOffer(session.State, request.OfferId, OfferOutcome.Expired, call.Now);
        if (await sessions.FailOfferAsync(session, expired, request.OfferId, OfferOutcome.Expired, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
