using System.Globalization;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Crm;

/// <summary>Puts a session's record into the CRM: its ticket, a chat's transcript, how it went.</summary>
public sealed class CrmOutboxHandler(Dispatcher dispatcher, IEventStore log, AggregateReader reader, ILogger<CrmOutboxHandler> logger) : IOutboxHandler
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds { get; } =
    [
        OutboxKinds.OpenTicket, OutboxKinds.Transcript, OutboxKinds.WrapUpNote, OutboxKinds.MissedCall, OutboxKinds.NotReached,
        OutboxKinds.VoicemailNote, OutboxKinds.VoicemailTranscript, OutboxKinds.CallTranscript, OutboxKinds.Summary,
        OutboxKinds.RecordingNote,
    ];

    /// <inheritdoc/>
    public async Task HandleAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ICommand<string> command = message.Kind switch
        {
            OutboxKinds.OpenTicket => new OpenSessionTicket(OutboxJson.Read<TicketDue>(message.Payload).SessionId),
            OutboxKinds.Transcript => await TranscriptAsync(message, cancellationToken),
            OutboxKinds.VoicemailNote or OutboxKinds.VoicemailTranscript => await VoicemailAsync(message, cancellationToken),
            OutboxKinds.CallTranscript or OutboxKinds.Summary => await WrittenDownAsync(message, cancellationToken),
            OutboxKinds.MissedCall => new ReportMissedCall(OutboxJson.Read<MissedCallDue>(message.Payload).ScheduledCallId, message.Id),
            OutboxKinds.NotReached => NotReached(message),
            OutboxKinds.RecordingNote => Kept(message),
            _ => await WrapUpAsync(message, cancellationToken),
        };
        try
        {
            var answer = await dispatcher.SendAsSystemAsync("crm", command, cancellationToken);
            if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency })
                throw new RetryLaterException(answer.Error.Message);
            if (answer.Error is { } refusal)
                logger.LogError("{Kind} {MessageId} was not put into the CRM: {Code}.", message.Kind, message.Id, refusal.Code);
        }
        catch (CrmException failure)
        {
            throw new RetryLaterException($"{failure.Failure}: {failure.Message}", failure.RetryAfter, failure);
        }
    }

    private static CommentOnTicket NotReached(OutboxMessage message)
    {
        var due = OutboxJson.Read<NotReachedDue>(message.Payload);
        return new CommentOnTicket(due.SessionId, message.Id, $"Scheduled call: nobody was reached at {due.EndedAt:yyyy-MM-dd HH:mm}Z ({due.Reason}).");
    }

    private static CommentOnTicket Kept(OutboxMessage message)
    {
        var due = OutboxJson.Read<RecordingNoteDue>(message.Payload);
        return new CommentOnTicket(
            due.SessionId, message.Id, string.Create(CultureInfo.InvariantCulture, $"Recording of {due.Seconds:0} s: /v1/sessions/{due.SessionId:D}/recording/content"));
    }

    private async Task<ICommand<string>> WrapUpAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var due = OutboxJson.Read<WrapUpNoteDue>(message.Payload);
        PersonalText? disposition = null;
        await foreach (var stored in log.ReadAllAsync(Aggregates.Session.Stream(due.SessionId), cancellationToken))
        {
            if (stored.Data is SessionWrappedUp wrapped && wrapped.AgentId == due.AgentId)
                disposition = wrapped.Disposition;
        }

        return new CommentOnTicket(due.SessionId, message.Id, $"Wrapped up by agent {due.AgentId:D}: {disposition?.Value ?? "(forgotten)"}");
    }

    private async Task<ICommand<string>> VoicemailAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var voicemailId = OutboxJson.Read<VoicemailDue>(message.Payload).VoicemailId;
        var voicemail = (await reader.LoadFreshAsync(Aggregates.Voicemail, voicemailId, cancellationToken)).State;
        var text = await VoicemailText.ReadAsync(log, voicemailId, cancellationToken);
        return new CommentOnTicket(voicemailId, message.Id, message.Kind == OutboxKinds.VoicemailNote ? VoicemailNotes.Left(voicemail, text) : VoicemailNotes.Said(text));
    }

    private async Task<ICommand<string>> WrittenDownAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var due = OutboxJson.Read<TranscriptDue>(message.Payload);
        var written = await WrittenDown.ReadAsync(log, due.SessionId, cancellationToken);
        var (title, versions) = message.Kind == OutboxKinds.Summary ? ("Summary", written.Summaries) : ("Transcript", written.Transcripts);
        var upTo = versions.TakeWhile(v => due.WrittenAt is null || v.At <= due.WrittenAt).ToList();
        if (upTo is [.., var replaced, _])
            title += $" (replaces the one of {replaced.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z)";
        return new CommentOnTicket(due.SessionId, message.Id, $"{title}\n{upTo[^1].Text ?? "(forgotten)"}");
    }

    private async Task<ICommand<string>> TranscriptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        var sessionId = OutboxJson.Read<TranscriptDue>(message.Payload).SessionId;
        List<string> text = ["Transcript"];
        await foreach (var stored in log.ReadAllAsync(Aggregates.Session.Stream(sessionId), cancellationToken))
        {
            if (stored.Data is MessageSent said)
                text.Add($"[{said.SentAt:yyyy-MM-dd HH:mm:ss}Z] {said.From}: {said.Text.Value ?? "(forgotten)"}");
        }

        return new CommentOnTicket(sessionId, message.Id, text);
    }
}
