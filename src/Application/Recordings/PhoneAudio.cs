namespace ContactCenter.Application.Recordings;

/// <summary>
/// The one form of audio inside the product: PCM 16 bit little-endian, mono, 8 kHz (REC-2), in frames of 20 ms.
/// </summary>
public static class PhoneAudio
{
    /// <summary>Samples per second.</summary>
    public const int SampleRate = 8000;

    /// <summary>Bytes per sample.</summary>
    public const int SampleBytes = 2;

    /// <summary>Samples per frame.</summary>
    public const int FrameSamples = 160;

    /// <summary>Bytes per frame.</summary>
    public const int FrameBytes = FrameSamples * SampleBytes;

    /// <summary>Bytes per second.</summary>
    public const int BytesPerSecond = SampleRate * SampleBytes;

    private const long TicksPerSample = TimeSpan.TicksPerSecond / SampleRate;

    /// <summary>A frame's length.</summary>
    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a number of samples lasts.</summary>
    public static TimeSpan Duration(long samples) => TimeSpan.FromTicks(samples * TicksPerSample);

    /// <summary>The samples of which any part is in a time: none is half in it.</summary>
    public static long Samples(TimeSpan time) => (time.Ticks + TicksPerSample - 1) / TicksPerSample;
}
