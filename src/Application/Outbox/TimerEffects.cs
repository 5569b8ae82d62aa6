using ContactCenter.Application.EventSourcing;
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

    private static OutboxMessage Limit(NewEvent happened, Guid recordingId, DateTimeOffset due) =>
        Effects.At(happened, OutboxKinds.RecordingLimitTimer, recordingId, new RecordingDue(recordingId), due);
}
