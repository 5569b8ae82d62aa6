using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// Decides on a recording's state of this moment and appends; a command about a recording does so several times, with
/// the CRM or the storage in between.
/// </summary>
public sealed class RecordingSteps(UnitOfWork work, IRecordingStorage storage, TimeProvider clock)
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

    /// <summary>Destroys key and audio, looks that nothing is left, and says so. Going on from wherever a crash left it.</summary>
    /// <exception cref="IOException">Something is left; the purge is to be tried again.</exception>
    public async Task<Result<Receipt>> PurgeAsync(Guid recordingId, PurgeReason reason, CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(recordingId, cancellationToken);
        var decision = RecordingDecider.Purge(loaded.State, reason, clock.GetUtcNow());
        if (decision.Rejection is { } refusal)
            return Result<Receipt>.Refused(refusal);
        if (decision.Events.Count == 0)
            return new Receipt(recordingId, loaded.Version, "0");

        await storage.PurgeAsync(recordingId, cancellationToken);
        if (await storage.ExistsAsync(recordingId, cancellationToken))
            throw new IOException($"Something of recording {recordingId} is left in storage.");
        work.Append(Aggregates.Recording, loaded, decision.Events);
        if (loaded.State.Space == RecordedSpace.Voicemail)
        {
            var voicemail = await work.LoadAsync(Aggregates.Voicemail, loaded.State.SessionId, cancellationToken);
            work.Append(Aggregates.Voicemail, voicemail, VoicemailDecider.Lose(voicemail.State, loaded.State.IsWhole, clock.GetUtcNow()));
        }

        return await work.CommitAsync(loaded, cancellationToken);
    }
}
