using System.Security.Cryptography;
using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Application.Recordings;

/// <summary>
/// Makes the files that go to the CRM, or to who hears it, out of a recording's segments, never whole in memory (REC-7). What
/// should be in storage and is not is as damaged as what was altered there.
/// </summary>
/// <param name="storage">Where the segments are.</param>
/// <param name="engine">What recorded; each file's comment says its name.</param>
/// <param name="reader">Says whether a recording should be in storage still.</param>
/// <param name="metrics">Counts those that are not.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">Tells of them.</param>
/// <param name="maxPartBytes">The size of a part, at most.</param>
public sealed class RecordingParts(
    IRecordingStorage storage,
    IMediaEngine engine,
    AggregateReader reader,
    RecordingMetrics metrics,
    TimeProvider clock,
    ILogger<RecordingParts> logger,
    long maxPartBytes = RecordingAssembler.MaxPartBytes)
{
    /// <summary>Names a part to the CRM, the same on every attempt.</summary>
    public static string ExternalId(Guid recordingId, RecordingPart part) =>
        DerivedId.Of(recordingId, $"part-{part.Number}-of-{part.Count}").ToString("D");

    /// <summary>The parts; the same on every attempt, since segments never change.</summary>
    /// <exception cref="RecordingCorruptException">Storage does not have it as it was written.</exception>
    public Task<IReadOnlyList<RecordingPart>> PlanAsync(Recording recording, CancellationToken cancellationToken) => ReadAsync(
        recording,
        async () =>
        {
            var segments = await OpenSegmentsAsync(recording, cancellationToken);
            var lengths = segments.ConvertAll(s => s.Length);
            foreach (var segment in segments)
                await segment.DisposeAsync();
            return RecordingAssembler.Plan($"Call recording {recording.SessionId:D}", lengths, maxPartBytes, engine.Name);
        },
        cancellationToken);

    /// <summary>A part as the CRM takes it.</summary>
    /// <exception cref="RecordingCorruptException">Storage does not have it as it was written.</exception>
    public Task<CrmFile> FileAsync(Recording recording, RecordingPart part, string externalId, CancellationToken cancellationToken) => ReadAsync(
        recording,
        async () =>
        {
            await using var bytes = await OpenAsync(recording, part, cancellationToken);
            var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
            return new CrmFile(externalId, part.Name, "audio/wav", part.WavBytes, sha256, ct => ReadAsync(recording, () => OpenAsync(recording, part, ct), ct));
        },
        cancellationToken);

    /// <summary>
    /// All of it, to be heard once that is in the log (REC-10, REC-12): opened, and what is asked for verified, before it is
    /// written, so that nothing is told, and no grant spent, of audio that storage cannot give, and given after.
    /// </summary>
    /// <param name="recording">Which.</param>
    /// <param name="asked">What of it is to be given.</param>
    /// <param name="write">Has the log take that it is heard.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<PlayedRecording>> PlayAsync(Recording recording, AudioRange asked, Func<Task<Result<Receipt>>> write, CancellationToken cancellationToken)
    {
        var opened = await OpenWholeAsync(recording, asked, cancellationToken);
        if (!opened.IsOk)
            return opened;
        var isWritten = false;
        try
        {
            var written = await write();
            if (!written.IsOk)
                return written.Error;
            isWritten = true;
            return opened;
        }
        finally
        {
            if (!isWritten)
                await opened.Value.Content.DisposeAsync();
        }
    }

    private async Task<Result<PlayedRecording>> OpenWholeAsync(Recording recording, AudioRange asked, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(recording, () => OpenVerifiedAsync(recording, asked, cancellationToken), cancellationToken);
        }
        catch (FileNotFoundException)
        {
            return new NotFoundError("recording.not_found", "The recording is gone from here.");
        }
        catch (RecordingCorruptException)
        {
            return new ConflictError("recording.corrupt", "The recording in storage is not as it was written; none of it is given out.");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return new UnavailableError("recording.storage_unavailable", "The recording's storage does not answer. Try again soon.");
        }
    }

    private async Task<PlayedRecording> OpenVerifiedAsync(Recording recording, AudioRange asked, CancellationToken cancellationToken)
    {
        var segments = await OpenSegmentsAsync(recording, cancellationToken);
        var part = RecordingAssembler.Plan($"Call recording {recording.SessionId:D}", segments.ConvertAll(s => s.Length), long.MaxValue, engine.Name)[0];
        var content = RecordingAssembler.Open(part, segments);
        try
        {
            await asked.VerifyAsync(content, cancellationToken);
            return new PlayedRecording(part.Name, content, recording.Id.ToString("N"), recording.StoppedAt ?? recording.StartedAt);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads; what is missing or damaged though nothing destroys it is told.</summary>
    private async Task<T> ReadAsync<T>(Recording recording, Func<Task<T>> read, CancellationToken cancellationToken)
    {
        RecordingCorruptException unreadable;
        try
        {
            return await read();
        }
        catch (RecordingKeyMissingException missing)
        {
            unreadable = new RecordingCorruptException("The master key of the recording is missing.", missing);
        }
        catch (Exception gone) when (gone is FileNotFoundException or RecordingCorruptException)
        {
            // A key is overwritten before it is deleted: what is being destroyed looks damaged for a moment.
            if (!await StaysAsync(recording, cancellationToken))
                throw new FileNotFoundException("The recording was purged meanwhile.", gone);
            unreadable = gone as RecordingCorruptException ?? new RecordingCorruptException("A segment or the key of the recording is missing.", gone);
        }

        metrics.FoundUnreadable();
        logger.LogError(unreadable, "Recording {RecordingId} is not in storage as it was written.", recording.Id);
        throw unreadable;
    }

    /// <summary>False if it goes, or may have gone: by an order, to the CRM, or at its limit, which is told after it is destroyed.</summary>
    private async Task<bool> StaysAsync(Recording seen, CancellationToken cancellationToken)
    {
        var now = (await reader.LoadFreshAsync(Aggregates.Recording, seen.Id, cancellationToken)).State;
        return now.Status == seen.Status && !(clock.GetUtcNow() >= now.PurgeBy);
    }

    private async Task<Stream> OpenAsync(Recording recording, RecordingPart part, CancellationToken cancellationToken) =>
        RecordingAssembler.Open(part, await OpenSegmentsAsync(recording, cancellationToken));

    private async Task<List<Stream>> OpenSegmentsAsync(Recording recording, CancellationToken cancellationToken)
    {
        List<Stream> segments = [];
        try
        {
            // A segment without samples was lost or is empty; it may have no object.
            foreach (var (segment, _) in recording.Closed.Where(c => c.Value > 0))
                segments.Add(await storage.OpenAsync(recording.Id, RecordingObjects.Segment(segment), cancellationToken));
            return segments;
        }
        catch
        {
            foreach (var segment in segments)
                await segment.DisposeAsync();
            throw;
        }
    }
}
