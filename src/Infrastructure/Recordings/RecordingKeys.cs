using System.Security.Cryptography;
using System.Text.Json;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>The <c>key</c> file in each recording's directory: its data key, wrapped by a master key.</summary>
internal sealed class RecordingKeys(RecordingRegion region, IMasterKeys masterKeys)
{
    private const int DataKeyBytes = 32;

    /// <summary>The recording's data key, made and durable if there was none.</summary>
    public byte[] OpenOrCreate(string directory, Guid recordingId)
    {
        if (!File.Exists(KeyFile(directory)))
            DurableFiles.Put(KeyFile(directory), Make(recordingId), overwrite: false);
        return Open(directory, recordingId);
    }

    /// <summary>The recording's data key, which was made elsewhere; kept here too, wrapped as it came.</summary>
    /// <exception cref="RecordingCorruptException">There is another key here: the recording was purged elsewhere.</exception>
    public byte[] OpenOrAdopt(string directory, Guid recordingId, byte[] wrapped)
    {
        var dataKey = Open(wrapped, recordingId);
        if (!File.Exists(KeyFile(directory)))
            DurableFiles.Put(KeyFile(directory), wrapped, overwrite: false);
        else if (!CryptographicOperations.FixedTimeEquals(Open(directory, recordingId), dataKey))
            throw new RecordingCorruptException("The recording's key here is another than the one kept for it.");
        return dataKey;
    }

    /// <summary>A new data key, wrapped.</summary>
    public byte[] Make(Guid recordingId)
    {
        var dataKey = RandomNumberGenerator.GetBytes(DataKeyBytes);
        var wrapped = Pack(masterKeys.Wrap(dataKey, Context(recordingId)));
        CryptographicOperations.ZeroMemory(dataKey);
        return wrapped;
    }

    /// <summary>Opens a wrapped data key.</summary>
    /// <exception cref="RecordingCorruptException">It does not verify.</exception>
    public byte[] Open(byte[] wrapped, Guid recordingId) => masterKeys.Unwrap(Unpack(wrapped), Context(recordingId));

    /// <summary>The same data key wrapped with the current master key; null if it is already.</summary>
    public byte[]? Rewrapped(byte[] wrapped, Guid recordingId)
    {
        var packed = Unpack(wrapped);
        if (packed.MasterKeyId == masterKeys.CurrentId)
            return null;
        var dataKey = masterKeys.Unwrap(packed, Context(recordingId));
        var again = Pack(masterKeys.Wrap(dataKey, Context(recordingId)));
        CryptographicOperations.ZeroMemory(dataKey);
        return again;
    }

    /// <summary>The recording's data key.</summary>
    /// <exception cref="FileNotFoundException">There is none: never was, or it is destroyed.</exception>
    /// <exception cref="RecordingCorruptException">It does not verify.</exception>
    public byte[] Open(string directory, Guid recordingId) => Open(Read(directory), recordingId);

    /// <summary>True if there is a key; without it nothing of the recording can be read any more.</summary>
    public static bool Exists(string directory) => File.Exists(KeyFile(directory));

    /// <summary>Wraps the key with the current master key; false if it is already.</summary>
    public bool Rewrap(string directory, Guid recordingId)
    {
        if (Rewrapped(Read(directory), recordingId) is not { } again)
            return false;
        DurableFiles.Put(KeyFile(directory), again, overwrite: true);
        return true;
    }

    /// <summary>Overwrites and deletes the key, durably.</summary>
    public static void Destroy(string directory)
    {
        var path = KeyFile(directory);
        if (!File.Exists(path))
            return;
        using (var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write))
        {
            RandomAccess.Write(file, RandomNumberGenerator.GetBytes((int)RandomAccess.GetLength(file)), 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Delete(path);
        DurableFiles.FlushDirectory(directory);
    }

    /// <summary>What a recording's keys are bound to, so that none serves another recording or region.</summary>
    public string Context(Guid recordingId) => $"{EncryptedRecordingStorage.Folder(region)}\0{recordingId:D}";

    /// <summary>What one object of a recording is bound to.</summary>
    public string Context(Guid recordingId, string name) => $"{Context(recordingId)}\0{name}";

    private static string KeyFile(string directory) => Path.Combine(directory, "key");

    private static byte[] Read(string directory)
    {
        try
        {
            return File.ReadAllBytes(KeyFile(directory));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException("There is no such recording.", e);
        }
    }

    private static byte[] Pack(WrappedKey wrapped) => JsonSerializer.SerializeToUtf8Bytes(wrapped);

    private static WrappedKey Unpack(byte[] wrapped)
    {
        try
        {
            return JsonSerializer.Deserialize<WrappedKey>(wrapped) is { MasterKeyId: not null, Nonce: not null, Sealed: not null } key
                ? key
                : throw new RecordingCorruptException("The recording's key is damaged.");
        }
        catch (JsonException)
        {
            throw new RecordingCorruptException("The recording's key is damaged.");
        }
    }
}
