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
        {
            var dataKey = RandomNumberGenerator.GetBytes(DataKeyBytes);
            Write(directory, masterKeys.Wrap(dataKey, Context(recordingId)), overwrite: false);
            CryptographicOperations.ZeroMemory(dataKey);
        }

        return Open(directory, recordingId);
    }

    /// <summary>The recording's data key.</summary>
    /// <exception cref="FileNotFoundException">There is none: never was, or it is destroyed.</exception>
    /// <exception cref="RecordingCorruptException">It does not verify.</exception>
    public byte[] Open(string directory, Guid recordingId) => masterKeys.Unwrap(Read(directory), Context(recordingId));

    /// <summary>True if there is a key; without it nothing of the recording can be read any more.</summary>
    public static bool Exists(string directory) => File.Exists(KeyFile(directory));

    /// <summary>Wraps the key with the current master key; false if it is already.</summary>
    public bool Rewrap(string directory, Guid recordingId)
    {
        var wrapped = Read(directory);
        if (wrapped.MasterKeyId == masterKeys.CurrentId)
            return false;
        var dataKey = masterKeys.Unwrap(wrapped, Context(recordingId));
        Write(directory, masterKeys.Wrap(dataKey, Context(recordingId)), overwrite: true);
        CryptographicOperations.ZeroMemory(dataKey);
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

    private static string KeyFile(string directory) => Path.Combine(directory, "key");

    private static WrappedKey Read(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<WrappedKey>(File.ReadAllBytes(KeyFile(directory)))
                is { MasterKeyId: not null, Nonce: not null, Sealed: not null } wrapped
                ? wrapped
                : throw new RecordingCorruptException("The recording's key is damaged.");
        }
        catch (JsonException)
        {
            throw new RecordingCorruptException("The recording's key is damaged.");
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException("There is no such recording.", e);
        }
    }

    private static void Write(string directory, WrappedKey wrapped, bool overwrite) =>
        DurableFiles.Put(KeyFile(directory), JsonSerializer.SerializeToUtf8Bytes(wrapped), overwrite);
}
