using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Fans frames out to any number of listeners (MON-8). One buffer is shared by all; each listener has a small queue
/// of its own that forgets its oldest frame when full, so that a slow one loses frames alone.
/// </summary>
internal sealed class AudioTap
{
    /// <summary>One second: more would only be stale when it is heard.</summary>
    private const int QueuedFrames = 50;
    private readonly Lock _gate = new();
    private Channel<AudioFrame>[] _listeners = [];
    private AudioFrame? _kept;
    private bool _closed;

    /// <summary>True if a frame would be heard.</summary>
    public bool HasListeners => Volatile.Read(ref _listeners).Length > 0;

    /// <summary>Frames from now on, until the tap closes.</summary>
    public async IAsyncEnumerable<AudioFrame> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listener = Channel.CreateBounded<AudioFrame>(new BoundedChannelOptions(QueuedFrames)
        {
            FullMode = BoundedChannelFullMode.DropOldest,
            SingleReader = true,
            SingleWriter = true,
        });
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

    /// <summary>Gives a frame to everybody; never waits.</summary>
    public void Publish(long sequence, ReadOnlySpan<short> samples)
    {
        var listeners = Volatile.Read(ref _listeners);
        if (listeners.Length > 0)
            Give(FrameOf(sequence, samples), listeners);
    }

    /// <summary>Keeps a frame for everybody until <see cref="PublishKept"/>.</summary>
    public void Keep(long sequence, ReadOnlySpan<short> samples)
    {
        lock (_gate)
            _kept = FrameOf(sequence, samples);
    }

    /// <summary>Gives what was kept, if anything.</summary>
    public void PublishKept()
    {
        if (!HasListeners)
            return;
        lock (_gate)
            GiveKept();
    }

    /// <summary>Ends every listener's stream once it has read what it was given.</summary>
    public void Close()
    {
        lock (_gate)
        {
            GiveKept();
            _closed = true;
            foreach (var listener in _listeners)
                listener.Writer.TryComplete();
            _listeners = [];
        }
    }

    private static AudioFrame FrameOf(long sequence, ReadOnlySpan<short> samples) =>
        new(sequence, sequence * PhoneAudio.Frame, MemoryMarshal.AsBytes(samples).ToArray());

    private static void Give(AudioFrame frame, Channel<AudioFrame>[] listeners)
    {
        foreach (var listener in listeners)
            listener.Writer.TryWrite(frame);
    }

    private void GiveKept()
    {
        if (_kept is { } frame)
            Give(frame, _listeners);
        _kept = null;
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
}
