using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Api.Hosting;

/// <summary>
/// The four secrets of an installation, 32 random bytes each, one base64 file each, readable by the service's user
/// alone (ADR 0018). Made on first start; whoever loses them loses the recordings and the personal data.
/// </summary>
/// <param name="Recordings">Wrap the data key of each recording, by id (REC-5): <c>recordings.key</c> is <c>1</c>, <c>recordings-2.key</c> is <c>2</c>, and so on.</param>
/// <param name="PersonalData">Wraps the key of each consumer (ADM-4).</param>
/// <param name="Tokens">Signs access tokens.</param>
/// <param name="Identities">Hashes visitor ids and telephone numbers (CON-1).</param>
public sealed record KeyRing(IReadOnlyDictionary<string, byte[]> Recordings, byte[] PersonalData, byte[] Tokens, byte[] Identities)
{
    /// <summary>The master key of recordings that is made on first start.</summary>
    public const string FirstRecordingsKey = "1";

    private const int KeyBytes = 32;
    private const string Prefix = "recordings-";
    private const string Extension = ".key";

    /// <summary>
    /// Hashes requests that carry an <c>Idempotency-Key</c>. Derived, so that nodes which agree on identities agree on
    /// it without another file.
    /// </summary>
    public byte[] Requests => HKDF.Expand(HashAlgorithmName.SHA256, Identities, KeyBytes, "idempotent requests v1"u8.ToArray());

    /// <summary>
    /// What the secrets of CRM keys are derived from. From the file that signs tokens: who has it can be anybody anyway, and
    /// another master key for recordings changes nothing here.
    /// </summary>
    public byte[] CrmKeys => HKDF.Expand(HashAlgorithmName.SHA256, Tokens, KeyBytes, "crm keys v1"u8.ToArray());

    /// <summary>
    /// Reads the keys of a folder; makes the folder and what is missing in it, but a further master key of recordings:
    /// nodes must agree on that one before the first uses it.
    /// </summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="recordingsKey">The master key that new recordings get.</param>
    /// <exception cref="StartupException">A file cannot be read or written, or holds no key.</exception>
    public static KeyRing Open(string folder, string recordingsKey = FirstRecordingsKey)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new KeyRing(RecordingKeys(folder, recordingsKey), Key("personal-data"), Key("tokens"), Key("identities"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The keys folder \"{folder}\" cannot be used: {e.Message}", e);
        }

        byte[] Key(string name) => Read(Path.Combine(folder, name + ".key"));
    }

    /// <summary>The file of a master key of recordings.</summary>
    public static string RecordingsFile(string id) => id == FirstRecordingsKey ? "recordings" + Extension : Prefix + id + Extension;

    private static Dictionary<string, byte[]> RecordingKeys(string folder, string current)
    {
        var keys = Directory.EnumerateFiles(folder, Prefix + "*" + Extension)
            .ToDictionary(path => Path.GetFileName(path)[Prefix.Length..^Extension.Length], Read, StringComparer.Ordinal);
        // Once all is wrapped with a later one, the first may be gone for good.
        var first = Path.Combine(folder, RecordingsFile(FirstRecordingsKey));
        if (current == FirstRecordingsKey || File.Exists(first))
            keys[FirstRecordingsKey] = Read(first);
        return keys.ContainsKey(current)
            ? keys
            : throw new StartupException($"CONTACTCENTER_RECORDINGS_KEY is \"{current}\", and there is no key file \"{RecordingsFile(current)}\" in \"{folder}\".");
    }

    private static byte[] Read(string path)
    {
        if (!File.Exists(path))
            Make(path);
        // A key never takes this much; what does is another file.
        if (new FileInfo(path).Length > 1024)
            throw new StartupException($"The key file \"{path}\" holds no key.");
        Span<byte> key = stackalloc byte[KeyBytes + 1];
        return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var length) && length == KeyBytes
            ? key[..KeyBytes].ToArray()
            : throw new StartupException($"The key file \"{path}\" holds no key: it must be {KeyBytes} bytes in base64.");
    }

    private static void Make(string path)
    {
        var draft = $"{path}.{Environment.ProcessId}.{Convert.ToHexString(RandomNumberGenerator.GetBytes(4))}";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, how))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            // Whole or not at all, and never over a key that another node made first.
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }

    /// <summary>Never the keys, so that they cannot slip into a log line.</summary>
    public override string ToString() => nameof(KeyRing);
}
