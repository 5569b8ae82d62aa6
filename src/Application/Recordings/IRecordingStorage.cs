namespace ContactCenter.Application.Recordings;

/// <summary>
/// Where recorded audio is kept until the CRM has it. Every byte is encrypted before it reaches a disk, with a data
/// key per recording that only the master key opens (REC-5). Objects of a recording are its segments and, later,
/// what is made of them; each is a sequence of plain bytes to the caller.
/// </summary>
public interface IRecordingStorage
{
    /// <summary>Creates an object and gives the stream to write its plain bytes to; complete once disposed
    /// after <see cref="RecordingWriter.CompleteAsync"/>.</summary>
    Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken);

    /// <summary>Opens an object's plain bytes, seekable; only verified bytes are ever given.</summary>
    /// <exception cref="RecordingCorruptException">A chunk was dropped, swapped, doubled, truncated or altered.</exception>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken);

    /// <summary>The names of a recording's complete objects, sorted.</summary>
    Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Destroys the recording's key, then its objects. Doing it again does nothing.</summary>
    Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>True if anything of the recording is left in storage, complete or not.</summary>
    Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <summary>Writes one object of a recording.</summary>
public abstract class RecordingWriter : IAsyncDisposable
{
    /// <summary>Appends plain bytes; they are on disk, encrypted, a chunk at a time.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken);

    /// <summary>Seals the object and makes it durable. Without it the object is not listed.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A stored recording does not verify; none of its unverified bytes were given out.</summary>
public sealed class RecordingCorruptException(string message) : Exception(message);
