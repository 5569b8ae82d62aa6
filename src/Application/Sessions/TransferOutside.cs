using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Sessions;

/// <summary>
/// The agent gives the call to a telephone number outside and is out of it. It goes on with whoever answers there, and is
/// recorded as before (REC-1); if nobody does, it goes back to its queue.
/// </summary>
/// <param name="AgentId">Who.</param>
/// <param name="SessionId">The call.</param>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers, up to 100 characters.</param>
public sealed record TransferOutside(Guid AgentId, Guid SessionId, string PhoneNumber, string? Voice = null) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => SessionActions.TransferOutside.RequirementOf(SessionId, AgentId);

    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(TransferOutside)}({SessionId})";
}

/// <summary>The shape of <see cref="TransferOutside"/>.</summary>
public sealed class TransferOutsideValidator : AbstractValidator<TransferOutside>
{
    /// <summary>Its rules.</summary>
    public TransferOutsideValidator()
    {
        RuleFor(r => r.PhoneNumber).PhoneNumber();
        RuleFor(r => r.Voice).Text(100).When(r => r.Voice is not null);
    }
}

/// <summary>Handles <see cref="TransferOutside"/>.</summary>
public sealed class TransferOutsideHandler(UnitOfWork work, CurrentCall call, SessionWork sessions) : IRequestHandler<TransferOutside, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TransferOutside request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        var transferred = SessionDecider.TransferOutside(
            session.State, request.AgentId, call.NewId(), new PersonalText(request.PhoneNumber), request.Voice, call.Now);
        var refusal = work.Append(Aggregates.Session, session, transferred)
            ?? await sessions.StartWrapUpAsync(session, cancellationToken)
            ?? await sessions.PauseRecordingAsync(session.State, PauseReason.Hold, cancellationToken);
        return refusal is null ? await work.CommitAsync(session, cancellationToken) : refusal;
    }
}
