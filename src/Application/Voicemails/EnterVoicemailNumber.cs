using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>The caller answered the question for a number, or did not in time (AHD-8).</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Attempt">Which time they were asked.</param>
/// <param name="Presses">How often keys had come over REST when the engine began to wait for these.</param>
/// <param name="Digits">What they keyed in since; may be empty.</param>
public sealed record EnterVoicemailNumber(Guid VoicemailId, int Attempt, int Presses, string Digits) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;

    /// <summary>Never the digits, so that they cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(EnterVoicemailNumber)}({VoicemailId})";
}

/// <summary>Handles <see cref="EnterVoicemailNumber"/>.</summary>
public sealed class EnterVoicemailNumberHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails)
    : IRequestHandler<EnterVoicemailNumber, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(EnterVoicemailNumber request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var before = await voicemails.KeysBeforeAsync(voicemail.State, cancellationToken);
        var entered = VoicemailDecider.EnterNumber(voicemail.State, request.Attempt, request.Presses, before + request.Digits, call.Now);
        return await voicemails.AppendAsync(voicemail, entered, cancellationToken) is { } refusal
            ? refusal
            : await work.CommitAsync(voicemail, cancellationToken);
    }
}
