using Microsoft.Win32.SafeHandles;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>The encrypted bytes of one complete object, wherever they lie.</summary>
internal interface ISealedBytes : IDisposable
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>Fills a buffer from a place on; fewer only at the end.</summary>
    int Read(Memory<byte> into, long at);

    /// <inheritdoc cref="Read"/>
    ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancellationToken);
}

/// <summary>Those in a local file.</summary>
internal sealed class SealedFileBytes(SafeFileHandle file) : ISealedBytes
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public int Read(Memory<byte> into, long at) => RandomAccess.Read(file, into.Span, at);

    public ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(file, into, at, cancellationToken);

    public void Dispose() => file.Dispose();
}
