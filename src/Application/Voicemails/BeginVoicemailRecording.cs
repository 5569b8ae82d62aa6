using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>The caller has heard the tone to its end: what they say from now on is recorded.</summary>
/// <param name="VoicemailId">The voicemail.</param>
public sealed record BeginVoicemailRecording(Guid VoicemailId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Handles <see cref="BeginVoicemailRecording"/>.</summary>
public sealed class BeginVoicemailRecordingHandler(UnitOfWork work, CurrentCall call, SessionWork sessions, VoicemailWork voicemails)
    : IRequestHandler<BeginVoicemailRecording, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(BeginVoicemailRecording request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var begun = VoicemailDecider.BeginRecording(voicemail.State, call.Now);
        var refusal = await voicemails.AppendAsync(voicemail, begun, cancellationToken);
        if (refusal is null && begun.Events.Count > 0)
            refusal = await sessions.RecordVoicemailAsync(request.VoicemailId, voicemail.State.QueueId, cancellationToken);
        return refusal is null ? await work.CommitAsync(voicemail, cancellationToken) : refusal;
    }
}
