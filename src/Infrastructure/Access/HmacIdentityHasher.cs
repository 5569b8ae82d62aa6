using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Consumers;

namespace ContactCenter.Infrastructure.Access;

/// <summary>
/// HMAC-SHA256 under a key from configuration, the same on every node and for ever: with another key every visitor is new
/// and no login is known.
/// </summary>
/// <param name="key">At least 32 secret bytes.</param>
public sealed class HmacIdentityHasher(byte[] key) : IIdentityHasher
{
    private const int MinKeyBytes = 32;
    private readonly byte[] key = key.Length >= MinKeyBytes
        ? key
        : throw new ArgumentException($"The identity key has {key.Length} bytes; it needs at least {MinKeyBytes}.", nameof(key));

    /// <inheritdoc/>
    public Guid Hash(string purpose, string text)
    {
        // The zero keeps purpose and text apart: no purpose holds one.
        var hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\0{text}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
