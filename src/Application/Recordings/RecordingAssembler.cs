namespace ContactCenter.Application.Recordings;

/// <summary>One WAV file to be made of a recording: a stretch of its joined segments.</summary>
/// <param name="Name">Its file name, for example <c>Call 42 part 1 of 2.wav</c>.</param>
/// <param name="Number">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
/// <param name="PcmOffset">Where in the joined segments it begins, in bytes; a frame's boundary.</param>
/// <param name="PcmBytes">How much of them it holds, in bytes.</param>
/// <param name="Comment">The WAV file's comment, if any.</param>
public sealed record RecordingPart(string Name, int Number, int Count, long PcmOffset, long PcmBytes, string? Comment)
{
    /// <summary>How large the file is, header included.</summary>
    public long WavBytes => WavHeader.Create(PcmBytes, Comment).Length + PcmBytes;

    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => PhoneAudio.Duration(PcmBytes / PhoneAudio.SampleBytes);
}

/// <summary>
/// Makes WAV files of a recording's segments (REC-7): plans the parts from lengths alone, then gives each part as a
/// seekable stream that reads the segments as it is read, so nothing is ever whole in memory or stored twice.
/// </summary>
public static class RecordingAssembler
{
    /// <summary>
    /// How large a part may be, header included: 50 MB, counted as 50,000,000 bytes, so that a receiver whose limit
    /// is 50 MiB takes it as well as one whose limit is 50 MB.
    /// </summary>
    public const long MaxPartBytes = 50_000_000;

    /// <summary>Plans the parts: each but the last is as full as whole frames allow. There is always one.</summary>
    /// <param name="title">The names' beginning, without an extension.</param>
    /// <param name="segmentBytes">The segments' lengths, in order; half a sample at an end is left out.</param>
    /// <param name="maxPartBytes">How large a part may be, header included.</param>
    /// <param name="comment">Each file's comment; an engine that only simulates says so here.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part could not hold one frame.</exception>
    public static IReadOnlyList<RecordingPart> Plan(
        string title, IReadOnlyList<long> segmentBytes, long maxPartBytes = MaxPartBytes, string? comment = null)
    {
        var total = segmentBytes.Sum(WholeSamples);
        var room = Math.Min(maxPartBytes - WavHeader.Create(0, comment).Length, WavHeader.MaxPcmBytes);
        room -= room % PhoneAudio.FrameBytes;
        ArgumentOutOfRangeException.ThrowIfLessThan(room, PhoneAudio.FrameBytes, nameof(maxPartBytes));
        var count = (int)Math.Max(1, (total + room - 1) / room);
        return [.. Enumerable.Range(1, count).Select(number => new RecordingPart(
            count == 1 ? $"{title}.wav" : $"{title} part {number} of {count}.wav",
            number,
            count,
            (number - 1) * room,
            Math.Min(room, total - ((number - 1) * room)),
            comment))];
    }

    /// <summary>Opens a part as the bytes of a WAV file.</summary>
    /// <param name="part">One of those planned for exactly these segments.</param>
    /// <param name="segments">Plain PCM, in order, seekable; disposed with the stream that is returned.</param>
    public static Stream Open(RecordingPart part, IReadOnlyList<Stream> segments) => new WavPartStream(part, segments);

    /// <summary>A segment's bytes without the half sample a crash may have left at its end.</summary>
    internal static long WholeSamples(long bytes) => bytes - (bytes % PhoneAudio.SampleBytes);
}
