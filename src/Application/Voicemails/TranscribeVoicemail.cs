using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Voicemails;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>An add-on wrote down what was said in a message; it is kept with the ticket (AHD-10, REC-13).</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Text">1 to 20,000 characters.</param>
public sealed record TranscribeVoicemail(Guid VoicemailId, string Text) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AnyOf(
        Requirement.Permission(Permissions.TranscriptsWrite, Target.Voicemail(VoicemailId)),
        Requirement.Permission(Permissions.TranscriptsWrite, Target.Session(VoicemailId)));

    /// <summary>Never the text, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(TranscribeVoicemail)}({VoicemailId})";
}

/// <summary>The shape of <see cref="TranscribeVoicemail"/>.</summary>
public sealed class TranscribeVoicemailValidator : AbstractValidator<TranscribeVoicemail>
{
    /// <summary>Its rules.</summary>
    public TranscribeVoicemailValidator() => RuleFor(r => r.Text).NotEmpty().MaximumLength(VoicemailDecider.MaxTranscript);
}

/// <summary>Handles <see cref="TranscribeVoicemail"/>.</summary>
public sealed class TranscribeVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails, IEventStore log) : IRequestHandler<TranscribeVoicemail, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TranscribeVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var known = voicemail.State.HasTranscript ? (await VoicemailText.ReadAsync(log, request.VoicemailId, cancellationToken)).Transcript : null;
        var transcribed = VoicemailDecider.Transcribe(voicemail.State, request.Text, known, call.Now);
        return await voicemails.AppendAsync(voicemail, transcribed, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(voicemail, cancellationToken);
    }
}
