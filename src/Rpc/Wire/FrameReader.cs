using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;

namespace ContactCenter.Rpc.Wire;

/// <summary>Reads length-prefixed messages from a pipe: one flag byte, four bytes of length, the message.</summary>
/// <param name="pipe">Where the bytes come from.</param>
/// <param name="maxSize">Largest message in bytes, before and after unpacking; null for none.</param>
/// <param name="compressed">Whether the peer announced gzip.</param>
/// <param name="malformed">The code for a message that is not what its type says.</param>
internal sealed class FrameReader(PipeReader pipe, int? maxSize, bool compressed, StatusCode malformed) : DeserializationContext
{
    private const int HeaderSize = 5;
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    /// <summary>The next message, or null at the end of the stream.</summary>
    public async ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserialize, CancellationToken cancellationToken) where T : class
    {
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            if (read.IsCanceled)
            {
                pipe.AdvanceTo(buffer.Start);
                throw new OperationCanceledException(cancellationToken);
            }
            var consumed = buffer.Start;
            var examined = buffer.End;
            try
            {
                if (TryReadFrame(buffer, out var isCompressed, out var payload))
                {
                    var message = Deserialize(deserialize, isCompressed, payload);
                    // Only what was used counts as seen, so that the next message is looked at before more is waited for.
                    consumed = examined = payload.End;
                    return message;
                }
                if (read.IsCompleted)
                {
                    consumed = buffer.End;
                    return buffer.IsEmpty ? null : throw Error(StatusCode.Internal, "The stream ended within a message.");
                }
            }
            finally
            {
                pipe.AdvanceTo(consumed, examined);
            }
        }
    }

    /// <summary>The only message of a stream that must hold exactly one, or null if it holds none.</summary>
    public async ValueTask<T?> ReadSingleAsync<T>(Func<DeserializationContext, T> deserialize, CancellationToken cancellationToken) where T : class
    {
        var message = await ReadAsync(deserialize, cancellationToken);
        if (message is not null && await ReadAsync(deserialize, cancellationToken) is not null)
            throw Error(StatusCode.Internal, "More than one message was sent where one is due.");
        return message;
    }

    private bool TryReadFrame(in ReadOnlySequence<byte> buffer, out bool isCompressed, out ReadOnlySequence<byte> payload)
    {
        isCompressed = false;
        payload = default;
        if (buffer.Length < HeaderSize)
            return false;
        Span<byte> header = stackalloc byte[HeaderSize];
        buffer.Slice(0, HeaderSize).CopyTo(header);
        if (header[0] > 1)
            throw Error(StatusCode.Internal, "The message's first byte is neither 0 nor 1.");
        isCompressed = header[0] == 1;
        if (isCompressed && !compressed)
            throw Error(StatusCode.Internal, "The message is compressed, and no grpc-encoding was announced.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (length > (uint)(maxSize ?? int.MaxValue))
            throw TooLarge();
        if (buffer.Length - HeaderSize < length)
            return false;
        payload = buffer.Slice(HeaderSize, length);
        return true;
    }

    private T Deserialize<T>(Func<DeserializationContext, T> deserialize, bool isCompressed, in ReadOnlySequence<byte> payload)
    {
        using var unpacked = isCompressed ? Unpack(payload) : null;
        _payload = unpacked is null ? payload : new ReadOnlySequence<byte>(unpacked.Written);
        try
        {
            return deserialize(this);
        }
        catch (Exception e) when (e is not RpcException)
        {
            throw new RpcException(new Status(malformed, "The message is not a valid protocol buffer of its type.", e));
        }
        finally
        {
            _payload = default;
        }
    }

    /// <summary>Unpacks at most the allowed size, so that a small message cannot fill the memory.</summary>
    private PooledBuffer Unpack(in ReadOnlySequence<byte> payload)
    {
        var limit = maxSize ?? int.MaxValue;
        var buffer = new PooledBuffer((int)Math.Min(payload.Length * 3, limit) + 1);
        try
        {
            using var gzip = new GZipStream(PipeReader.Create(payload).AsStream(), CompressionMode.Decompress);
            int count;
            while ((count = gzip.Read(buffer.GetSpan(4096))) > 0)
            {
                buffer.Advance(count);
                if (buffer.Length > limit)
                    throw TooLarge();
            }
            return buffer;
        }
        catch (InvalidDataException e)
        {
            buffer.Dispose();
            throw new RpcException(new Status(StatusCode.Internal, "The message is not valid gzip.", e));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private RpcException TooLarge() => Error(StatusCode.ResourceExhausted, $"The message is larger than {maxSize} bytes.");

    private static RpcException Error(StatusCode code, string detail) => new(new Status(code, detail));
}
