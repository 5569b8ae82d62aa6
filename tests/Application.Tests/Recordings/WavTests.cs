using System.Buffers.Binary;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Application.Tests.Recordings;

public sealed class WavTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("simulated")]
    [InlineData("simulated!")]
    public void What_is_written_is_read_back(string? comment)
    {
        short[] samples = [0, 1, -1, short.MaxValue, short.MinValue, 77];

        var audio = WavReader.Read(Wav(samples, comment));

        audio.SampleRate.ShouldBe(8000);
        audio.Samples.ShouldBe(samples);
        audio.Comment.ShouldBe(comment);
    }

    [Fact]
    public void The_header_is_the_canonical_44_bytes_of_mono_PCM16_at_8_kHz()
    {
        var header = WavHeader.Create(16_000);

        Convert.ToHexString(header).ShouldBe(
            "52494646A43E000057415645" + "666D7420100000000100010040" + "1F0000803E000002001000" + "64617461803E0000");
    }

    [Fact]
    public void Half_a_sample_and_more_than_32_bits_can_count_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => WavHeader.Create(3));
        Should.Throw<ArgumentOutOfRangeException>(() => WavHeader.Create(-2));
        Should.Throw<ArgumentOutOfRangeException>(() => WavHeader.Create(WavHeader.MaxPcmBytes + 2));
    }

    [Fact]
    public void Other_rates_widths_and_channels_are_read_as_one_channel_of_16_bits()
    {
        WavReader.Read(Foreign(1, 1, 8, [0, 128, 255])).Samples.ShouldBe([-32768, 0, 32512]);
        WavReader.Read(Foreign(1, 2, 16, [100, 0, 200, 0, 0, 0, 50, 0])).Samples.ShouldBe([150, 25]);
        WavReader.Read(Foreign(1, 1, 24, [0xFF, 0x00, 0x01, 0x00, 0x00, 0x80])).Samples.ShouldBe([257, -32768]);
        WavReader.Read(Foreign(1, 1, 32, [0, 0, 0x34, 0x12])).Samples.ShouldBe([0x1234]);
        WavReader.Read(Foreign(3, 1, 32, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(-9f)])).Samples
            .ShouldBe([short.MaxValue, short.MinValue]);
        WavReader.Read(Foreign(1, 1, 16, [1, 0])).SampleRate.ShouldBe(44_100);
    }

    [Fact]
    public void A_file_from_a_pipe_without_sizes_is_read_to_its_end()
    {
        var bytes = Wav([1, 2, 3], null).ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(40), uint.MaxValue);

        WavReader.Read(new MemoryStream(bytes)).Samples.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void What_is_no_readable_WAV_file_is_refused_as_such()
    {
        var whole = Wav([1, 2, 3], "a comment").ToArray();
        // Every length up to where the samples begin is either not a WAV file or cut off.
        for (var length = 0; length < whole.Length - 6; length++)
            Should.Throw<InvalidDataException>(() => WavReader.Read(new MemoryStream(whole, 0, length)));

        Should.Throw<InvalidDataException>(() => WavReader.Read(Foreign(85, 1, 16, [1, 0])));
        Should.Throw<InvalidDataException>(() => WavReader.Read(Foreign(1, 0, 16, [1, 0])));
        Should.Throw<InvalidDataException>(() => WavReader.Read(Wav(new short[100], null), maxBytes: 100));
    }

    private static MemoryStream Wav(short[] samples, string? comment)
    {
        var wav = new MemoryStream();
        wav.Write(WavHeader.Create(samples.Length * 2, comment));
        foreach (var sample in samples)
            wav.Write(BitConverter.GetBytes(sample));
        wav.Position = 0;
        return wav;
    }

    private static MemoryStream Foreign(ushort code, short channels, short bits, byte[] data)
    {
        var wav = new MemoryStream();
        using var writer = new BinaryWriter(wav, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write("RIFF\0\0\0\0WAVEjunk"u8);
        writer.Write(3);
        writer.Write("odd\0fmt "u8);
        writer.Write(40);
        writer.Write((ushort)0xFFFE);
        writer.Write(channels);
        writer.Write(44_100);
        writer.Write(44_100 * channels * bits / 8);
        writer.Write((short)(channels * bits / 8));
        writer.Write(bits);
        writer.Write(new byte[8]);
        writer.Write(code);
        writer.Write(new byte[14]);
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        wav.Position = 0;
        return wav;
    }
}
