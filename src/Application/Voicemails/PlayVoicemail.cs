using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// The message's bytes, from its ticket: while it waits here nobody can open it (REC-10). Each listening is a fact of its own.
/// Another CRM plays what it holds itself: then this is refused as <c>voicemail.in_crm</c>.
/// </summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="FromStart">Whether the beginning is asked for, and not a later piece alone.</param>
public sealed record PlayVoicemail(Guid VoicemailId, bool FromStart) : ICommand<OpenedAttachment>
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
        // Three minutes are one part.
        var attachment = recording.IsAttached && Guid.TryParse(recording.Attached[1], out var id) ? await tickets.FindAttachmentAsync(id, cancellationToken) : null;
        var played = VoicemailDecider.Play(
            voicemail.State, recording.IsAttached, attachment is not null, request.FromStart, VoicemailAccess.Of(call.Context.Caller), call.Now);
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
}
