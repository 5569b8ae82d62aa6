namespace ContactCenter.Application.Recordings;

/// <summary>A WAV header followed by a window onto several streams as if they were one.</summary>
internal sealed class WavPartStream : Stream
{
    private readonly byte[] _header;
    private readonly RecordingPart _part;
    private readonly IReadOnlyList<Stream> _segments;
    private readonly long[] _starts;
    private long _position;

    public WavPartStream(RecordingPart part, IReadOnlyList<Stream> segments)
    {
        _part = part;
        _segments = segments;
        _header = WavHeader.Create(part.PcmBytes, part.Comment);
        _starts = new long[segments.Count + 1];
        for (var i = 0; i < segments.Count; i++)
            _starts[i + 1] = _starts[i] + RecordingAssembler.WholeSamples(segments[i].Length);
        if (part.PcmOffset + part.PcmBytes > _starts[^1])
            throw new ArgumentException("The part was planned for longer segments than these.", nameof(segments));
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _header.Length + _part.PcmBytes;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        var read = ReadHeader(buffer);
        if (read == 0 && Locate(buffer.Length) is var (segment, count))
            read = segment.Read(buffer[..count]);
        _position += read;
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = ReadHeader(buffer.Span);
        if (read == 0 && Locate(buffer.Length) is var (segment, count))
            read = await segment.ReadAsync(buffer[..count], cancellationToken);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var segment in _segments)
                segment.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadHeader(Span<byte> buffer)
    {
        if (_position >= _header.Length)
            return 0;
        var count = (int)Math.Min(buffer.Length, _header.Length - _position);
        _header.AsSpan((int)_position, count).CopyTo(buffer);
        return count;
    }

    /// <summary>The segment that holds the next bytes, placed there, and how many of them to take from it.</summary>
    private (Stream Segment, int Count)? Locate(int wanted)
    {
        var left = Length - _position;
        if (left <= 0 || wanted == 0)
            return null;
        var at = _part.PcmOffset + _position - _header.Length;
        var index = 0;
        while (_starts[index + 1] <= at)
            index++;
        var segment = _segments[index];
        segment.Position = at - _starts[index];
        return (segment, (int)Math.Min(wanted, Math.Min(left, _starts[index + 1] - at)));
    }
}
