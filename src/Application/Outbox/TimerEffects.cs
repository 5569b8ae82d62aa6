using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.ScheduledCalls;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Outbox;

/// <summary>Timers that events start. They are never cancelled: they fire, and the state decides whether there is anything to do.</summary>
public sealed class TimerEffects : IEffects
{
    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        switch (happened.Data)
        {
            case SessionOffered e:
                yield return Effects.At(happened, OutboxKinds.OfferTimer, e.SessionId, new OfferDue(e.SessionId, e.OfferId), e.ExpiresAt);
                break;
            case OfferAccepted { Kind: SessionKind.Call } e when !e.Preparation.IsNone():
                yield return Effects.At(
                    happened, OutboxKinds.PreparationTimer, e.SessionId, new OfferDue(e.SessionId, e.OfferId), e.AcceptedAt + e.Preparation.TimeAllowed());
                break;
            case AgentWrapUpStarted e:
                yield return Effects.At(happened, OutboxKinds.WrapUpTimer, e.SessionId, new WrapUpDue(e.AgentId, e.SessionId), e.Until);
                break;
            case ScheduledCallBooked e:
                yield return Slot(happened, e.ScheduledCallId, e.StartsAt);
                break;
            case ScheduledCallMoved e:
                yield return Slot(happened, e.ScheduledCallId, e.StartsAt);
                break;
            case VoicemailRecordingBegun e:
                yield return Effects.At(happened, OutboxKinds.VoicemailTimer, e.VoicemailId, new VoicemailDue(e.VoicemailId), e.Until);
                break;
            case SessionDeflected { Kind: SessionKind.Call, Route: Route.MessageOnly } e:
                yield return Overdue(happened, e.SessionId, e.DeflectedAt + SessionDecider.LongestMessage);
                break;
            case SessionRedirected e:
                yield return Overdue(happened, e.SessionId, e.RedirectedAt + SessionDecider.LongestRedirection);
                break;
            case VoicemailGreeted e:
                yield return Overdue(happened, e.VoicemailId, e.GreetedAt + Voicemail.LongestStep);
                break;
            case VoicemailNumberAsked e:
                yield return Overdue(happened, e.VoicemailId, e.AskedAt + Voicemail.LongestStep);
                break;
            case ScheduledCallPlaced e:
                yield return Overdue(happened, e.SessionId, e.PlacedAt + SessionDecider.LongestRinging);
                break;
            case RecordingStopped e:
                yield return Limit(happened, e.RecordingId, e.StoppedAt + Recording.Limit);
                break;
            case RecordingReady e:
                yield return Effects.Now(happened, OutboxKinds.RecordingUpload, e.RecordingId, new RecordingDue(e.RecordingId), now);
                yield return Limit(happened, e.RecordingId, e.PurgeBy);
                break;
            case RecordingUploadFailed e:
                yield return Effects.At(happened, OutboxKinds.RecordingUpload, e.RecordingId, new RecordingDue(e.RecordingId), e.RetryAt);
                break;
        }
    }

    private static OutboxMessage Slot(NewEvent happened, Guid scheduledCallId, DateTimeOffset startsAt) =>
        Effects.At(happened, OutboxKinds.ScheduledCallTimer, scheduledCallId, new ScheduledCallDue(scheduledCallId, startsAt), startsAt);

    private static OutboxMessage Overdue(NewEvent happened, Guid sessionId, DateTimeOffset due) =>
        Effects.At(happened, OutboxKinds.OverdueTimer, sessionId, new OverdueDue(sessionId), due);

    private static OutboxMessage Limit(NewEvent happened, Guid recordingId, DateTimeOffset due) =>
        Effects.At(happened, OutboxKinds.RecordingLimitTimer, recordingId, new RecordingDue(recordingId), due);
}
