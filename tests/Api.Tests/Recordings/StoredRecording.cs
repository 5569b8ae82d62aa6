using System.Net;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Api.Tests.Recordings;

/// <summary>What can happen to a recording on its disk; mended when it is disposed.</summary>
internal sealed class StoredRecording : IDisposable
{
    private readonly string file;
    private readonly byte[] bytes;

    private StoredRecording(string file)
    {
        this.file = file;
        bytes = File.ReadAllBytes(file);
    }

    /// <summary>A disk that fails: its key is a link to itself, which nothing can follow.</summary>
    public static StoredRecording Unreadable(TestApi api, Guid recordingId)
    {
        var key = new StoredRecording(Path.Combine(FolderOf(api, recordingId), "key"));
        File.Delete(key.file);
        File.CreateSymbolicLink(key.file, key.file);
        return key;
    }

    /// <summary>A bit of its last segment is another than was written: near the beginning, which nobody looks at before it is read, or at the end.</summary>
    public static StoredRecording Altered(TestApi api, Guid recordingId, bool atEnd = false)
    {
        var segment = new StoredRecording(Directory.GetFiles(FolderOf(api, recordingId), "*.enc").Order(StringComparer.Ordinal).Last());
        var altered = segment.bytes.ToArray();
        altered[atEnd ? ^1 : 100] ^= 1;
        File.WriteAllBytes(segment.file, altered);
        return segment;
    }

    /// <summary>A file of it is gone.</summary>
    public static StoredRecording Without(TestApi api, Guid recordingId, string name)
    {
        var gone = new StoredRecording(Path.Combine(FolderOf(api, recordingId), name));
        File.Delete(gone.file);
        return gone;
    }

    /// <summary>That no trouble lets anything through, and each is told as what it is.</summary>
    public static async Task ShouldBeToldAsync(TestApi api, HttpClient client, string path, Guid recordingId)
    {
        using (Unreadable(api, recordingId))
        {
            using var refused = await client.GetAsync(path);
            await refused.ShouldRefuseAsync(HttpStatusCode.ServiceUnavailable, "recording.storage_unavailable");
            refused.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        }

        var counted = api.Get<RecordingMetrics>().Unreadable;
        foreach (var damage in (Func<StoredRecording>[])[
            () => Altered(api, recordingId), () => Altered(api, recordingId, atEnd: true), () => Without(api, recordingId, "key"), () => Without(api, recordingId, "segment-000001.pcm.enc")])
        {
            using (damage())
                await (await client.GetAsync(path)).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.corrupt");
            // Others may be looked at meanwhile.
            api.Get<RecordingMetrics>().Unreadable.ShouldBeGreaterThan(counted++);
        }
    }

    public void Dispose()
    {
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
    }

    private static string FolderOf(TestApi api, Guid recordingId) =>
        Directory.GetDirectories(api.Recordings, recordingId.ToString(), SearchOption.AllDirectories).Single();
}
