using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;
using MediatR;

namespace ContactCenter.Application.Voicemails;

/// <summary>
/// The message's bytes, from its ticket, or from here where it is kept (REC-11): while it waits here nobody can open it
/// (REC-10). Each listening is a fact of its own. Another CRM plays what it holds itself: then this is refused as
/// <c>voicemail.in_crm</c>.
/// </summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Asked">Which of its bytes.</param>
public sealed record PlayVoicemail(Guid VoicemailId, AudioRange Asked) : ICommand<PlayedRecording>
{
    /// <inheritdoc/>
    public Requirement Requirement => VoicemailAccess.To(VoicemailId);
}

/// <summary>Handles <see cref="PlayVoicemail"/>.</summary>
public sealed class PlayVoicemailHandler(UnitOfWork work, CurrentCall call, VoicemailWork voicemails, ITickets tickets, RecordingParts parts)
    : IRequestHandler<PlayVoicemail, Result<PlayedRecording>>
{
    /// <inheritdoc/>
    public async Task<Result<PlayedRecording>> Handle(PlayVoicemail request, CancellationToken cancellationToken)
    {
        var voicemail = await voicemails.LoadAsync(request.VoicemailId, cancellationToken);
        var recording = (await work.LoadAsync(Aggregates.Recording, RecordingId.Of(request.VoicemailId), cancellationToken)).State;
        // Three minutes are one part.
        var attachment = recording.IsAttached && Guid.TryParse(recording.Attached[1], out var id) ? await tickets.FindAttachmentAsync(id, cancellationToken) : null;
        var played = VoicemailDecider.Play(voicemail.State, PlaceOf(recording, attachment is not null), request.Asked.FromStart, call.Context.Caller.Id, call.Now);
        if (await voicemails.AppendAsync(voicemail, played, cancellationToken) is { } refusal)
            return refusal;

        if (attachment is null)
            return await parts.PlayAsync(recording, request.Asked, () => work.CommitAsync(voicemail, cancellationToken), cancellationToken);
        var written = await work.CommitAsync(voicemail, cancellationToken);
        return written.IsOk ? await OpenAsync(attachment, cancellationToken) : written.Error;
    }

    private static MessagePlace PlaceOf(Recording recording, bool isInTicketHere) => recording switch
    {
        { DeletedFor: not null } => MessagePlace.Gone,
        { Status: RecordingStatus.Kept } => MessagePlace.Here,
        { IsAttached: true } => isInTicketHere ? MessagePlace.Here : MessagePlace.Elsewhere,
        _ => MessagePlace.OnItsWay,
    };

    private async Task<Result<PlayedRecording>> OpenAsync(TicketAttachment attachment, CancellationToken cancellationToken)
    {
        var content = await tickets.OpenAsync(attachment.Id, cancellationToken);
        return content is null
            ? new Domain.Abstractions.NotFoundError("ticket.attachment_not_found", "The ticket has no such file.")
            : new PlayedRecording(attachment.FileName, content, attachment.Sha256, attachment.AttachedAt);
    }
}
