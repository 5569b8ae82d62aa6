using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ContactCenter.Domain.Sessions;

/// <summary>What is kept of a message to tell a repeat of it from another one with its id. Only ever in memory.</summary>
/// <param name="AuthorId">The consumer's or the user's id.</param>
/// <param name="Text">The first eight bytes of the text's SHA-256, or null if it was forgotten.</param>
public readonly record struct MessageMark(Guid AuthorId, long? Text)
{
    /// <summary>The mark of a message that was sent.</summary>
    public static MessageMark Of(MessageSent sent) => new(sent.AuthorId, sent.Text.Value is { } text ? Hash(text) : null);

    /// <summary>True if this author sent this text; a forgotten text equals any.</summary>
    public bool IsOf(Guid authorId, string text) => AuthorId == authorId && (Text is null || Text == Hash(text));

    private static long Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }
}
