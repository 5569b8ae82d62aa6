using System.Buffers.Binary;
using System.Text;

namespace ContactCenter.Application.Recordings;

/// <summary>What a WAV file holds, its channels averaged into one.</summary>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">One channel, 16 bit.</param>
/// <param name="Comment">Its LIST/INFO comment, if any.</param>
public sealed record WavAudio(int SampleRate, short[] Samples, string? Comment);

/// <summary>
/// Reads WAV files whoever made them: integer PCM of 8, 16, 24 or 32 bits and 32-bit float, any rate, any number of
/// channels, plain or extensible, also those a pipe left without sizes.
/// </summary>
public static class WavReader
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;

    private sealed record Format(int Code, int Channels, int Rate, int Bits)
    {
        public int SampleBytes => Bits / 8;
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="wav">The file.</param>
    /// <param name="maxBytes">Samples beyond this many bytes are refused.</param>
    /// <exception cref="InvalidDataException">It is no WAV file, is too long, or is of a kind not listed above.</exception>
    public static WavAudio Read(Stream wav, int maxBytes = 256_000_000)
    {
        Span<byte> head = stackalloc byte[12];
        if (wav.ReadAtLeast(head, 12, throwOnEndOfStream: false) < 12
            || !head[..4].SequenceEqual("RIFF"u8) || !head[8..].SequenceEqual("WAVE"u8))
            throw new InvalidDataException("Not a WAV file.");
        Format? format = null;
        string? comment = null;
        while (wav.ReadAtLeast(head[..8], 8, throwOnEndOfStream: false) == 8)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            if (head[..4].SequenceEqual("data"u8))
            {
                if (format is not { } known)
                    throw new InvalidDataException("The WAV file says nothing about its samples before they begin.");
                return new WavAudio(known.Rate, Mono(Body(wav, size, maxBytes, exact: false), known), comment);
            }

            var body = Body(wav, size, maxBytes, exact: true);
            if (head[..4].SequenceEqual("fmt "u8))
                format = ReadFormat(body);
            else if (head[..4].SequenceEqual("LIST"u8))
                comment = ReadComment(body) ?? comment;
            if (size % 2 == 1)
                wav.ReadByte();
        }

        throw new InvalidDataException("The WAV file has no samples.");
    }

    private static byte[] Body(Stream wav, uint size, int maxBytes, bool exact)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        // Read what is there rather than allocate what the header claims: the size may be a lie or unknown.
        while (body.Length < size)
        {
            var read = wav.Read(buffer, 0, (int)Math.Min(buffer.Length, size - body.Length));
            if (read == 0 && exact)
                throw new InvalidDataException("The WAV file is cut off.");
            if (read == 0)
                break;
            body.Write(buffer, 0, read);
            if (body.Length > maxBytes)
                throw new InvalidDataException($"The WAV file is longer than {maxBytes} bytes.");
        }

        return body.ToArray();
    }

    private static Format ReadFormat(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16)
            throw new InvalidDataException("The WAV file's format is cut off.");
        int code = BinaryPrimitives.ReadUInt16LittleEndian(body);
        if (code == Extensible && body.Length >= 26)
            code = BinaryPrimitives.ReadUInt16LittleEndian(body[24..]);
        var format = new Format(
            code,
            BinaryPrimitives.ReadUInt16LittleEndian(body[2..]),
            BinaryPrimitives.ReadInt32LittleEndian(body[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(body[14..]));
        var readable = format is { Code: Pcm, Bits: 8 or 16 or 24 or 32 } or { Code: Float, Bits: 32 };
        if (!readable || format.Channels is < 1 or > 64 || format.Rate is < 1000 or > 768_000)
            throw new InvalidDataException($"WAV audio of kind {code} with {format.Bits} bits, {format.Channels} channels "
                + $"and {format.Rate} Hz cannot be read; PCM of 8, 16, 24 or 32 bits and 32-bit float can.");
        return format;
    }

    private static short[] Mono(ReadOnlySpan<byte> data, Format format)
    {
        var step = format.SampleBytes * format.Channels;
        var samples = new short[data.Length / step];
        for (var i = 0; i < samples.Length; i++)
        {
            var sum = 0.0;
            for (var channel = 0; channel < format.Channels; channel++)
                sum += Sample(data[((i * step) + (channel * format.SampleBytes))..], format);
            samples[i] = (short)Math.Clamp(Math.Round(sum / format.Channels), short.MinValue, short.MaxValue);
        }

        return samples;
    }

    private static double Sample(ReadOnlySpan<byte> at, Format format) => format switch
    {
        { Code: Float } => BinaryPrimitives.ReadSingleLittleEndian(at) is var value && float.IsFinite(value) ? value * 32767.0 : 0,
        { Bits: 8 } => (at[0] - 128) * 256.0,
        { Bits: 16 } => BinaryPrimitives.ReadInt16LittleEndian(at),
        { Bits: 24 } => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 65536.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 65536.0,
    };

    private static string? ReadComment(ReadOnlySpan<byte> list)
    {
        if (list.Length < 4 || !list[..4].SequenceEqual("INFO"u8))
            return null;
        for (var at = 4; at + 8 <= list.Length;)
        {
            var size = BinaryPrimitives.ReadUInt32LittleEndian(list[(at + 4)..]);
            if (size > list.Length - at - 8)
                return null;
            if (list.Slice(at, 4).SequenceEqual("ICMT"u8))
                return Encoding.UTF8.GetString(list.Slice(at + 8, (int)size)).TrimEnd('\0');
            at += 8 + (int)size + (int)(size % 2);
        }

        return null;
    }
}
