using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>What is stored of a segment.</summary>
internal sealed record StoredSegment(long Samples, string Sha256)
{
    /// <summary>
    /// Looks it up, recovering what a crash left of it; nothing stored is no samples, and so is what is not as it was written.
    /// </summary>
    public static async Task<StoredSegment> ReadAsync(
        IRecordingStorage storage, Guid recordingId, int segment, CancellationToken cancellationToken)
    {
        var (samples, sha256) = await StoredAudio.MeasureAsync(storage, recordingId, segment, cancellationToken);
        return new StoredSegment(samples, sha256);
    }

    /// <summary>Makes it of a length in bytes and a hash.</summary>
    public static StoredSegment Of(long bytes, byte[] sha256) =>
        new(bytes / PhoneAudio.SampleBytes, Convert.ToHexStringLower(sha256));
}

/// <summary>
/// Brings one segment's frames to storage without ever making the audio wait for a disk. Frames are queued without
/// bound, since losing audio is worse than memory: 16 KB a second, and an alarm once storage is half a minute behind.
/// They travel a second at a time, which is no less safe than one by one: storage seals no less than a second. A
/// failing disk is tried again until it works, whatever it says; what no attempt can mend ends the segment with what
/// storage has of it.
/// </summary>
internal sealed class SegmentRecorder
{
    private const int BlockBytes = PhoneAudio.BytesPerSecond;
    private const int AlarmBlocks = 30;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly Channel<ArraySegment<byte>> _queue = Channel.CreateUnbounded<ArraySegment<byte>>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly ConcurrentQueue<byte[]> _spare = new();
    private readonly IRecordingStorage _storage;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private byte[] _block = new byte[BlockBytes];
    private int _fill;
    private int _waiting;
    private bool _alarmed;

    /// <summary>Begins; the object is created in the background.</summary>
    public SegmentRecorder(
        IRecordingStorage storage, Guid recordingId, int segment, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        _storage = storage;
        _time = time;
        _logger = logger;
        _stopping = stopping;
        RecordingId = recordingId;
        Segment = segment;
        Stored = Task.Run(StoreAsync, CancellationToken.None);
    }

    /// <summary>The recording.</summary>
    public Guid RecordingId { get; }

    /// <summary>Which segment of it.</summary>
    public int Segment { get; }

    /// <summary>What was stored, once <see cref="Complete"/> is called and everything is durable.</summary>
    public Task<StoredSegment> Stored { get; }

    /// <summary>Queues a frame. Never waits and never fails. Not to be called at the same time as itself.</summary>
    public void Write(ReadOnlySpan<short> frame)
    {
        var bytes = MemoryMarshal.AsBytes(frame);
        bytes.CopyTo(_block.AsSpan(_fill));
        _fill += bytes.Length;
        if (_fill < BlockBytes)
            return;
        Send();
        _block = _spare.TryDequeue(out var spare) ? spare : new byte[BlockBytes];
        _fill = 0;
    }

    /// <summary>No more frames come.</summary>
    public void Complete()
    {
        Send();
        _queue.Writer.TryComplete();
    }

    private void Send()
    {
        if (!_queue.Writer.TryWrite(new ArraySegment<byte>(_block, 0, _fill)))
            return;
        var behind = Interlocked.Increment(ref _waiting);
        if (behind == AlarmBlocks && !_alarmed)
            _logger.LogError("Recording {RecordingId} waits for storage: {Seconds} s of it are in memory only", RecordingId, behind);
        _alarmed = behind >= AlarmBlocks;
    }

    private async Task<StoredSegment> StoreAsync()
    {
        try
        {
            await using var writer = await TryAsync(() => _storage.CreateAsync(RecordingId, RecordingObjects.Segment(Segment), _stopping));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await foreach (var block in _queue.Reader.ReadAllAsync(_stopping))
            {
                hash.AppendData(block);
                await WriteAsync(writer, block);
                Interlocked.Decrement(ref _waiting);
                _spare.Enqueue(block.Array!);
            }

            await TryAsync(async () =>
            {
                await writer.CompleteAsync(_stopping);
                return true;
            });
            return StoredSegment.Of(writer.Length, hash.GetHashAndReset());
        }
        catch (Exception e) when (IsFinal(e))
        {
            // Recorded before a crash, purged meanwhile, or its key is damaged: what is stored is the truth.
            _logger.LogCritical(e, "Segment {Segment} of recording {RecordingId} cannot be stored", Segment, RecordingId);
            _queue.Writer.TryComplete();
            return await TryAsync(() => StoredSegment.ReadAsync(_storage, RecordingId, Segment, _stopping));
        }
        finally
        {
            // From here on frames are thrown away instead of piling up.
            _queue.Writer.TryComplete();
        }
    }

    /// <summary>True for what is the same at every attempt.</summary>
    private static bool IsFinal(Exception e) => e is RecordingObjectExistsException or FileNotFoundException or RecordingCorruptException;

    /// <summary>True for all else, but the engine's own end.</summary>
    private bool MayPass(Exception e) => !IsFinal(e) && !_stopping.IsCancellationRequested;

    private async Task WriteAsync(RecordingWriter writer, ReadOnlyMemory<byte> block)
    {
        while (!block.IsEmpty)
        {
            var before = writer.Length;
            try
            {
                await writer.WriteAsync(block, _stopping);
                block = default;
            }
            catch (Exception e) when (MayPass(e))
            {
                await WaitAsync(e);
                block = block[(int)(writer.Length - before)..];
            }
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> attempt)
    {
        while (true)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (MayPass(e))
            {
                await WaitAsync(e);
            }
        }
    }

    private Task WaitAsync(Exception e)
    {
        _logger.LogError(e, "Storage fails for recording {RecordingId}; trying again", RecordingId);
        return Task.Delay(RetryDelay, _time, _stopping);
    }
}
