using System.Security.Cryptography;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>Reads one complete object from anywhere, a verified chunk at a time; its length is verified first.</summary>
internal sealed class EncryptedObjectStream : Stream
{
    private readonly ISealedBytes _bytes;
    private readonly ObjectCipher _cipher;
    private readonly byte[] _plain;
    private readonly byte[] _sealed;
    private readonly long _lastChunk;
    private readonly long _length;
    private long _loaded = -1;
    private long _position;

    private EncryptedObjectStream(ISealedBytes bytes, ObjectCipher cipher)
    {
        _bytes = bytes;
        _cipher = cipher;
        _plain = new byte[cipher.ChunkBytes];
        _sealed = new byte[cipher.SealedChunkBytes];
        var (chunks, rest) = Math.DivRem(bytes.Length - ObjectCipher.HeaderBytes, cipher.SealedChunkBytes);
        if (rest < ObjectCipher.TagBytes)
            throw Corrupt();
        _lastChunk = chunks;
        _length = (chunks * cipher.ChunkBytes) + rest - ObjectCipher.TagBytes;
    }

    /// <summary>Opens a complete object and takes its bytes over, also when it fails.</summary>
    /// <exception cref="RecordingCorruptException">It does not begin or end as it was written.</exception>
    public static async Task<Stream> OpenAsync(ISealedBytes bytes, byte[] dataKey, string context, CancellationToken cancellationToken)
    {
        ObjectCipher? cipher = null;
        try
        {
            var header = new byte[ObjectCipher.HeaderBytes];
            var read = await bytes.ReadAsync(header, 0, cancellationToken);
            cipher = ObjectCipher.ForExisting(header[..read], dataKey, context);
            var stream = new EncryptedObjectStream(bytes, cipher);
            var last = stream._lastChunk;
            stream.Verify(last, await bytes.ReadAsync(stream.SealedChunk(last), cipher.Offset(last), cancellationToken));
            return stream;
        }
        catch
        {
            cipher?.Dispose();
            bytes.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

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
        if (Next(buffer.Length) is { } chunk)
            Verify(chunk, _bytes.Read(SealedChunk(chunk), _cipher.Offset(chunk)));
        return Copy(buffer);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Next(buffer.Length) is { } chunk)
            Verify(chunk, await _bytes.ReadAsync(SealedChunk(chunk), _cipher.Offset(chunk), cancellationToken));
        return Copy(buffer.Span);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
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
            CryptographicOperations.ZeroMemory(_plain);
            _bytes.Dispose();
            _cipher.Dispose();
        }

        base.Dispose(disposing);
    }

    private static RecordingCorruptException Corrupt() => new("The recording does not verify.");

    /// <summary>The chunk to load before anything can be copied, if it is not the one at hand.</summary>
    private long? Next(int wanted)
    {
        var chunk = _position / _cipher.ChunkBytes;
        return wanted == 0 || _position >= _length || chunk == _loaded ? null : chunk;
    }

    private Memory<byte> SealedChunk(long chunk) =>
        chunk < _lastChunk ? _sealed : _sealed.AsMemory(0, PlainBytes(chunk) + ObjectCipher.TagBytes);

    private int PlainBytes(long chunk) => (int)Math.Min(_cipher.ChunkBytes, _length - (chunk * _cipher.ChunkBytes));

    private void Verify(long chunk, int read)
    {
        _loaded = -1;
        var whole = SealedChunk(chunk).Span;
        if (read != whole.Length || !_cipher.TryOpen(chunk, chunk == _lastChunk, whole, _plain))
            throw Corrupt();
        _loaded = chunk;
    }

    private int Copy(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _position >= _length)
            return 0;
        var from = (int)(_position % _cipher.ChunkBytes);
        var count = Math.Min(buffer.Length, PlainBytes(_loaded) - from);
        _plain.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
