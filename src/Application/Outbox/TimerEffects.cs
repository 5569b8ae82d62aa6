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
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now) => happened.Data switch
    {
        SessionOffered e => [Effects.At(happened, OutboxKinds.OfferTimer, e.SessionId, new OfferDue(e.SessionId, e.OfferId), e.ExpiresAt)],
        OfferAccepted { Kind: SessionKind.Call } e when !e.Preparation.IsNone() =>
            [Effects.At(happened, OutboxKinds.PreparationTimer, e.SessionId, new OfferDue(e.SessionId, e.OfferId), e.AcceptedAt + e.Preparation.TimeAllowed())],
        AgentCalled e => [Effects.At(happened, OutboxKinds.OfferTimer, e.SessionId, new OfferDue(e.SessionId, e.OfferId), e.Until)],
        ConsultationStarted e => [Effects.At(happened, OutboxKinds.OfferTimer, e.SessionId, new OfferDue(e.SessionId, e.ConsultationId), e.Until)],
        ConsultationAccepted e => [Effects.At(happened, OutboxKinds.OfferTimer, e.SessionId, new OfferDue(e.SessionId, e.ConsultationId), e.Until)],
        AgentWrapUpStarted e => [Effects.At(happened, OutboxKinds.WrapUpTimer, e.SessionId, new WrapUpDue(e.AgentId, e.SessionId), e.Until)],
        ScheduledCallBooked e => [Slot(happened, e.ScheduledCallId, e.StartsAt)],
        ScheduledCallMoved e => [Slot(happened, e.ScheduledCallId, e.StartsAt)],
        VoicemailRecordingBegun e => [Effects.At(happened, OutboxKinds.VoicemailTimer, e.VoicemailId, new VoicemailDue(e.VoicemailId), e.Until)],
        RecordingPaused { DueAt: { } due } e => [Pause(happened, e.RecordingId, e.Reason, due)],
        RecordingPauseExtended { DueAt: { } due } e => [Pause(happened, e.RecordingId, e.Reason, due)],
        // One that never stops, because its call never ends, has a limit too (REC-9).
        RecordingStarted { Policy: RetentionPolicy.Crm } e => [Limit(happened, e.RecordingId, e.StartedAt + Recording.Limit)],
        RecordingStopped e => [Limit(happened, e.RecordingId, e.StoppedAt + Recording.Limit)],
        RecordingReady e =>
            [Effects.Now(happened, OutboxKinds.RecordingUpload, e.RecordingId, new RecordingDue(e.RecordingId), now), Limit(happened, e.RecordingId, e.PurgeBy)],
        RecordingUploadFailed e => [Effects.At(happened, OutboxKinds.RecordingUpload, e.RecordingId, new RecordingDue(e.RecordingId), e.RetryAt)],
        _ => OverdueAt(happened) is (var sessionId, var due) ? [Effects.At(happened, OutboxKinds.OverdueTimer, sessionId, new OverdueDue(sessionId), due)] : [],
    };

    /// <summary>When a call that only its consumer is in from now on should be over at the latest (ADR 0041), or null.</summary>
    private static (Guid SessionId, DateTimeOffset Due)? OverdueAt(NewEvent happened) => happened.Data switch
    {
        SessionDeflected { Kind: SessionKind.Call, Route: Route.MessageOnly } e => (e.SessionId, e.DeflectedAt + SessionDecider.LongestMessage),
        TransferredOutside e => (e.SessionId, e.TransferredAt + SessionDecider.LongestRinging),
        SessionRedirected e => (e.SessionId, e.RedirectedAt + SessionDecider.LongestRedirection),
        VoicemailGreeted e => (e.VoicemailId, e.GreetedAt + Voicemail.LongestStep),
        VoicemailNumberAsked e => (e.VoicemailId, e.AskedAt + Voicemail.LongestStep),
        ScheduledCallPlaced e => (e.SessionId, e.PlacedAt + SessionDecider.LongestRinging),
        _ => null,
    };

    private static OutboxMessage Slot(NewEvent happened, Guid scheduledCallId, DateTimeOffset startsAt) =>
        Effects.At(happened, OutboxKinds.ScheduledCallTimer, scheduledCallId, new ScheduledCallDue(scheduledCallId, startsAt), startsAt);

    private static OutboxMessage Pause(NewEvent happened, Guid recordingId, PauseReason reason, DateTimeOffset due) =>
        Effects.At(happened, OutboxKinds.RecordingPauseTimer, recordingId, new RecordingPauseDue(recordingId, reason, due), due);

    private static OutboxMessage Limit(NewEvent happened, Guid recordingId, DateTimeOffset due) =>
        Effects.At(happened, OutboxKinds.RecordingLimitTimer, recordingId, new RecordingDue(recordingId), due);
}
