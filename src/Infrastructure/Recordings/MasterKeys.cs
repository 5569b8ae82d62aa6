using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Configuration;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>A data key that only a master key opens.</summary>
/// <param name="MasterKeyId">Which master key.</param>
/// <param name="Nonce">12 bytes, random.</param>
/// <param name="Sealed">The encrypted key and its 16-byte tag.</param>
public sealed record WrappedKey(string MasterKeyId, byte[] Nonce, byte[] Sealed);

/// <summary>The keys that wrap each recording's own (REC-5). A key service would be another implementation.</summary>
public interface IMasterKeys
{
    /// <summary>The master key new data keys are wrapped with.</summary>
    string CurrentId { get; }

    /// <summary>Wraps a data key with the current master key, bound to a context.</summary>
    WrappedKey Wrap(ReadOnlySpan<byte> dataKey, string context);

    /// <summary>Opens a data key.</summary>
    /// <exception cref="RecordingCorruptException">Altered, of another context, or not wrapped with this master key.</exception>
    /// <exception cref="RecordingKeyMissingException">The master key is not at hand.</exception>
    byte[] Unwrap(WrappedKey wrapped, string context);
}

/// <summary>
/// Master keys held by this process: 32 bytes each, by id, one of them current. Retired ones stay until every
/// recording is rewrapped (<see cref="EncryptedRecordingStorage.RewrapAsync"/>), then go.
/// </summary>
public sealed class MasterKeys : IMasterKeys
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly Dictionary<string, byte[]> _keys;

    /// <summary>Takes the keys.</summary>
    /// <exception cref="InvalidOperationException">A key is not of 32 bytes, or the current one is missing.</exception>
    public MasterKeys(string currentId, IReadOnlyDictionary<string, byte[]> keys)
    {
        foreach (var (id, key) in keys)
        {
            if (key.Length != KeyBytes)
                throw new InvalidOperationException($"Master key '{id}' must have {KeyBytes} bytes, and has {key.Length}.");
        }

        if (!keys.ContainsKey(currentId))
            throw new InvalidOperationException($"The current master key '{currentId}' is not among those configured.");
        CurrentId = currentId;
        _keys = keys.ToDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string CurrentId { get; }

    /// <summary>
    /// Reads <c>CurrentMasterKey</c> and <c>MasterKeys:{id}</c> of a section; each key is base64, or
    /// <c>file:</c> and the path of a file that holds base64.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something is missing or no key; the message names it, never its value.</exception>
    public static MasterKeys From(IConfiguration section)
    {
        var current = section["CurrentMasterKey"];
        if (string.IsNullOrEmpty(current))
            throw new InvalidOperationException("No CurrentMasterKey is configured for recordings.");
        return new MasterKeys(current, section.GetSection("MasterKeys").GetChildren()
            .ToDictionary(key => key.Key, key => Decode(key.Key, key.Value ?? ""), StringComparer.Ordinal));
    }

    /// <inheritdoc/>
    public WrappedKey Wrap(ReadOnlySpan<byte> dataKey, string context)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var sealedKey = new byte[dataKey.Length + TagBytes];
        using var master = new AesGcm(_keys[CurrentId], TagBytes);
        master.Encrypt(nonce, dataKey, sealedKey.AsSpan(..^TagBytes), sealedKey.AsSpan(^TagBytes..), Bound(context, CurrentId));
        return new WrappedKey(CurrentId, nonce, sealedKey);
    }

    /// <inheritdoc/>
    public byte[] Unwrap(WrappedKey wrapped, string context)
    {
        if (!_keys.TryGetValue(wrapped.MasterKeyId, out var key))
            throw new RecordingKeyMissingException($"Master key '{wrapped.MasterKeyId}' is not configured.");
        if (wrapped.Nonce.Length != NonceBytes || wrapped.Sealed.Length != KeyBytes + TagBytes)
            throw new RecordingCorruptException("The recording's key is cut off.");
        var dataKey = new byte[KeyBytes];
        using var master = new AesGcm(key, TagBytes);
        try
        {
            var bound = Bound(context, wrapped.MasterKeyId);
            master.Decrypt(wrapped.Nonce, wrapped.Sealed.AsSpan(..^TagBytes), wrapped.Sealed.AsSpan(^TagBytes..), dataKey, bound);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new RecordingCorruptException("The recording's key does not open with its master key.");
        }

        return dataKey;
    }

    private static byte[] Bound(string context, string masterKeyId) =>
        Encoding.UTF8.GetBytes($"recording key v1\0{context}\0{masterKeyId}");

    private static byte[] Decode(string id, string value)
    {
        const string file = "file:";
        try
        {
            var text = value.StartsWith(file, StringComparison.Ordinal) ? File.ReadAllText(value[file.Length..]) : value;
            return Convert.FromBase64String(text.Trim());
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"Master key '{id}' is not base64.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The file of master key '{id}' cannot be read: {e.Message}", e);
        }
    }
}
