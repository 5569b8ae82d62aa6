using System.Security.Cryptography;

namespace ContactCenter.Application.Recordings;

/// <summary>What storage has of a segment, whatever became of whoever wrote it.</summary>
public static class StoredAudio
{
    private const int SampleBytes = 2;

    /// <summary>
    /// Its length and the hash of its plain bytes, after what a crash left incomplete is completed. Nothing stored is no
    /// samples and no hash; so is what is not as it was written, for none of it can be given out.
    /// </summary>
    public static async Task<(long Samples, string Sha256)> MeasureAsync(
        IRecordingStorage storage, Guid recordingId, int segment, CancellationToken cancellationToken)
    {
        try
        {
            await RecoverAsync(storage, recordingId, cancellationToken);
            await using var pcm = await storage.OpenAsync(recordingId, RecordingObjects.Segment(segment), cancellationToken);
            return (pcm.Length / SampleBytes, Convert.ToHexStringLower(await SHA256.HashDataAsync(pcm, cancellationToken)));
        }
        catch (Exception e) when (e is FileNotFoundException or RecordingCorruptException)
        {
            return (0, string.Empty);
        }
    }

    private static async Task RecoverAsync(IRecordingStorage storage, Guid recordingId, CancellationToken cancellationToken)
    {
        try
        {
            await storage.RecoverAsync(recordingId, cancellationToken);
        }
        catch (RecordingCorruptException)
        {
            // Another object's damage is no reason to give this one up.
        }
    }
}
