using System.Diagnostics;
using System.Runtime.InteropServices;
using ContactCenter.Application.Media;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>Which tones are in a stretch of audio, by Goertzel's algorithm.</summary>
internal static class Hearing
{
    public const int Consumer = 440;
    public const int Agent = 880;
    public const int Supervisor = 1500;
    public const int QueueMusic = 300;
    public const int HoldMusic = 240;
    public const int Whisper = 1100;
    public const int Countdown = 1200;
    public const int RecordingTone = 1400;
    public const int Message = 700;
    public const int VirtualAgent = 600;

    private static readonly int[] Known = [Consumer, Agent, Supervisor, QueueMusic, HoldMusic, Whisper, Countdown, RecordingTone, Message, VirtualAgent];

    /// <summary>The known tones that can be heard anywhere in it, lowest first.</summary>
    public static int[] Tones(ReadOnlySpan<short> samples)
    {
        var heard = new SortedSet<int>();
        // 100 ms at a time: each known tone is a whole number of its periods, so none leaks into another.
        for (var at = 0; at + 800 <= samples.Length; at += 800)
        {
            foreach (var hz in Known)
            {
                if (Strength(samples.Slice(at, 800), hz) > 500)
                    heard.Add(hz);
            }
        }

        return [.. heard];
    }

    /// <summary>The amplitude of one frequency.</summary>
    public static double Strength(ReadOnlySpan<short> samples, int hz)
    {
        var turn = 2 * Math.Cos(2 * Math.PI * hz / 8000);
        double last = 0, before = 0;
        foreach (var sample in samples)
            (last, before) = (sample + (turn * last) - before, last);
        return 2 * Math.Sqrt((last * last) + (before * before) - (turn * last * before)) / samples.Length;
    }

    /// <summary>For how many frames a tone is there.</summary>
    public static int Frames(ReadOnlySpan<short> samples, int hz)
    {
        var frames = 0;
        for (var at = 0; at + 160 <= samples.Length; at += 160)
            frames += Strength(samples.Slice(at, 160), hz) > 1500 ? 1 : 0;
        return frames;
    }
}

/// <summary>Somebody who listens: keeps every frame it gets.</summary>
internal sealed class Ear : IAsyncDisposable
{
    private readonly List<AudioFrame> _frames = [];
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _listening;

    public Ear(Func<CancellationToken, IAsyncEnumerable<AudioFrame>> listen) => _listening = ListenAsync(listen(_leaving.Token));

    public bool Ended => _listening.IsCompleted;

    public AudioFrame[] Frames
    {
        get
        {
            lock (_frames)
                return [.. _frames];
        }
    }

    public short[] Samples => [.. Frames.SelectMany(frame => MemoryMarshal.Cast<byte, short>(frame.Pcm.Span).ToArray())];

    public int[] Tones => Hearing.Tones(Samples);

    public void Forget()
    {
        lock (_frames)
            _frames.Clear();
    }

    public Task HeardAsync(long sequence) => Eventually.True(() => Ended || (Frames is [.., var last] && last.Sequence >= sequence));

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _listening.ContinueWith(_ => { }, TaskScheduler.Default);
        _leaving.Dispose();
    }

    private async Task ListenAsync(IAsyncEnumerable<AudioFrame> frames)
    {
        await foreach (var frame in frames)
        {
            lock (_frames)
                _frames.Add(frame);
        }
    }
}

/// <summary>Waits for conditions, never for time.</summary>
internal static class Eventually
{
    public static async Task True(Func<bool> condition)
    {
        for (var began = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(1))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(30))
                throw new TimeoutException("What was waited for did not happen.");
        }
    }
}

/// <summary>Keeps the facts it is told; refuses as often as it is asked to.</summary>
internal sealed class FactSink : IMediaFacts
{
    private readonly List<MediaFact> _facts = [];
    private int _refusals;

    public MediaFact[] Facts
    {
        get
        {
            lock (_facts)
                return [.. _facts];
        }
    }

    public void Refuse(int times) => Volatile.Write(ref _refusals, times);

    public async Task<T> ToldAsync<T>(Func<T, bool>? which = null) where T : MediaFact
    {
        await Eventually.True(() => Facts.OfType<T>().Any(which ?? (_ => true)));
        return Facts.OfType<T>().First(which ?? (_ => true));
    }

    public Task ReportAsync(MediaFact fact, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
            throw new InvalidOperationException("Not now.");
        lock (_facts)
            _facts.Add(fact);
        return Task.CompletedTask;
    }
}
