using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Crm;

/// <summary>What the ticket system is told: each session has a ticket, each chat its transcript in it. No personal data in it.</summary>
public sealed class CrmEffects : IEffects
{
    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        switch (happened.Data)
        {
            case SessionRequested e:
                yield return Effects.Now(happened, OutboxKinds.OpenTicket, e.SessionId, new TicketDue(e.SessionId, e.ConsumerId), now);
                break;
            case SessionEnded { Kind: SessionKind.Chat } e:
                yield return Effects.Now(happened, OutboxKinds.Transcript, e.SessionId, new TranscriptDue(e.SessionId), now);
                break;
            case SessionTranscribed e:
                yield return Effects.Now(happened, OutboxKinds.CallTranscript, e.SessionId, new TranscriptDue(e.SessionId, e.TranscribedAt), now);
                break;
            case SessionSummarized e:
                yield return Effects.Now(happened, OutboxKinds.Summary, e.SessionId, new TranscriptDue(e.SessionId, e.SummarizedAt), now);
                break;
            case VoicemailLeft e:
                yield return Effects.Now(happened, OutboxKinds.VoicemailNote, e.VoicemailId, new VoicemailDue(e.VoicemailId), now);
                break;
            case VoicemailTranscribed e:
                yield return Effects.Now(happened, OutboxKinds.VoicemailTranscript, e.VoicemailId, new VoicemailDue(e.VoicemailId), now);
                break;
            case RecordingKept e:
                yield return Effects.Now(happened, OutboxKinds.RecordingNote, e.SessionId, new RecordingNoteDue(e.SessionId, e.RecordedSeconds), now);
                break;
            case ScheduledCallMissed e:
                yield return Effects.Now(happened, OutboxKinds.MissedCall, e.ScheduledCallId, new MissedCallDue(e.ScheduledCallId), now);
                break;
            case ScheduledCallNotReached e:
                yield return Effects.Now(happened, OutboxKinds.NotReached, e.SessionId, new NotReachedDue(e.SessionId, e.EndedAt, e.Reason), now);
                break;
            case SessionWrappedUp { Disposition: not null } e:
                yield return Effects.Now(happened, OutboxKinds.WrapUpNote, e.SessionId, new WrapUpNoteDue(e.SessionId, e.AgentId), now);
                break;
        }
    }
}
