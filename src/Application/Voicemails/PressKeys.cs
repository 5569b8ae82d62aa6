using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// Keys of the caller's telephone, from an entrance that sees them itself: an app's keypad, or a demonstration. A number may
/// come whole or key by key, and ends with <c>#</c>; keys that nothing waits for do nothing.
/// </summary>
/// <param name="SessionId">The call.</param>
/// <param name="Keys">1 to 32 of <c>0</c> to <c>9</c>, <c>*</c> and <c>#</c>.</param>
public sealed record PressKeys(Guid SessionId, string Keys) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.ConsumerOf(SessionId);

    /// <summary>Never the keys, so that they cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(PressKeys)}({SessionId})";
}

/// <summary>The shape of <see cref="PressKeys"/>.</summary>
public sealed class PressKeysValidator : AbstractValidator<PressKeys>
{
    /// <summary>Its rules.</summary>
    public PressKeysValidator() => RuleFor(r => r.Keys).NotEmpty().Matches("^[0-9*#]{1,32}\\z").WithMessage("Must be 1 to 32 of 0 to 9, * and #.");
}

/// <summary>Handles <see cref="PressKeys"/>.</summary>
public sealed class PressKeysHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, VoicemailWork voicemails)
    : IRequestHandler<PressKeys, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(PressKeys request, CancellationToken cancellationToken)
    {
        var session = await work.LoadAsync(Aggregates.Session, request.SessionId, cancellationToken);
        if (SessionDecider.WhyNotLive(session.State) is { } notLive)
            return notLive;
        var voicemail = await voicemails.LoadAsync(request.SessionId, cancellationToken);
        if (VoicemailDecider.EndsMessage(voicemail.State, request.Keys))
            return await sessions.EndAndCommitAsync(session, SessionParty.Consumer, session.State.ConsumerId, SessionDecider.LeftMessage, cancellationToken);

        if (voicemail.State.Status == VoicemailStatus.AskingNumber)
        {
            var before = await voicemails.KeysBeforeAsync(voicemail.State, cancellationToken);
            var pressed = VoicemailDecider.PressKeys(voicemail.State, before, request.Keys, call.Now);
            if (await voicemails.AppendAsync(voicemail, pressed, cancellationToken) is { } refusal)
                return refusal;
        }

        if (session.State.Consent == RecordingConsent.Asked && RecordingMedia.AnswerOf(request.Keys) is { } consent
            && await sessions.AnswerConsentAsync(session, consent, RecordingMedia.Keys, cancellationToken) is { } notAnswered)
            return notAnswered;
        return await work.CommitAsync(session, cancellationToken);
    }
}
