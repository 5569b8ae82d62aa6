using System.Net;

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

    /// <summary>A bit of its first segment is another than was written.</summary>
    public static StoredRecording Altered(TestApi api, Guid recordingId)
    {
        var segment = new StoredRecording(Directory.GetFiles(FolderOf(api, recordingId), "*.enc").Order(StringComparer.Ordinal).First());
        byte[] altered = [.. segment.bytes[..^1], (byte)(segment.bytes[^1] ^ 1)];
        File.WriteAllBytes(segment.file, altered);
        return segment;
    }

    /// <summary>That neither trouble lets anything through, and each is told as what it is.</summary>
    public static async Task ShouldBeToldAsync(TestApi api, HttpClient client, string path, Guid recordingId)
    {
        using (Unreadable(api, recordingId))
        {
            using var refused = await client.GetAsync(path);
            await refused.ShouldRefuseAsync(HttpStatusCode.ServiceUnavailable, "recording.storage_unavailable");
            refused.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        }

        using (Altered(api, recordingId))
            await (await client.GetAsync(path)).ShouldRefuseAsync(HttpStatusCode.Conflict, "recording.corrupt");
    }

    public void Dispose()
    {
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
    }

    private static string FolderOf(TestApi api, Guid recordingId) =>
        Directory.GetDirectories(api.Recordings, recordingId.ToString(), SearchOption.AllDirectories).Single();
}
