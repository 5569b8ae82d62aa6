using System.Text;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Crm;

/// <summary>Puts a session's record into the CRM: its ticket, a chat's transcript, how it went.</summary>
public sealed class CrmOutboxHandler(Dispatcher dispatcher, IEventStore log, AggregateReader reader) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } = [OutboxKinds.OpenTicket, OutboxKinds.Transcript, OutboxKinds.WrapUpNote, OutboxKinds.VoicemailNote, OutboxKinds.VoicemailTranscript];

    /// <inheritdoc/>
    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var command = message.Kind switch
        {
            OutboxKinds.OpenTicket => new OpenSessionTicket(OutboxJson.Read<TicketDue>(message.Payload).SessionId),
            OutboxKinds.Transcript => await TranscriptAsync(message, cancellationToken),
            OutboxKinds.VoicemailNote or OutboxKinds.VoicemailTranscript => await VoicemailAsync(message, cancellationToken),
            _ => WrapUp(message),
        };
        try
        {
            var answer = await dispatcher.SendAsSystemAsync("crm", command, cancellationToken);
            if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency })
                throw new RetryLaterException(answer.Error.Message);
        }
        catch (CrmException failure)
        {
            throw new RetryLaterException($"{failure.Failure}: {failure.Message}", failure.RetryAfter, failure);
        }
    }

    private static CommentOnTicket WrapUp(OutboxMessage message)
    {
        var due = OutboxJson.Read<WrapUpNoteDue>(message.Payload);
        return new CommentOnTicket(due.SessionId, message.Id, $"Wrapped up by agent {due.AgentId:D}: {due.Disposition}");
    }

    private async Task<ICommand<string>> VoicemailAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var voicemailId = OutboxJson.Read<VoicemailDue>(message.Payload).VoicemailId;
        var voicemail = (await reader.LoadFreshAsync(Aggregates.Voicemail, voicemailId, cancellationToken)).State;
        return new CommentOnTicket(voicemailId, message.Id, message.Kind == OutboxKinds.VoicemailNote ? VoicemailNotes.Left(voicemail) : VoicemailNotes.Said(voicemail));
    }

    private async Task<ICommand<string>> TranscriptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var sessionId = OutboxJson.Read<TranscriptDue>(message.Payload).SessionId;
        var text = new StringBuilder("Transcript");
        await foreach (var stored in log.ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
        {
            if (stored.Data is MessageSent said)
                text.Append($"\n[{said.SentAt:yyyy-MM-dd HH:mm:ss}Z] {said.From}: {said.Text.Value ?? "(forgotten)"}");
        }

        return new CommentOnTicket(sessionId, message.Id, text.ToString());
    }
}
