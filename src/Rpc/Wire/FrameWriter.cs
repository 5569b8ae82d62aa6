using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;

namespace ContactCenter.Rpc.Wire;

/// <summary>Writes length-prefixed messages. Uncompressed ones go straight into the target, without a copy.</summary>
/// <param name="target">Where the bytes go.</param>
/// <param name="maxSize">Largest message in bytes, before packing; null for none.</param>
/// <param name="level">How hard to compress; null for not at all.</param>
internal sealed class FrameWriter(IBufferWriter<byte> target, int? maxSize, CompressionLevel? level) : SerializationContext
{
    private const int HeaderSize = 5;
    private PooledBuffer? _buffer;
    private int? _length;
    private bool _compress;
    private bool _completed;

    /// <summary>Writes one message; does not flush.</summary>
    /// <exception cref="RpcException">ResourceExhausted: the message is larger than allowed; nothing was written.</exception>
    public void Write<T>(T message, Action<T, SerializationContext> serialize, WriteOptions? options)
    {
        _compress = level is not null && options?.Flags.HasFlag(WriteFlags.NoCompress) != true;
        _length = null;
        _completed = false;
        try
        {
            serialize(message, this);
            if (!_completed)
                throw new InvalidOperationException("The marshaller did not complete the message.");
        }
        finally
        {
            _buffer?.Dispose();
            _buffer = null;
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        _length = payloadLength;
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        if (_compress || _length is null)
            return _buffer ??= new PooledBuffer(_length ?? 1024);
        WriteHeader(_length.Value, compressed: false);
        return target;
    }

    public override void Complete()
    {
        _completed = true;
        if (_buffer is not null)
            WriteWhole(_buffer.Written.Span);
    }

    public override void Complete(byte[] payload)
    {
        _completed = true;
        WriteWhole(payload);
    }

    private void WriteWhole(ReadOnlySpan<byte> payload)
    {
        CheckSize(payload.Length);
        if (!_compress)
        {
            WriteHeader(payload.Length, compressed: false);
            target.Write(payload);
            return;
        }
        using var packed = new PooledBuffer(payload.Length / 2 + 64);
        using (var gzip = new GZipStream(new BufferStream(packed), level!.Value))
            gzip.Write(payload);
        WriteHeader(packed.Length, compressed: true);
        target.Write(packed.Written.Span);
    }

    private void WriteHeader(int length, bool compressed)
    {
        var header = target.GetSpan(HeaderSize);
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)length);
        target.Advance(HeaderSize);
    }

    private void CheckSize(int length)
    {
        if (length > (maxSize ?? int.MaxValue))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message to send is larger than {maxSize} bytes."));
    }

    /// <summary>GZipStream writes to streams only.</summary>
    private sealed class BufferStream(PooledBuffer buffer) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> source) => buffer.Write(source);

        public override void Write(byte[] source, int offset, int count) => buffer.Write(source.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] destination, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
