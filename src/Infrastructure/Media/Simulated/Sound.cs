using System.Collections.Concurrent;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>Something that can be played: samples at 8 kHz, once or round and round.</summary>
internal sealed record Sound(short[] Samples, bool Loops)
{
    private const int VoiceVolume = 6000;
    private const int PromptVolume = 5000;
    private const int MusicVolume = 3000;
    private static readonly ConcurrentDictionary<(int Hz, int Volume), Sound> Tones = new();

    /// <summary>What a party says if it is given nothing to say.</summary>
    public static Sound VoiceOf(Party party) => Voice(party switch
    {
        Party.Consumer => 440,
        Party.Agent => 880,
        Party.VirtualAgent => 600,
        Party.Outside => 1000,
        _ => 1500,
    });

    /// <summary>A voice that is a tone.</summary>
    public static Sound Voice(int hz) => Tone(hz, VoiceVolume);

    /// <summary>What a space plays to those who wait in it, or null.</summary>
    public static Sound? Music(SpaceKind space) => space switch
    {
        SpaceKind.Queue => QueueMusic,
        SpaceKind.Hold => HoldMusic,
        _ => null,
    };

    /// <summary>
    /// A prompt as it is heard, and for how many frames: speech takes 60 ms a letter, a countdown three beeps, one a
    /// second, both faster or slower by the speed; the recording tone half a second; uploaded audio as long as it is.
    /// </summary>
    public static (Sound Sound, long Frames) Of(Prompt prompt)
    {
        if (prompt.Audio is { } audio)
            return Uploaded(audio);
        var speed = Math.Clamp(prompt.Speed, 0.5, 2);
        var speech = Math.Max(10, (long)Math.Ceiling(3 * (prompt.Text?.Length ?? 0) / speed));
        return prompt.Kind switch
        {
            PromptKind.Whisper => (Tone(1100, PromptVolume), speech),
            PromptKind.Countdown => (Beeps(1200, (int)(PhoneAudio.SampleRate / speed)), (long)Math.Ceiling(150 / speed)),
            PromptKind.RecordingTone => (Tone(1400, PromptVolume), 25),
            _ => (Tone(700, PromptVolume), speech),
        };
    }

    // There is no MP3 decoder here: such a recording is simulated by a tone of its length.
    private static (Sound Sound, long Frames) Uploaded(PromptAudio audio)
    {
        if (audio.Format != AudioFormat.Wav)
            return (Tone(700, PromptVolume), Math.Max(1, (long)Math.Ceiling(audio.DurationSeconds / PhoneAudio.Frame.TotalSeconds)));
        using var file = new MemoryStream(audio.Content.ToArray(), writable: false);
        var wav = WavReader.Read(file);
        var samples = Resampler.ToPhone(wav.Samples, wav.SampleRate);
        return (new Sound(samples, Loops: false), Math.Max(1, (samples.Length + PhoneAudio.FrameSamples - 1) / PhoneAudio.FrameSamples));
    }

    private static Sound QueueMusic { get; } = Melody(300, 400);

    private static Sound HoldMusic { get; } = Melody(240, 320);

    // One second of any whole frequency ends where it begins, so it loops without a click.
    private static Sound Tone(int hz, int volume) => Tones.GetOrAdd(
        (hz, volume), static key => new Sound(Sine(key.Hz, key.Volume, PhoneAudio.SampleRate), Loops: true));

    private static Sound Beeps(int hz, int period)
    {
        var samples = new short[period];
        Sine(hz, PromptVolume, period / 5).CopyTo(samples, 0);
        return new Sound(samples, Loops: true);
    }

    private static Sound Melody(int first, int second) => new(
        [.. Sine(first, MusicVolume, PhoneAudio.SampleRate / 2), .. Sine(second, MusicVolume, PhoneAudio.SampleRate / 2)],
        Loops: true);

    private static short[] Sine(int hz, int volume, int samples) => [.. Enumerable.Range(0, samples)
        .Select(i => (short)Math.Round(volume * Math.Sin(2 * Math.PI * hz * i / PhoneAudio.SampleRate)))];
}

/// <summary>How far a sound is played; gives a frame at a time, silence once it is over.</summary>
/// <param name="sound">What is played.</param>
/// <param name="frames">After how many frames it is over, if it does not end by itself.</param>
internal sealed class Playback(Sound sound, long? frames = null)
{
    private long? _framesLeft = frames;
    private int _at;

    /// <summary>True once nothing more comes.</summary>
    public bool Ended => _framesLeft == 0 || (!sound.Loops && _at == sound.Samples.Length);

    /// <summary>Gives the next frame.</summary>
    public void Read(Span<short> frame)
    {
        for (var filled = 0; filled < frame.Length;)
        {
            if (Ended || sound.Samples.Length == 0)
            {
                frame[filled..].Clear();
                break;
            }

            var count = Math.Min(frame.Length - filled, sound.Samples.Length - _at);
            sound.Samples.AsSpan(_at, count).CopyTo(frame[filled..]);
            filled += count;
            _at += count;
            if (sound.Loops && _at == sound.Samples.Length)
                _at = 0;
        }

        if (_framesLeft > 0)
            _framesLeft--;
    }
}
