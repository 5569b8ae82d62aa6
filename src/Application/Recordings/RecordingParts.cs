using System.Security.Cryptography;
using ContactCenter.Application.Crm;
using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
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

    /// <summary>All of it as one WAV file, whatever its size, read as it is asked for.</summary>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    public async Task<(string Name, Stream Content)> WholeAsync(Recording recording, CancellationToken cancellationToken)
    {
        var segments = await OpenSegmentsAsync(recording, cancellationToken);
        var part = RecordingAssembler.Plan($"Call recording {recording.SessionId:D}", segments.ConvertAll(s => s.Length), long.MaxValue, engine.Name)[0];
        return (part.Name, RecordingAssembler.Open(part, segments));
    }

    /// <summary>All of one that is kept here, to be played (REC-12).</summary>
    public async Task<Result<PlayedRecording>> PlayAsync(Recording recording, CancellationToken cancellationToken)
    {
        try
        {
            var (name, content) = await WholeAsync(recording, cancellationToken);
            return new PlayedRecording(name, content, recording.Id.ToString("N"), recording.StoppedAt ?? recording.StartedAt);
        }
        catch (FileNotFoundException)
        {
            return new Domain.Abstractions.NotFoundError("recording.not_found", "The recording is gone from here.");
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
