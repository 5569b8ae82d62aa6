using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using MediatR;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// A recording has stopped: segments that the media engine never closed, because it died, are completed with what
/// storage saved of them, or as lost, which is also what is damaged. One that is whole is left alone, and so is one that an engine is still asked to
/// close: while storage fails, its end may be in that engine's memory only, however long that takes. Where each node writes
/// to a disk of its own first, the disk of one that died is waited for, for a while.
/// </summary>
/// <param name="RecordingId">The recording.</param>
public sealed record RecoverRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="RecoverRecording"/>.</summary>
public sealed class RecoverRecordingHandler(
    RecordingSteps recordings, IRecordingStorage storage, IMediaBacklog engine, RecordingMetrics metrics, TimeProvider clock, ILogger<RecoverRecordingHandler> logger)
    : IRequestHandler<RecoverRecording, Result<Receipt>>
{
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NextLookForNode = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RecoverRecording request, CancellationToken cancellationToken)
    {
        var (_, recording, version) = await recordings.LoadAsync(request.RecordingId, cancellationToken);
        Result<Receipt> answer = new Receipt(request.RecordingId, version, "0");
        if (recording.Status != RecordingStatus.Stopped || recording.AllClosed)
            return answer;
        if (await engine.HasAnyAsync(recording.SessionId, recording.Id, cancellationToken))
            throw new RetryLaterException("The media engine is still to close it.", NextLook);

        foreach (var segment in Enumerable.Range(1, recording.Segments).Where(s => !recording.Closed.ContainsKey(s)))
        {
            var (samples, sha256) = await StoredAudio.MeasureAsync(storage, recording.Id, segment, cancellationToken);
            var isLost = sha256.Length == 0;
            if (isLost && clock.GetUtcNow() < recording.StoppedAt + storage.MayComeLate)
                throw new RetryLaterException("The node that wrote it may come back.", NextLookForNode);
            answer = await recordings.ApplyAsync(
                recording.Id, (r, now) => RecordingDecider.CompleteSegment(r, segment, samples, sha256, now), cancellationToken);
            if (!answer.IsOk)
                return answer;
            if (isLost)
                TellLost(recording.Id, segment);
        }

        return answer;
    }

    private void TellLost(Guid recordingId, int segment)
    {
        metrics.SegmentLost();
        logger.LogError("Segment {Segment} of recording {RecordingId} is lost: its engine is gone, and storage has nothing of it", segment, recordingId);
    }
}

/// <summary>Has every stopped recording looked at, a little later than its engine needs to close it; at once if that died.</summary>
public sealed class RecordingRecoveryEffects : IEffects
{
    /// <summary>The outbox kind; its payload is <see cref="RecordingDue"/>.</summary>
    public const string Kind = "recording.recover";

    /// <summary>How long after the stop it is looked at first; usually all is closed by then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        if (happened.Data is not RecordingStopped stopped)
            return [];
        var payload = OutboxJson.Write(new RecordingDue(stopped.RecordingId));
        return [new OutboxMessage(DerivedId.Of(happened.Id, Kind), Kind, stopped.RecordingId.ToString("D"), payload, stopped.EngineLost ? now : now + Patience)];
    }
}
