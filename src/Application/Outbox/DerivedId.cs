using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Application.Outbox;

/// <summary>Ids that follow from another id and a purpose, so that doing a thing again names it the same.</summary>
public static class DerivedId
{
    /// <summary>A version 8 UUID (RFC 9562) from the SHA-256 of both.</summary>
    public static Guid Of(Guid source, string purpose)
    {
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(purpose.Length)];
        source.TryWriteBytes(input, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(purpose, input[16..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input[..length], hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
