using ContactCenter.Application.Agents;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.EventStore;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>Every second: offers whose time is up, and agents who were not ready in time after accepting one.</summary>
[DisallowConcurrentExecution]
public sealed class ReleaseStaleOffersJob(DueMessages due, JobOutcomes outcomes, ILogger<ReleaseStaleOffersJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("release-stale-offers");

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await SendAsync(OutboxKinds.OfferTimer, offer => new ExpireOffer(offer.SessionId, offer.OfferId), cancellationToken);
        await SendAsync(OutboxKinds.PreparationTimer, offer => new ExpirePreparation(offer.SessionId, offer.OfferId), cancellationToken);
    }

    private Task SendAsync(string kind, Func<OfferDue, ICommand> command, CancellationToken cancellationToken) =>
        due.SendAsync(kind, parallel: 8, message => command(OutboxJson.Read<OfferDue>(message.Payload)), cancellationToken);
}

/// <summary>Every second: agents whose time for the work after a session is up.</summary>
[DisallowConcurrentExecution]
public sealed class FinishWrapUpsJob(DueMessages due, JobOutcomes outcomes, ILogger<FinishWrapUpsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("finish-wrap-ups");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.WrapUpTimer,
        parallel: 8,
        message =>
        {
            var timer = OutboxJson.Read<WrapUpDue>(message.Payload);
            return new ExpireWrapUp(timer.AgentId, timer.SessionId);
        },
        cancellationToken);
}

/// <summary>Every second: booked calls whose slot begins (AHD-11).</summary>
[DisallowConcurrentExecution]
public sealed class PlaceScheduledCallsJob(DueMessages due, JobOutcomes outcomes, ILogger<PlaceScheduledCallsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("place-scheduled-calls");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.ScheduledCallTimer,
        parallel: 8,
        message =>
        {
            var timer = OutboxJson.Read<ScheduledCallDue>(message.Payload);
            return new PlaceScheduledCall(timer.ScheduledCallId, timer.StartsAt);
        },
        cancellationToken);
}

/// <summary>Every second: messages that are as long as they may be.</summary>
[DisallowConcurrentExecution]
public sealed class FinishVoicemailsJob(DueMessages due, JobOutcomes outcomes, ILogger<FinishVoicemailsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("finish-voicemails");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.VoicemailTimer,
        parallel: 8,
        message => new FinishVoicemail(OutboxJson.Read<VoicemailDue>(message.Payload).VoicemailId, AtLimit: true),
        cancellationToken);
}

/// <summary>Every second: pauses and redactions of recordings that last longer than they should (REC-4).</summary>
[DisallowConcurrentExecution]
public sealed class NoticePausesJob(DueMessages due, JobOutcomes outcomes, ILogger<NoticePausesJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("notice-pauses");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.RecordingPauseTimer,
        parallel: 8,
        message =>
        {
            var timer = OutboxJson.Read<RecordingPauseDue>(message.Payload);
            return new NoticePause(timer.RecordingId, timer.Reason, timer.DueAt);
        },
        cancellationToken);
}

/// <summary>Every five seconds: calls that only their consumer is in, and that should be over.</summary>
[DisallowConcurrentExecution]
public sealed class EndOverdueCallsJob(DueMessages due, JobOutcomes outcomes, ILogger<EndOverdueCallsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("end-overdue-calls");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.OverdueTimer,
        parallel: 8,
        message => new EndOverdueCall(OutboxJson.Read<OverdueDue>(message.Payload).SessionId),
        cancellationToken);
}

/// <summary>Every second: stopped recordings whose segments never closed. No upload, however slow, holds it up.</summary>
[DisallowConcurrentExecution]
public sealed class RecoverRecordingsJob(DueMessages due, JobOutcomes outcomes, ILogger<RecoverRecordingsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("recover-recordings");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        RecordingRecoveryEffects.Kind,
        parallel: 2,
        message => new RecoverRecording(OutboxJson.Read<RecordingDue>(message.Payload).RecordingId),
        cancellationToken);
}

/// <summary>Every second: recordings that are to go to the CRM.</summary>
[DisallowConcurrentExecution]
public sealed class UploadRecordingsJob(DueMessages due, JobOutcomes outcomes, ILogger<UploadRecordingsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("upload-recordings");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.RecordingUpload,
        parallel: 4,
        message => new UploadRecording(OutboxJson.Read<RecordingDue>(message.Payload).RecordingId),
        cancellationToken);
}

