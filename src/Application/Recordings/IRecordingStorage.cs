namespace ContactCenter.Application.Recordings;

/// <summary>
/// Where recorded audio is kept until the CRM has it. Every byte is encrypted before it reaches a disk, with a data
/// key per recording that only the master key opens (REC-5). Objects of a recording are its segments and, later,
/// what is made of them; each is a sequence of plain bytes to the caller.
/// </summary>
public interface IRecordingStorage
{
    /// <summary>
    /// How long after a node's death what it wrote may still come: zero where every node sees the same disk. A segment that is
    /// not there is not taken for lost before.
    /// </summary>
    TimeSpan MayComeLate => TimeSpan.Zero;

    /// <summary>Creates an object, and the recording with its key if it is the first, and gives the writer of its
    /// plain bytes. Until <see cref="RecordingWriter.CompleteAsync"/> it is not listed and cannot be opened.</summary>
    /// <exception cref="RecordingObjectExistsException">An object of that name is there, complete or not.</exception>
    Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken);

    /// <summary>Opens an object's plain bytes, seekable; only verified bytes are ever given.</summary>
    /// <exception cref="RecordingCorruptException">A chunk was dropped, swapped, doubled, truncated or altered.</exception>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken);

    /// <summary>The names of a recording's complete objects, sorted.</summary>
    Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>
    /// Completes the objects a crash left incomplete, each with every chunk that verifies; those being written are
    /// left alone. Doing it again does nothing.
    /// </summary>
    Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Destroys the recording's key, then its objects. Doing it again does nothing.</summary>
    Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>True if anything of the recording is left in storage, complete or not.</summary>
    Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken);
}

/// <summary>Writes one object of a recording.</summary>
public abstract class RecordingWriter : IAsyncDisposable
{
    /// <summary>How many plain bytes were taken so far.</summary>
    public abstract long Length { get; }

    /// <summary>
    /// Appends plain bytes; they are on disk, encrypted, a chunk at a time. After an <see cref="IOException"/> nothing
    /// taken is lost: <see cref="Length"/> says how far it came, and the rest may be written again.
    /// </summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken);

    /// <summary>Seals the object and makes it durable. After an <see cref="IOException"/> it may be tried again.</summary>
    /// <exception cref="FileNotFoundException">The recording was purged meanwhile.</exception>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>A stored recording does not verify; none of its unverified bytes were given out.</summary>
public sealed class RecordingCorruptException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The master key that a recording is under is not at hand here; nothing says that the recording is damaged.</summary>
public sealed class RecordingKeyMissingException(string message) : InvalidOperationException(message);

/// <summary>The recording has an object of that name already.</summary>
public sealed class RecordingObjectExistsException(string message) : Exception(message);
