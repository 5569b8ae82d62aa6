using System.Buffers.Binary;
using System.Security.Cryptography;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>What bytes that are said to be a recording really are.</summary>
/// <param name="Format">How they are encoded.</param>
/// <param name="DurationSeconds">How long they play.</param>
public sealed record AudioContent(AudioFormat Format, double DurationSeconds)
{
    /// <summary>The most bytes that are taken: 5 MiB, five minutes of uncompressed telephone audio.</summary>
    public const int MaxBytes = 5 << 20;

    private const int Pcm = 1;
    private const int Extensible = 0xFFFE;
    private static readonly int[] Mpeg1Rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly int[] Mpeg2Rates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] SampleRates = [44_100, 48_000, 32_000];

    /// <summary>Reads all of it; null if it is neither a WAV file with PCM samples nor an MP3 file, or is cut off.</summary>
    public static AudioContent? Of(ReadOnlySpan<byte> content) => OfWav(content) ?? OfMp3(content);

    /// <summary>The id of a recording: a version 8 UUID (RFC 9562) from the SHA-256 of its bytes.</summary>
    public static Guid IdOf(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(content, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private static AudioContent? OfWav(ReadOnlySpan<byte> content)
    {
        if (content.Length < 12 || !content[..4].SequenceEqual("RIFF"u8) || !content[8..12].SequenceEqual("WAVE"u8))
            return null;
        var bytesPerSecond = 0;
        for (var at = 12; at + 8 <= content.Length;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(content[(at + 4)..]);
            if (size > content.Length - at - 8)
                return null;
            var body = content.Slice(at + 8, (int)size);
            if (content.Slice(at, 4).SequenceEqual("fmt "u8))
                bytesPerSecond = BytesPerSecond(body);
            else if (content.Slice(at, 4).SequenceEqual("data"u8))
                return bytesPerSecond > 0 && body.Length > 0 ? new AudioContent(AudioFormat.Wav, (double)body.Length / bytesPerSecond) : null;
            at += 8 + body.Length + (body.Length % 2);
        }

        return null;
    }

    // 0 for samples that are not plain PCM.
    private static int BytesPerSecond(ReadOnlySpan<byte> format)
    {
        if (format.Length < 16)
            return 0;
        int code = BinaryPrimitives.ReadUInt16LittleEndian(format);
        if (code == Extensible && format.Length >= 26)
            code = BinaryPrimitives.ReadUInt16LittleEndian(format[24..]);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(format[2..]);
        var rate = BinaryPrimitives.ReadInt32LittleEndian(format[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(format[14..]);
        return code == Pcm && channels is 1 or 2 && rate is >= 8_000 and <= 96_000 && bits is 8 or 16 or 24 or 32 ? rate * channels * bits / 8 : 0;
    }

    private static AudioContent? OfMp3(ReadOnlySpan<byte> content)
    {
        var at = AfterId3(content);
        var seconds = 0.0;
        while (at < content.Length && !IsTag(content[at..]))
        {
            if (Frame(content[at..]) is not { } frame || at + frame.Length > content.Length)
                return null;
            seconds += frame.Seconds;
            at += frame.Length;
        }

        return seconds > 0 ? new AudioContent(AudioFormat.Mp3, seconds) : null;
    }

    private static int AfterId3(ReadOnlySpan<byte> content)
    {
        if (content.Length < 10 || !content[..3].SequenceEqual("ID3"u8))
            return 0;
        // Seven bits a byte, so that a tag never looks like a frame.
        var size = (content[6] << 21) | (content[7] << 14) | (content[8] << 7) | content[9];
        return Math.Min(content.Length, 10 + size + ((content[5] & 0x10) != 0 ? 10 : 0));
    }

    private static bool IsTag(ReadOnlySpan<byte> rest) => (rest.Length == 128 && rest.StartsWith("TAG"u8)) || rest.StartsWith("APETAGEX"u8);

    private static (int Length, double Seconds)? Frame(ReadOnlySpan<byte> at)
    {
        if (at.Length < 4 || at[0] != 0xFF || (at[1] & 0xE0) != 0xE0)
            return null;
        var (version, layer) = ((at[1] >> 3) & 3, (at[1] >> 1) & 3);
        var (bitRate, sampleRate) = (at[2] >> 4, (at[2] >> 2) & 3);
        if (version == 1 || layer != 1 || bitRate is 0 or 15 || sampleRate == 3)
            return null;
        var isFirst = version == 3;
        var hertz = SampleRates[sampleRate] / (isFirst ? 1 : version == 2 ? 2 : 4);
        var samples = isFirst ? 1152 : 576;
        var bits = (isFirst ? Mpeg1Rates : Mpeg2Rates)[bitRate - 1] * 1000;
        return ((samples / 8 * bits / hertz) + ((at[2] >> 1) & 1), (double)samples / hertz);
    }
}
