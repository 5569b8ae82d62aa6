using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// The message's bytes, from its ticket: while it waits here nobody can open it (REC-10). Each time is a fact of its own.
/// </summary>
/// <param name="VoicemailId">The voicemail.</param>
public sealed record PlayVoicemail(Guid VoicemailId) : ICommand<OpenedAttachment>
{
    /// <inheritdoc/>
    public Requirement Requirement => VoicemailAccess.To(VoicemailId);
}

/// <summary>Handles <see cref="PlayVoicemail"/>.</summary>
public sealed class PlayVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails, ITickets tickets)
    : IRequestHandler<PlayVoicemail, Result<OpenedAttachment>>
{
    /// <inheritdoc/>
    public async Task<Result<OpenedAttachment>> Handle(PlayVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var recording = (await work.LoadAsync(Aggregates.Recording, RecordingId.Of(request.VoicemailId), cancellationToken)).State;
        // Three minutes are one part. Another CRM shows its attachments itself.
        var attachment = IsWhole(recording) && Guid.TryParse(recording.Attached[1], out var id) ? await tickets.FindAttachmentAsync(id, cancellationToken) : null;
        var played = VoicemailDecider.Play(voicemail.State, attachment is not null, VoicemailAccess.Of(call.Context.Caller), call.Now);
        if (await voicemails.AppendAsync(voicemail, played, cancellationToken) is { } refusal)
            return refusal;

        var written = await work.CommitAsync(voicemail, cancellationToken);
        if (!written.IsOk)
            return written.Error;
        var content = await tickets.OpenAsync(attachment!.Id, cancellationToken);
        return content is null
            ? new Domain.Abstractions.NotFoundError("ticket.attachment_not_found", "The ticket has no such file.")
            : new OpenedAttachment(attachment, content);
    }

    private static bool IsWhole(Recording recording) => recording.Parts > 0 && recording.Attached.Count == recording.Parts;
}
