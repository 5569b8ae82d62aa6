using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// Decides on a recording's state of this moment and appends; a command about a recording does so several times, with
/// the CRM or the storage in between.
/// </summary>
public sealed class RecordingSteps(
    UnitOfWork work,
    IRecordingStorage storage,
    IRecordingHome home,
    IProviderRecordings provider,
    TimeProvider clock,
    ILogger<RecordingSteps> logger)
{
    /// <summary>The recording now.</summary>
    public ValueTask<Versioned<Recording>> LoadAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        work.StartOver();
        return work.LoadAsync(Aggregates.Recording, recordingId, cancellationToken);
    }

    /// <summary>Loads, decides, appends.</summary>
    public async Task<Result<Receipt>> ApplyAsync(
        Guid recordingId, Func<Recording, DateTimeOffset, Domain.Abstractions.Decision<RecordingEvent>> decide, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(recordingId, cancellationToken);
        var decision = decide(loaded.State, clock.GetUtcNow());
        if (decision.Rejection is { } refusal)
            return Result<Receipt>.Refused(refusal);
        work.Append(Aggregates.Recording, loaded, decision.Events);
        return await work.CommitAsync(loaded, cancellationToken);
    }

    /// <summary>
    /// Destroys key and audio here and what the voice provider keeps, looks in both places that nothing is left, and says
    /// so (REC-6, REC-9). Going on from wherever a crash left it. What is here goes first: it waits for no provider.
    /// </summary>
    /// <exception cref="IOException">Something is left; the purge is to be tried again.</exception>
    /// <exception cref="InvalidOperationException">This node keeps recordings in another region.</exception>
    public async Task<Result<Receipt>> PurgeAsync(Guid recordingId, PurgeReason reason, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(recordingId, cancellationToken);
        var decision = RecordingDecider.Purge(loaded.State, reason, clock.GetUtcNow());
        if (decision.Rejection is { } refusal)
            return Result<Receipt>.Refused(refusal);
        if (decision.Events.Count == 0)
            return new Receipt(recordingId, loaded.Version, "0");

        // What is in another region is neither found nor destroyed here.
        await home.CheckAsync(cancellationToken);
        await storage.PurgeAsync(recordingId, cancellationToken);
        await provider.PurgeAsync(recordingId, cancellationToken);
        if (await storage.ExistsAsync(recordingId, cancellationToken))
            throw new IOException($"Something of recording {recordingId} is left in storage.");
        if (await provider.ExistsAsync(recordingId, cancellationToken))
            throw new IOException($"Something of recording {recordingId} is left at the voice provider.");
        work.Append(Aggregates.Recording, loaded, decision.Events);
        if (loaded.State.Space == RecordedSpace.Voicemail)
        {
            var voicemail = await work.LoadAsync(Aggregates.Voicemail, loaded.State.SessionId, cancellationToken);
            work.Append(Aggregates.Voicemail, voicemail, VoicemailDecider.Lose(voicemail.State, loaded.State.IsWhole, clock.GetUtcNow()));
        }

        var purged = await work.CommitAsync(loaded, cancellationToken);
        if (purged.IsOk && decision.Events.OfType<RecordingPurged>().Any(p => p.Reason == PurgeReason.Limit))
            logger.LogError("Recording {RecordingId} was destroyed at its limit; the CRM never confirmed it.", recordingId);
        return purged;
    }
}
