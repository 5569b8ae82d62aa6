using System.Buffers.Binary;
using System.Text;

namespace ContactCenter.Application.Recordings;

/// <summary>The bytes before the samples of a WAV file of <see cref="PhoneAudio"/>.</summary>
public static class WavHeader
{
    private const int FormatBytes = 16;
    private const short Pcm = 1;

    /// <summary>The most PCM a WAV file's 32-bit sizes can count, with room for the header: 74 hours.</summary>
    public const long MaxPcmBytes = uint.MaxValue - 4096;

    /// <summary>Makes the header.</summary>
    /// <param name="pcmBytes">How many bytes of samples follow.</param>
    /// <param name="comment">Kept in the file as its LIST/INFO comment (ICMT); players show it.</param>
    /// <exception cref="ArgumentOutOfRangeException">No whole number of samples, or more than a WAV file can hold.</exception>
    public static byte[] Create(long pcmBytes, string? comment = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pcmBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pcmBytes, MaxPcmBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(pcmBytes % PhoneAudio.SampleBytes, 0, nameof(pcmBytes));
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        var info = Comment(comment);
        var headerBytes = 12 + 8 + FormatBytes + info.Length + 8;
        writer.Write("RIFF"u8);
        writer.Write((uint)(headerBytes - 8 + pcmBytes));
        writer.Write("WAVEfmt "u8);
        writer.Write(FormatBytes);
        writer.Write(Pcm);
        writer.Write((short)1);
        writer.Write(PhoneAudio.SampleRate);
        writer.Write(PhoneAudio.BytesPerSecond);
        writer.Write((short)PhoneAudio.SampleBytes);
        writer.Write((short)(PhoneAudio.SampleBytes * 8));
        writer.Write(info);
        writer.Write("data"u8);
        writer.Write((uint)pcmBytes);
        return bytes.ToArray();
    }

    private static byte[] Comment(string? comment)
    {
        if (string.IsNullOrEmpty(comment))
            return [];
        // The text ends with a zero, and a chunk's body is padded to an even length.
        var text = Encoding.UTF8.GetBytes(comment + "\0");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, 2048, nameof(comment));
        var padded = text.Length + (text.Length % 2);
        var chunk = new byte[8 + 4 + 8 + padded];
        "LIST"u8.CopyTo(chunk);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), 4 + 8 + padded);
        "INFOICMT"u8.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(16), text.Length);
        text.CopyTo(chunk, 20);
        return chunk;
    }
}
