using System.Security.Cryptography;
using ContactCenter.Application.Crm;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Application.Recordings;

/// <summary>Makes the files that go to the CRM out of a recording's segments, never whole in memory (REC-7).</summary>
/// <param name="storage">Where the segments are.</param>
/// <param name="engine">What recorded; each file's comment says its name.</param>
/// <param name="maxPartBytes">The size of a part, at most.</param>
public sealed class RecordingParts(IRecordingStorage storage, IMediaEngine engine, long maxPartBytes = RecordingAssembler.MaxPartBytes)
{
    /// <summary>Names a part to the CRM, the same on every attempt.</summary>
    public static string ExternalId(Guid recordingId, RecordingPart part) =>
        DerivedId.Of(recordingId, $"part-{part.Number}-of-{part.Count}").ToString("D");

    /// <summary>The parts; the same on every attempt, since segments never change.</summary>
    public async Task<IReadOnlyList<RecordingPart>> PlanAsync(Recording recording, CancellationToken cancellationToken)
    {
        var segments = await OpenSegmentsAsync(recording, cancellationToken);
        var lengths = segments.ConvertAll(s => s.Length);
        foreach (var segment in segments)
            await segment.DisposeAsync();
        return RecordingAssembler.Plan($"Call recording {recording.SessionId:D}", lengths, maxPartBytes, engine.Name);
    }

    /// <summary>A part as the CRM takes it.</summary>
    public async Task<CrmFile> FileAsync(Recording recording, RecordingPart part, string externalId, CancellationToken cancellationToken)
    {
        await using var bytes = await OpenAsync(recording, part, cancellationToken);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes, cancellationToken));
        return new CrmFile(externalId, part.Name, "audio/wav", part.WavBytes, sha256, ct => OpenAsync(recording, part, ct));
    }

    /// <summary>
    /// All of it, to be heard once that is in the log (REC-10, REC-12): opened before it is written, so that nothing is told,
    /// and no grant spent, of audio that storage cannot give, and given after.
    /// </summary>
    /// <param name="recording">Which.</param>
    /// <param name="write">Has the log take that it is heard.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<PlayedRecording>> PlayAsync(Recording recording, Func<Task<Result<Receipt>>> write, CancellationToken cancellationToken)
    {
        var opened = await OpenWholeAsync(recording, cancellationToken);
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

    private async Task<Result<PlayedRecording>> OpenWholeAsync(Recording recording, CancellationToken cancellationToken)
    {
        try
        {
            var segments = await OpenSegmentsAsync(recording, cancellationToken);
            var part = RecordingAssembler.Plan($"Call recording {recording.SessionId:D}", segments.ConvertAll(s => s.Length), long.MaxValue, engine.Name)[0];
            return new PlayedRecording(part.Name, RecordingAssembler.Open(part, segments), recording.Id.ToString("N"), recording.StoppedAt ?? recording.StartedAt);
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
