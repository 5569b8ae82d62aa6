using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// A supervisor ends a session (END-1). Without <paramref name="Confirm"/> nothing ends (<c>session.confirmation_required</c>);
/// the version looked at must come with the call (<c>If-Match</c>), so that a session that changed since is not ended
/// by mistake (END-2).
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="Confirm">True once the details were looked at.</param>
/// <param name="Reason">In the supervisor's own words, 1 to 500 characters.</param>
public sealed record EndSession(Guid SessionId, bool Confirm, string Reason) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.End.RequirementOf(SessionId, Guid.Empty);
}

/// <summary>The shape of <see cref="EndSession"/>.</summary>
public sealed class EndSessionValidator : AbstractValidator<EndSession>
{
    /// <summary>Its rules.</summary>
    public EndSessionValidator()
    {
        // A look at the details needs no reason yet.
        RuleFor(r => r.Reason).Text(500).When(r => r.Confirm);
    }
}

/// <summary>Handles <see cref="EndSession"/>.</summary>
public sealed class EndSessionHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<EndSession, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EndSession request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if ((SessionDecider.WhyNotEndedUnseen(session.State, request.Confirm) ?? LookedAt.Refusal(call.Context, session)) is { } refusal)
            return refusal;
        return await sessions.EndAndCommitAsync(session, SessionParty.Supervisor, call.Context.Caller.UserId, request.Reason, cancellationToken);
    }
}
