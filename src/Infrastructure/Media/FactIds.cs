using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ContactCenter.Infrastructure.Media;

/// <summary>
/// Ids of media facts made from what the fact is about, so that a fact told again, even after a crash by a process
/// that does not know it was told, is the same fact.
/// </summary>
internal static class FactIds
{
    /// <summary>The id of a kind of fact about a leg, prompt, call or (with its number) a recording's segment.</summary>
    public static Guid Of(string kind, Guid subject, int number = 0)
    {
        Span<byte> input = stackalloc byte[20];
        subject.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], number);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData([.. Encoding.UTF8.GetBytes(kind), .. input], hash);
        // RFC 9562, version 8: made of what its maker chose.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