/// <summary>Every minute, and at the start: recordings whose seven days are over (REC-9).</summary>
[DisallowConcurrentExecution]
public sealed class EnforceRecordingLimitJob(DueMessages due, JobOutcomes outcomes, ILogger<EnforceRecordingLimitJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("enforce-recording-limit");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => due.SendAsync(
        OutboxKinds.RecordingLimitTimer,
        parallel: 4,
        message => new PurgeRecording(OutboxJson.Read<RecordingDue>(message.Payload).RecordingId),
        cancellationToken);
}

/// <summary>Every ten seconds: kept recordings that are older than the schedule, a batch at a time (REC-11).</summary>
[DisallowConcurrentExecution]
public sealed class ExpireRecordingsJob(ExpiredRecordings expired, Dispatcher dispatcher, JobOutcomes outcomes, ILogger<ExpireRecordingsJob> logger)
    : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("expire-recordings");

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken) => await ForEachAsync(
        await expired.ToDeleteAsync(cancellationToken),
        (recordingId, ct) => dispatcher.SendAsSystemAsync("jobs", new ExpireRecording(recordingId), ct),
        cancellationToken);
}

/// <summary>Every five seconds: agents whose adapter is gone without a word.</summary>
[DisallowConcurrentExecution]
public sealed class SignOutLostAgentsJob(IAdapterPresence presence, Dispatcher dispatcher, JobOutcomes outcomes, ILogger<SignOutLostAgentsJob> logger)
    : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("sign-out-lost-agents");

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        int signedOut;
        do
        {
            signedOut = 0;
            await ForEachAsync(
                await presence.FindLostAsync(cancellationToken),
                async (lost, ct) =>
                {
                    var answer = await dispatcher.SendAsSystemAsync("jobs", new SignOutLostAgent(lost.AgentId, lost.SeenAt), ct);
                    if (answer.Error is { Code: ErrorCodes.Concurrency })
                        return;
                    await presence.ForgetAsync(lost, ct);
                    signedOut++;
                },
                cancellationToken);
        }
        while (signedOut > 0 && !cancellationToken.IsCancellationRequested);
    }
}

/// <summary>Every hour, and at the start: bytes of recordings for messages that were not accepted (AHD-8).</summary>
[DisallowConcurrentExecution]
public sealed class SweepMessageAudioJob(Dispatcher dispatcher, JobOutcomes outcomes, ILogger<SweepMessageAudioJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("sweep-message-audio");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => dispatcher.SendAsSystemAsync("jobs", new SweepMessageAudio(), cancellationToken);
}

/// <summary>Every ten seconds: agents who hold sessions, and of whose adapter nothing is known, are watched from now on.</summary>
[DisallowConcurrentExecution]
public sealed class ReapGhostAgentsJob(GhostAgents ghosts, JobOutcomes outcomes, ILogger<ReapGhostAgentsJob> logger) : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("reap-ghost-agents");

    /// <inheritdoc/>
    protected override Task RunAsync(CancellationToken cancellationToken) => ghosts.WatchAsync(cancellationToken);
}

/// <summary>Every ten seconds: sessions that wait or are connected for too long, if the center wants them ended (END-4).</summary>
[DisallowConcurrentExecution]
public sealed class EndStuckSessionsJob(StuckSessions stuck, Dispatcher dispatcher, JobOutcomes outcomes, ILogger<EndStuckSessionsJob> logger)
    : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("end-stuck-sessions");

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken) => await ForEachAsync(
        await stuck.ToEndAsync(cancellationToken),
        (sessionId, ct) => dispatcher.SendAsSystemAsync("jobs", new EndStuckSession(sessionId), ct),
        cancellationToken);
}

/// <summary>Every hour, and at the start: the log's partitions ahead, idempotency keys older than a day, bytes never confirmed, old nonces.</summary>
[DisallowConcurrentExecution]
public sealed class MaintainLogJob(LogMaintenance log, BuiltInCrm crm, INonces nonces, TimeProvider clock, JobOutcomes outcomes, ILogger<MaintainLogJob> logger)
    : RecordedJob(outcomes, logger)
{
    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("maintain-log");

    /// <summary>Longer than any signed request is taken for.</summary>
    public static readonly TimeSpan KeptNonces = TimeSpan.FromHours(1);

    /// <summary>How long an idempotency key stands for its first answer.</summary>
    public static readonly TimeSpan KeptKeys = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await log.EnsurePartitionsAsync(cancellationToken);
        await log.DeleteIdempotencyKeysAsync(clock.GetUtcNow() - KeptKeys, cancellationToken);
        await crm.DropUnconfirmedAsync(cancellationToken);
        await nonces.ForgetAsync(KeptNonces, cancellationToken);
    }
}
