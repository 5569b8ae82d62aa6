using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>An add-on wrote down what was said in a message; it is kept with the ticket (AHD-10, REC-13).</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Text">1 to 20,000 characters; or null, with lines.</param>
/// <param name="Lines">What was said, with its times; or null, with a text.</param>
public sealed record TranscribeVoicemail(Guid VoicemailId, string? Text, IReadOnlyList<SpokenLine>? Lines = null) : ICommand
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
    public TranscribeVoicemailValidator()
    {
        RuleFor(r => r.Text).NotEmpty().MaximumLength(VoicemailDecider.MaxTranscript).When(r => r.Lines is null);
        RuleFor(r => r.Text).Null().WithMessage("Give a text or lines.").When(r => r.Lines is not null);
        RuleFor(r => r.Lines).Must(TranscribeSessionValidator.AreLines).WithMessage(TranscribeSessionValidator.LinesRule).When(r => r.Lines is not null);
    }
}

/// <summary>Handles <see cref="TranscribeVoicemail"/>.</summary>
public sealed class TranscribeVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails, IEventStore log) : IRequestHandler<TranscribeVoicemail, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(TranscribeVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var known = voicemail.State.HasTranscript ? (await VoicemailText.ReadAsync(log, request.VoicemailId, cancellationToken)).Transcript : null;
        var transcribed = request.Lines is { } lines
            ? VoicemailDecider.Transcribe(voicemail.State, lines, await WrittenDown.RecordedAsync(log, request.VoicemailId, cancellationToken), known, call.Now)
            : VoicemailDecider.Transcribe(voicemail.State, await RecordingAsync(request.VoicemailId, cancellationToken), request.Text!, known, call.Now);
        return await voicemails.AppendAsync(voicemail, transcribed, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(voicemail, cancellationToken);
    }

    private async Task<Recording> RecordingAsync(Guid voicemailId, CancellationToken cancellationToken) =>
        (await work.LoadAsync(Aggregates.Recording, RecordingId.Of(voicemailId), cancellationToken)).State;
}
