using System.Buffers.Binary;
using System.Security.Cryptography;
using ContactCenter.Infrastructure.PersonalData;
using Npgsql;

namespace ContactCenter.Infrastructure.Crm.BuiltIn;

/// <summary>An attachment's bytes, a chunk of the database at a time, from anywhere in it.</summary>
internal sealed class AttachmentStream(NpgsqlDataSource dataSource, Guid attachmentId, long length, PersonalDataKey key) : Stream
{
    /// <summary>Plain bytes in each chunk but the last: small enough that writing one holds back no reader of the log.</summary>
    public const int ChunkBytes = 256 * 1024;

    private byte[] chunk = [];
    private int loaded = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    /// <summary>What a chunk is bound to, so that none can stand in for another.</summary>
    public static byte[] Place(Guid attachmentId, int number)
    {
        var place = new byte[20];
        attachmentId.TryWriteBytes(place, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(place.AsSpan(16), number);
        return place;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.IsEmpty)
            return 0;
        var number = (int)(Position / ChunkBytes);
        if (number != loaded)
        {
            chunk = await LoadAsync(number, cancellationToken);
            loaded = number;
        }

        var offset = (int)(Position % ChunkBytes);
        var count = Math.Min(buffer.Length, chunk.Length - offset);
        chunk.AsSpan(offset, count).CopyTo(buffer.Span);
        Position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task<byte[]> LoadAsync(int number, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("select bytes from crm_attachment_chunks where attachment_id = $1 and number = $2");
        command.Parameters.Add(new() { Value = attachmentId });
        command.Parameters.Add(new() { Value = number });
        var stored = (byte[]?)await command.ExecuteScalarAsync(cancellationToken)
            ?? throw new CryptographicException($"Chunk {number} of attachment {attachmentId} is missing.");
        return key.RevealBytes(stored, Place(attachmentId, number))!;
    }
}
