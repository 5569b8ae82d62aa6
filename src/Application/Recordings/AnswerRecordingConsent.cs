using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>The consumer says whether they want to be recorded, also in the middle of the call (REC-3).</summary>
/// <param name="SessionId">The call.</param>
/// <param name="Consent">Granted or denied.</param>
/// <param name="Source"><c>keys</c> or <c>sdk</c>.</param>
public sealed record AnswerRecordingConsent(Guid SessionId, RecordingConsent Consent, string Source) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ConsumerOf(SessionId);
}

/// <summary>The shape of <see cref="AnswerRecordingConsent"/>.</summary>
public sealed class AnswerRecordingConsentValidator : AbstractValidator<AnswerRecordingConsent>
{
    /// <summary>Its rules.</summary>
    public AnswerRecordingConsentValidator()
    {
        RuleFor(r => r.Consent).Must(consent => consent is RecordingConsent.Granted or RecordingConsent.Denied).WithMessage("Must be granted or denied.");
        RuleFor(r => r.Source).Must(source => source is "keys" or "sdk").WithMessage("Must be keys or sdk.");
    }
}

/// <summary>Handles <see cref="AnswerRecordingConsent"/>: the recording follows in the same write.</summary>
public sealed class AnswerRecordingConsentHandler(UnitOfWork work, SessionWork sessions) : IRequestHandler<AnswerRecordingConsent, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AnswerRecordingConsent request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        return await sessions.AnswerConsentAsync(session, request.Consent, request.Source, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(session, cancellationToken);
    }
}
