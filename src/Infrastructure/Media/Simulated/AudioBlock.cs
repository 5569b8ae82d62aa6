using System.Runtime.InteropServices;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>A second of audio, or what there is of it, with the instant at which each of its frames ends.</summary>
internal sealed class AudioBlock
{
    private const int MostFrames = PhoneAudio.BytesPerSecond / PhoneAudio.FrameBytes;
    private readonly byte[] _bytes = new byte[PhoneAudio.BytesPerSecond];
    private readonly DateTimeOffset[] _ends = new DateTimeOffset[MostFrames];
    private int _frames;

    public bool IsFull => _frames == MostFrames;

    public bool IsEmpty => _frames == 0;

    /// <summary>Takes a frame of which what was said before an instant is silence.</summary>
    public void Add(ReadOnlySpan<short> frame, DateTimeOffset ends, DateTimeOffset from)
    {
        var bytes = _bytes.AsSpan(_frames * PhoneAudio.FrameBytes, PhoneAudio.FrameBytes);
        MemoryMarshal.AsBytes(frame).CopyTo(bytes);
        var early = Math.Clamp(PhoneAudio.Samples(from - (ends - PhoneAudio.Frame)), 0, PhoneAudio.FrameSamples);
        bytes[..(int)(early * PhoneAudio.SampleBytes)].Clear();
        _ends[_frames++] = ends;
    }

    /// <summary>What was said before an instant; all of it if that is null.</summary>
    public ReadOnlyMemory<byte> Before(DateTimeOffset? end)
    {
        var late = _ends.AsSpan(0, _frames).IndexOfAnyExceptInRange(DateTimeOffset.MinValue, end ?? DateTimeOffset.MaxValue);
        if (late < 0)
            return _bytes.AsMemory(0, _frames * PhoneAudio.FrameBytes);
        var over = Math.Min(PhoneAudio.Samples(_ends[late] - end!.Value), PhoneAudio.FrameSamples);
        return _bytes.AsMemory(0, ((late + 1) * PhoneAudio.FrameBytes) - (int)(over * PhoneAudio.SampleBytes));
    }

    /// <summary>To be filled again.</summary>
    public void Clear() => _frames = 0;
}
