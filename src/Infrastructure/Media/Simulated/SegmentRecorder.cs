using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using ContactCenter.Application.Media;
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
/// They travel a second at a time, which is no less safe than one by one: storage seals no less than a second. A second
/// waits here until it is sure that no end of the segment is on its way that was before it: so a segment is cut at the sample
/// whenever its end comes, and what was said after it has been on no disk (REC-4). A
/// failing disk is tried again until it works, whatever it says; what no attempt can mend ends the segment with what
/// storage has of it.
/// </summary>
internal sealed class SegmentRecorder
{
    private const int AlarmBlocks = 30;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private readonly Channel<AudioBlock> _queue = Channel.CreateUnbounded<AudioBlock>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly ConcurrentQueue<AudioBlock> _spare = new();
    private readonly TaskCompletionSource<DateTimeOffset?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IRecordingStorage _storage;
    private readonly StartSegment _start;
    private readonly AskedEnds _ends;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private AudioBlock _block = new();
    private int _waiting;
    private bool _alarmed;

    /// <summary>Begins; the object is created in the background.</summary>
    public SegmentRecorder(
        IRecordingStorage storage, StartSegment start, AskedEnds ends, TimeProvider time, ILogger logger, CancellationToken stopping)
    {
        _storage = storage;
        _time = time;
        _logger = logger;
        _stopping = stopping;
        _start = start;
        _ends = ends;
        Stored = Task.Run(StoreAsync, CancellationToken.None);
    }

    /// <summary>The recording.</summary>
    public Guid RecordingId => _start.RecordingId;

    /// <summary>Which segment of it.</summary>
    public int Segment => _start.Segment;

    /// <summary>What was stored, once <see cref="Complete"/> is called and everything is durable.</summary>
    public Task<StoredSegment> Stored { get; }

    /// <summary>Queues a frame that ends at an instant. Never waits and never fails. Not to be called at the same time as itself.</summary>
    public void Write(ReadOnlySpan<short> frame, DateTimeOffset ends)
    {
        var from = _start.At ?? DateTimeOffset.MinValue;
        if (ends <= from)
            return;
        _block.Add(frame, ends, from);
        if (!_block.IsFull)
            return;
        Send();
        _block = _spare.TryDequeue(out var spare) ? spare : new AudioBlock();
    }

    /// <summary>No more frames come, and what was said from an instant on is not kept; null: all of it is.</summary>
    public void Complete(DateTimeOffset? at)
    {
        if (!_block.IsEmpty)
            Send();
        _end.TrySetResult(at);
        _queue.Writer.TryComplete();
    }

    private void Send()
    {
        if (!_queue.Writer.TryWrite(_block))
            return;
        var behind = Interlocked.Increment(ref _waiting);
        if (behind == AlarmBlocks && !_alarmed)
            _logger.LogError("Recording {RecordingId} waits for storage, or to be cleared for it: {Seconds} s of it are in memory only", RecordingId, behind);
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
                var kept = block.Before(await EndAsync());
                hash.AppendData(kept.Span);
                await WriteAsync(writer, kept);
                Interlocked.Decrement(ref _waiting);
                block.Clear();
                _spare.Enqueue(block);
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

    /// <summary>Where the segment ends, as far as that is asked for before now; null: it goes on.</summary>
    private async Task<DateTimeOffset?> EndAsync()
    {
        var asked = await TryAsync(() => Told is null ? _ends.OfAsync(_start.SessionId, _end.Task, _stopping) : Task.FromResult(Told));
        // An end that came during the look is out of the backlog, and told before it is.
        return Told ?? asked;
    }

    private DateTimeOffset? Told => _end.Task.IsCompletedSuccessfully ? _end.Task.Result : null;

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
        _logger.LogError(e, "Recording {RecordingId} cannot be written on; trying again", RecordingId);
        return Task.Delay(RetryDelay, _time, _stopping);
    }
}
