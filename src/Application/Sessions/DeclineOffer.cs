using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>The agent says no; the session waits on, with its old place in the queue.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer answered.</param>
/// <param name="Reason">The agent's word for it, at most 100 characters, or null.</param>
public sealed record DeclineOffer(Guid AgentId, Guid SessionId, Guid OfferId, string? Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.Decline.RequirementOf(SessionId, AgentId);
}

/// <summary>The shape of <see cref="DeclineOffer"/>.</summary>
public sealed class DeclineOfferValidator : AbstractValidator<DeclineOffer>
{
    /// <summary>Its rules.</summary>
    public DeclineOfferValidator()
    {
        RuleFor(r => r.Reason).MaximumLength(100);
    }
}

/// <summary>Handles <see cref="DeclineOffer"/>.</summary>
public sealed class DeclineOfferHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<DeclineOffer, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(DeclineOffer request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var declined = SessionDecider.Decline(session.State, request.OfferId, request.AgentId, call.Now);
        if (await sessions.FailOfferAsync(session, declined, request.OfferId, OfferOutcome.Declined, cancellationToken) is { } refusal)
            return refusal;
        return await work.CommitAsync(session, cancellationToken);
    }
}
