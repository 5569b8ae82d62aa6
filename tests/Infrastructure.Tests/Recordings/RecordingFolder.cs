using System.Security.Cryptography;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Recordings;

namespace ContactCenter.Infrastructure.Tests.Recordings;

/// <summary>A throw-away storage directory, with ways to look at it as whoever steals the disk would.</summary>
internal sealed class RecordingFolder : IDisposable
{
    public const int Chunk = PhoneAudio.BytesPerSecond;
    public const int Header = 40;
    public const int Sealed = Chunk + 16;

    public RecordingFolder() => Storage = Open();

    public string Root { get; } = Directory.CreateTempSubdirectory("recordings-").FullName;

    public EncryptedRecordingStorage Storage { get; }

    public static Dictionary<string, byte[]> Keys { get; } = new()
    {
        ["first"] = RandomNumberGenerator.GetBytes(32),
        ["second"] = RandomNumberGenerator.GetBytes(32),
    };

    public EncryptedRecordingStorage Open(
        RecordingRegion region = RecordingRegion.Eea, string masterKey = "first", Dictionary<string, byte[]>? keys = null) =>
        new(Root, region, new MasterKeys(masterKey, keys ?? Keys));

    public static byte[] Audio(int bytes, int seed = 1)
    {
        var audio = new byte[bytes];
        new Random(seed).NextBytes(audio);
        return audio;
    }

    public Task WriteAsync(Guid recording, string name, byte[] audio, int step = 320) => WriteAsync(Storage, recording, name, audio, step);

    public static async Task WriteAsync(IRecordingStorage storage, Guid recording, string name, byte[] audio, int step = 320)
    {
        await using var writer = await storage.CreateAsync(recording, name, default);
        for (var at = 0; at < audio.Length; at += step)
            await writer.WriteAsync(audio.AsMemory(at, Math.Min(step, audio.Length - at)), default);
        await writer.CompleteAsync(default);
    }

    public Task<byte[]> ReadAsync(Guid recording, string name) => ReadAsync(Storage, recording, name);

    public static async Task<byte[]> ReadAsync(IRecordingStorage storage, Guid recording, string name)
    {
        await using var stream = await storage.OpenAsync(recording, name, default);
        var all = new MemoryStream();
        await stream.CopyToAsync(all);
        all.Length.ShouldBe(stream.Length);
        return all.ToArray();
    }

    /// <summary>What a reader gets before the storage refuses to go on; null if it never does.</summary>
    public Task<byte[]?> ReadUntilCorruptAsync(Guid recording, string name) => ReadUntilCorruptAsync(Storage, recording, name);

    /// <inheritdoc cref="ReadUntilCorruptAsync(Guid, string)"/>
    public static async Task<byte[]?> ReadUntilCorruptAsync(IRecordingStorage storage, Guid recording, string name)
    {
        var given = new MemoryStream();
        try
        {
            await using var stream = await storage.OpenAsync(recording, name, default);
            await stream.CopyToAsync(given, bufferSize: 999);
            return null;
        }
        catch (RecordingCorruptException)
        {
            return given.ToArray();
        }
    }

    public string DirectoryOf(Guid recording) => Path.Combine(Root, "eea", recording.ToString());

    public string FileOf(Guid recording, string name) => Path.Combine(DirectoryOf(recording), name + ".enc");

    public string[] Files() => [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Order()];

    /// <summary>How many objects being written are larger than this on disk.</summary>
    public int Drafts(long largerThan) => Directory.EnumerateFiles(Root, "*.partial", SearchOption.AllDirectories)
        .Count(file => new FileInfo(file).Length > largerThan);

    public void Dispose()
    {
        Storage.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
