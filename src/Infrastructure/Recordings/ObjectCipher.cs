using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>
/// The form of one encrypted object (ADR 0009): a header with a random salt, then chunks of one second of audio, each
/// sealed with AES-256-GCM. The key is derived from the recording's data key, the salt and everything the object is
/// (region, recording, name, chunk size), so a chunk of anything else does not open, and counting nonces never
/// repeat. The nonce is the chunk's place and whether it is the last; the last chunk is always shorter than the
/// others, possibly empty, so there is one way to write a length and no way to cut or extend it.
/// </summary>
internal sealed class ObjectCipher : IDisposable
{
    /// <summary>Bytes of the tag that ends each chunk.</summary>
    public const int TagBytes = 16;

    /// <summary>Bytes before the first chunk: magic, chunk size, salt.</summary>
    public const int HeaderBytes = 4 + 4 + SaltBytes;

    /// <summary>One second of audio: a crash loses no more, and what is left ends between two frames.</summary>
    private const int DefaultChunkBytes = PhoneAudio.BytesPerSecond;
    private const int MaxChunkBytes = 1 << 20;
    private const int SaltBytes = 32;
    private readonly AesGcm _aes;

    private ObjectCipher(byte[] header, ReadOnlySpan<byte> dataKey, string context)
    {
        Header = header;
        ChunkBytes = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4));
        Span<byte> key = stackalloc byte[32];
        var info = Encoding.UTF8.GetBytes($"recording object v1\0{context}\0{ChunkBytes}");
        HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, key, header.AsSpan(8), info);
        _aes = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
    }

    private static ReadOnlySpan<byte> Magic => "CCR1"u8;

    public byte[] Header { get; }

    public int ChunkBytes { get; }

    public int SealedChunkBytes => ChunkBytes + TagBytes;

    public static ObjectCipher ForNew(ReadOnlySpan<byte> dataKey, string context)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), DefaultChunkBytes);
        RandomNumberGenerator.Fill(header.AsSpan(8));
        return new ObjectCipher(header, dataKey, context);
    }

    /// <exception cref="RecordingCorruptException">The header is none.</exception>
    public static ObjectCipher ForExisting(byte[] header, ReadOnlySpan<byte> dataKey, string context)
    {
        if (header.Length != HeaderBytes || !header.AsSpan(0, 4).SequenceEqual(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)) is < 1 or > MaxChunkBytes)
            throw new RecordingCorruptException("The object's header is damaged.");
        return new ObjectCipher(header, dataKey, context);
    }

    /// <summary>Where a chunk begins in the file.</summary>
    public long Offset(long index) => HeaderBytes + (index * SealedChunkBytes);

    public void Seal(long index, bool last, ReadOnlySpan<byte> plain, Span<byte> sealedChunk)
    {
        Span<byte> nonce = stackalloc byte[12];
        Place(nonce, index, last);
        _aes.Encrypt(nonce, plain, sealedChunk[..plain.Length], sealedChunk[plain.Length..]);
    }

    /// <summary>Opens a chunk; on failure nothing of it is left in <paramref name="plain"/>.</summary>
    public bool TryOpen(long index, bool last, ReadOnlySpan<byte> sealedChunk, Span<byte> plain)
    {
        if (sealedChunk.Length < TagBytes)
            return false;
        Span<byte> nonce = stackalloc byte[12];
        Place(nonce, index, last);
        try
        {
            _aes.Decrypt(nonce, sealedChunk[..^TagBytes], sealedChunk[^TagBytes..], plain[..(sealedChunk.Length - TagBytes)]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _aes.Dispose();

    private static void Place(Span<byte> nonce, long index, bool last)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce, index);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
