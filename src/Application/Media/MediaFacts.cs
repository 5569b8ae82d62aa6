using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Media;

/// <summary>
/// Turns what the media engine saw into commands. A fact may come twice or late: each command decides on the state
/// whether there is anything to do, and a refusal means that it came too late to matter.
/// </summary>
public sealed class MediaFacts(Dispatcher dispatcher, AggregateReader reader, ILogger<MediaFacts> logger) : IMediaFacts
{
    /// <inheritdoc/>
    public async Task ReportAsync(MediaFact fact, CancellationToken cancellationToken)
    {
        if (await CommandForAsync(fact, cancellationToken) is not { } command)
            return;
        var answer = await dispatcher.SendAsSystemAsync("media", command, cancellationToken);
        if (answer.Error is ConflictError { Code: ErrorCodes.Concurrency } raced)
            throw new EventStoreUnavailableException($"The fact {fact.GetType().Name} is not written: {raced.Message}");
        if (answer.Error is { } refusal)
            logger.LogInformation("Media fact {Fact} of {SessionId} came too late: {Code}", fact.GetType().Name, fact.SessionId, refusal.Code);
    }

    private async ValueTask<ICommand?> CommandForAsync(MediaFact fact, CancellationToken cancellationToken) => fact switch
    {
        LegEnded f => await LegAsync(f, cancellationToken),
        MediaLost f => new EndLostCall(f.SessionId, "media_lost"),
        SegmentClosed f => new CompleteSegment(f.RecordingId, f.Segment, f.Samples, f.Sha256),
        LegHandedOver f => new FinishDeflection(f.SessionId),
        LegAnswered f => f.LegId == f.SessionId ? await AnswerAsync(f, cancellationToken) : await AnswerCalledAsync(f, cancellationToken),
        PromptFinished f when f.PromptId == MediaEffects.AfterHoursPromptOf(f.SessionId) => new FinishDeflection(f.SessionId),
        PromptFinished f when f.PromptId == VoicemailMedia.ToneOf(f.SessionId) => new BeginVoicemailRecording(f.SessionId),
        DigitsCollected f when f.CollectId == RecordingMedia.ConsentOf(f.SessionId) => RecordingMedia.AnswerOf(f),
        DigitsCollected f => VoicemailMedia.AnswerOf(f),
        PromptFinished f => await ConnectAfterAsync(f, cancellationToken),
        _ => null,
    };

    // A supervisor's leg is no part of the session's own.
    private async Task<ICommand> LegAsync(LegEnded ended, CancellationToken cancellationToken) =>
        ended.LegId != ended.SessionId && (await reader.LoadAsync(Aggregates.Monitor, ended.LegId, cancellationToken)).State.Exists
            ? new SettleMonitor(ended.LegId, LegLost: true)
            : new EndLeg(ended.SessionId, ended.LegId, ended.Cause);

    // What is cached of a session has its beginning, which says whether it was booked.
    private async Task<AnswerScheduledCall?> AnswerAsync(LegAnswered answered, CancellationToken cancellationToken) =>
        (await reader.LoadAsync(Aggregates.Session, answered.SessionId, cancellationToken)).State.ScheduledCallId is null
            ? null
            : new AnswerScheduledCall(answered.SessionId);

    // Most legs are of agents who sit in a browser: nobody waits to hear that those are there.
    private async Task<AnswerLeg?> AnswerCalledAsync(LegAnswered answered, CancellationToken cancellationToken)
    {
        var session = (await reader.LoadFreshAsync(Aggregates.Session, answered.SessionId, cancellationToken)).State;
        return SessionDecider.AnswerLeg(session, answered.LegId, session.RequestedAt).Events.Count > 0 ? new AnswerLeg(answered.SessionId, answered.LegId) : null;
    }

    private async Task<ConnectSession?> ConnectAfterAsync(PromptFinished finished, CancellationToken cancellationToken)
    {
        // Another node may have written the acceptance: a cached state could not know the offer yet.
        var session = (await reader.LoadFreshAsync(Aggregates.Session, finished.SessionId, cancellationToken)).State;
        return session is { Status: SessionStatus.Preparing, OfferId: { } offerId }
            && MediaEffects.LastPromptOf(offerId, session.Preparation) == finished.PromptId
            ? new ConnectSession(session.Id, offerId)
            : null;
    }
}
