using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Recordings;
using MediatR;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// A recording has stopped: segments that the media engine never closed, because it died, are completed with what
/// storage saved of them, or as lost, which is also what is damaged. One that is whole is left alone, and so is one that an engine is still asked to
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
            answer = await recordings.ApplyAsync(
                recording.Id, (r, now) => RecordingDecider.CompleteSegment(r, segment, samples, sha256, now), cancellationToken);
            if (!answer.IsOk)
                return answer;
        }

        return answer;
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
