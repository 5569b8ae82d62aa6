using ContactCenter.Application.Recordings;

namespace ContactCenter.Application.Tests.Recordings;

public sealed class RecordingAssemblerTests
{
    [Fact]
    public void Segments_are_joined_in_order_into_one_valid_file()
    {
        short[][] segments = [[1, 2, 3], [], [4], [5, 6]];

        var part = Plan(segments).ShouldHaveSingleItem();

        part.Name.ShouldBe("Call 42.wav");
        Read(part, segments).ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void A_recording_without_audio_is_an_empty_file()
    {
        var part = Plan([]).ShouldHaveSingleItem();

        Read(part, []).ShouldBeEmpty();
        part.WavBytes.ShouldBe(44);
    }

    [Fact]
    public void Seventy_megabytes_are_split_into_fifty_and_twenty()
    {
        var parts = RecordingAssembler.Plan("Call 42", [30_000_000, 40_000_000]);

        parts.Select(part => part.Name).ShouldBe(["Call 42 part 1 of 2.wav", "Call 42 part 2 of 2.wav"]);
        parts[0].WavBytes.ShouldBeInRange(50_000_000 - PhoneAudio.FrameBytes, 50_000_000);
        parts.Sum(part => part.PcmBytes).ShouldBe(70_000_000);
        parts[1].PcmOffset.ShouldBe(parts[0].PcmBytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("simulated")]
    public void Parts_together_are_the_whole_and_are_cut_between_frames(string? comment)
    {
        var random = new Random(7);
        short[][] segments = [Noise(random, 1601), Noise(random, 7), Noise(random, 5000), Noise(random, 1)];
        var parts = Plan(segments, 2000, comment);

        var read = parts.Select(part => Read(part, segments)).ToList();

        parts.Count.ShouldBeGreaterThan(5);
        parts.ShouldAllBe(part => part.WavBytes <= 2000 && part.PcmOffset % PhoneAudio.FrameBytes == 0);
        parts.SkipLast(1).ShouldAllBe(part => part.PcmBytes == parts[0].PcmBytes);
        read.SelectMany(samples => samples).ShouldBe(segments.SelectMany(samples => samples));
    }

    [Fact]
    public void What_fits_exactly_is_one_part_and_one_sample_more_makes_two()
    {
        var room = 10 * PhoneAudio.FrameBytes;

        RecordingAssembler.Plan("a", [room], 44 + room).Count.ShouldBe(1);
        RecordingAssembler.Plan("a", [room + 2], 44 + room).Count.ShouldBe(2);
    }

    [Fact]
    public void Half_a_sample_left_by_a_crash_does_not_turn_what_follows_into_noise()
    {
        byte[][] segments = [[1, 0, 99], [2, 0]];
        var part = RecordingAssembler.Plan("a", [3, 2]).ShouldHaveSingleItem();

        using var wav = RecordingAssembler.Open(part, [.. segments.Select(bytes => new MemoryStream(bytes))]);

        WavReader.Read(wav).Samples.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_part_can_be_read_from_anywhere()
    {
        short[][] segments = [Noise(new Random(1), 300), Noise(new Random(2), 200), Noise(new Random(3), 400)];
        var part = Plan(segments, 44 + 640, "simulated")[1];
        using var wav = Open(part, segments);
        var whole = new byte[wav.Length];
        await wav.ReadExactlyAsync(whole);
        (await wav.ReadAsync(new byte[1])).ShouldBe(0);

        for (var from = 0; from <= whole.Length; from++)
        {
            wav.Seek(from, SeekOrigin.Begin);
            var rest = new byte[whole.Length - from];
            wav.ReadExactly(rest);
            rest.ShouldBe(whole[from..]);
        }

        wav.Seek(-1, SeekOrigin.End);
        wav.ReadByte().ShouldBe(whole[^1]);
    }

    [Fact]
    public void A_part_does_not_open_on_other_segments_and_closes_its_own()
    {
        var part = RecordingAssembler.Plan("a", [100]).ShouldHaveSingleItem();
        Should.Throw<ArgumentException>(() => RecordingAssembler.Open(part, [new MemoryStream(new byte[98])]));

        var segment = new MemoryStream(new byte[100]);
        RecordingAssembler.Open(part, [segment]).Dispose();

        segment.CanRead.ShouldBeFalse();
    }

    [Fact]
    public void A_limit_below_one_frame_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => RecordingAssembler.Plan("a", [100], 44 + 319));

    private static IReadOnlyList<RecordingPart> Plan(
        short[][] segments, long max = RecordingAssembler.MaxPartBytes, string? comment = null) =>
        RecordingAssembler.Plan("Call 42", [.. segments.Select(samples => samples.Length * 2L)], max, comment);

    private static short[] Read(RecordingPart part, short[][] segments)
    {
        using var wav = Open(part, segments);
        wav.Length.ShouldBe(part.WavBytes);
        var audio = WavReader.Read(wav);
        audio.Comment.ShouldBe(part.Comment);
        return audio.Samples;
    }

    private static Stream Open(RecordingPart part, short[][] segments) => RecordingAssembler.Open(
        part, [.. segments.Select(samples => new MemoryStream([.. samples.SelectMany(BitConverter.GetBytes)]))]);

    private static short[] Noise(Random random, int samples) =>
        [.. Enumerable.Range(0, samples).Select(_ => (short)random.Next(short.MinValue, short.MaxValue))];
}
