using System.Security.Cryptography;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// A recording has stopped: segments that the media engine never closed, because it died, are completed with what
/// storage saved of them, or as lost. One that is whole is left alone, and so is one that an engine is still asked to
/// close: while storage fails, its end may be in that engine's memory only, however long that takes.
/// </summary>
/// <param name="RecordingId">The recording.</param>
public sealed record RecoverRecording(Guid RecordingId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.SystemOnly;
}

/// <summary>Carries out <see cref="RecoverRecording"/>.</summary>
public sealed class RecoverRecordingHandler(RecordingSteps recordings, IRecordingStorage storage, IMediaBacklog engine)
    : IRequestHandler<RecoverRecording, Result<Receipt>>
{
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(5);
    private const int SampleBytes = 2;

    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RecoverRecording request, CancellationToken cancellationToken)
    {
        var (_, recording, version) = await recordings.LoadAsync(request.RecordingId, cancellationToken);
        Result<Receipt> answer = new Receipt(request.RecordingId, version, "0");
        if (recording.Status != RecordingStatus.Stopped || recording.AllClosed)
            return answer;
        if (await engine.HasAnyAsync(recording.SessionId, cancellationToken))
            throw new RetryLaterException("The media engine is still to close it.", NextLook);

        await storage.RecoverAsync(recording.Id, cancellationToken);
        var saved = await storage.ListAsync(recording.Id, cancellationToken);
        foreach (var segment in Enumerable.Range(1, recording.Segments).Where(s => !recording.Closed.ContainsKey(s)))
        {
            var (samples, sha256) = saved.Contains(RecordingObjects.Segment(segment))
                ? await MeasureAsync(recording.Id, segment, cancellationToken)
                : (0, string.Empty);
            answer = await recordings.ApplyAsync(
                recording.Id, (r, now) => RecordingDecider.CompleteSegment(r, segment, samples, sha256, now), cancellationToken);
            if (!answer.IsOk)
                return answer;
        }

        return answer;
    }

    private async Task<(long Samples, string Sha256)> MeasureAsync(Guid recordingId, int segment, CancellationToken cancellationToken)
    {
        await using var pcm = await storage.OpenAsync(recordingId, RecordingObjects.Segment(segment), cancellationToken);
        return (pcm.Length / SampleBytes, Convert.ToHexStringLower(await SHA256.HashDataAsync(pcm, cancellationToken)));
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
