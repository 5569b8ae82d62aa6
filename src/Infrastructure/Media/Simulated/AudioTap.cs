using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Fans frames out to any number of listeners (MON-8). One buffer is shared by all; each listener has a small queue
/// of its own that forgets its oldest frame when full, so that a slow one loses frames alone. Frames that are kept are given
/// by the pool: whoever makes them is held up by no listener, however many there are (ADR 0062).
/// </summary>
internal sealed class AudioTap : IThreadPoolWorkItem
{
    /// <summary>One second: more would only be stale when it is heard.</summary>
    private const int QueuedFrames = 50;
    private readonly Lock _gate = new();
    private readonly Lock _giving = new();
    private readonly Channel<AudioFrame> _kept = NewQueue(isSingle: false);
    private Channel<AudioFrame>[] _listeners = [];
    private Action<AudioFrame>[] _inPlace = [];
    private bool _closed;
    private int _isDue;

    /// <summary>True if a frame would be heard.</summary>
    public bool HasListeners => Volatile.Read(ref _listeners).Length > 0 || Volatile.Read(ref _inPlace).Length > 0;

    /// <summary>Frames from now on, until the tap closes.</summary>
    public async IAsyncEnumerable<AudioFrame> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = NewQueue(isSingle: true);
        if (!TryJoin(listener))
            yield break;
        try
        {
            await foreach (var frame in listener.Reader.ReadAllAsync(cancellationToken))
                yield return frame;
        }
        finally
        {
            Leave(listener);
        }
    }

    /// <summary>Hands every frame on where it is given, as a leg's own line takes it: it must not wait, and does not end with the tap.</summary>
    public IDisposable HearInPlace(Action<AudioFrame> take)
    {
        lock (_gate)
            _inPlace = [.. _inPlace, take];
        return new InPlace(this, take);
    }

    /// <summary>Gives a frame to everybody; never waits.</summary>
    public void Publish(long sequence, ReadOnlySpan<short> samples)
    {
        if (HasListeners)
            Give(FrameOf(sequence, samples));
    }

    /// <summary>Keeps a frame for everybody until <see cref="PublishKept"/>.</summary>
    public void Keep(long sequence, ReadOnlySpan<short> samples) => _kept.Writer.TryWrite(FrameOf(sequence, samples));

    /// <summary>Has the pool give what was kept, if anything; never waits.</summary>
    public void PublishKept()
    {
        if (_kept.Reader.Count > 0 && Interlocked.Exchange(ref _isDue, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute()
    {
        // Before the look: what is kept during it is given by the next one at the latest.
        Volatile.Write(ref _isDue, 0);
        GiveKept();
    }

    /// <summary>Ends every listener's stream once it has read what it was given.</summary>
    public void Close()
    {
        GiveKept();
        lock (_gate)
        {
            _closed = true;
            foreach (var listener in _listeners)
                listener.Writer.TryComplete();
            _listeners = [];
        }
    }

    private static Channel<AudioFrame> NewQueue(bool isSingle) => Channel.CreateBounded<AudioFrame>(new BoundedChannelOptions(QueuedFrames)
    {
        FullMode = BoundedChannelFullMode.DropOldest,
        SingleReader = isSingle,
        SingleWriter = isSingle,
    });

    private static AudioFrame FrameOf(long sequence, ReadOnlySpan<short> samples) =>
        new(sequence, sequence * PhoneAudio.Frame, MemoryMarshal.AsBytes(samples).ToArray());

    private void Give(AudioFrame frame)
    {
        foreach (var take in Volatile.Read(ref _inPlace))
            take(frame);
        foreach (var listener in Volatile.Read(ref _listeners))
            listener.Writer.TryWrite(frame);
    }

    /// <summary>One at a time, so that nobody hears a frame before an earlier one.</summary>
    private void GiveKept()
    {
        lock (_giving)
        {
            while (_kept.Reader.TryRead(out var frame))
                Give(frame);
        }
    }

    private bool TryJoin(Channel<AudioFrame> listener)
    {
        lock (_gate)
        {
            if (!_closed)
                _listeners = [.. _listeners, listener];
            return !_closed;
        }
    }

    private void Leave(Channel<AudioFrame> listener)
    {
        lock (_gate)
            _listeners = [.. _listeners.Where(other => other != listener)];
    }

    private sealed class InPlace(AudioTap tap, Action<AudioFrame> take) : IDisposable
    {
        public void Dispose()
        {
            lock (tap._gate)
                tap._inPlace = [.. tap._inPlace.Where(other => other != take)];
        }
    }
}
