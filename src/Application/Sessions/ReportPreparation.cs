using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The agent's adapter played whisper and countdown itself, to their end (NOT-6): consumer and agent are connected, if
/// they are not already.
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OfferId">The offer accepted.</param>
public sealed record ReportPreparation(Guid AgentId, Guid SessionId, Guid OfferId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ActingIn(SessionId, AgentId);
}

/// <summary>The shape of <see cref="ReportPreparation"/>.</summary>
public sealed class ReportPreparationValidator : AbstractValidator<ReportPreparation>
{
    /// <summary>Its rules.</summary>
    public ReportPreparationValidator()
    {
        RuleFor(r => r.SessionId).Id();
        RuleFor(r => r.OfferId).Id();
    }
}

/// <summary>Handles <see cref="ReportPreparation"/>.</summary>
public sealed class ReportPreparationHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<ReportPreparation, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ReportPreparation request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var played = SessionDecider.ConnectAsPlayed(session.State, request.OfferId, request.AgentId, call.Now);
        var refusal = work.Append(Aggregates.Session, session, played) ?? await sessions.RecordAsync(session, cancellationToken);
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
