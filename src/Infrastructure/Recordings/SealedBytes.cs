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

/// <summary>
/// Those in a local file. A file that is deleted is there for whoever has it open: with the recording's key in the same
/// directory, which any process may destroy, ends every reading (REC-11).
/// </summary>
internal sealed class SealedFileBytes(SafeFileHandle file, string directory) : ISealedBytes
{
    public long Length { get; } = RandomAccess.GetLength(file);

    public int Read(Memory<byte> into, long at)
    {
        var read = RandomAccess.Read(file, into.Span, at);
        ThrowIfPurged();
        return read;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancellationToken)
    {
        var read = await RandomAccess.ReadAsync(file, into, at, cancellationToken);
        ThrowIfPurged();
        return read;
    }

    public void Dispose() => file.Dispose();

    private void ThrowIfPurged()
    {
        if (!RecordingKeys.Exists(directory))
            throw new FileNotFoundException("The recording was purged meanwhile.");
    }
}
