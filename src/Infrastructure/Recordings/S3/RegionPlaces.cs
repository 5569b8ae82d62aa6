using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>An encrypted object that is complete in a region's spool, on its way to the bucket of the same region.</summary>
internal sealed class SealedObject<TRegion>
    where TRegion : IRegion
{
    private SealedObject(Guid recordingId, string name, string file) => (RecordingId, Name, File) = (recordingId, name, file);

    public Guid RecordingId { get; }

    public string Name { get; }

    public string File { get; }

    /// <summary>The one in a spool; null if there is none.</summary>
    public static SealedObject<TRegion>? In(RecordingSpool<TRegion> spool, Guid recordingId, string name) =>
        spool.Storage.SealedFile(recordingId, name) is { } file ? new(recordingId, name, file) : null;
}

/// <summary>Where objects of one region are written until they are complete: encrypted, on this machine's disk.</summary>
public sealed class RecordingSpool<TRegion>(string root, IMasterKeys masterKeys) : IDisposable
    where TRegion : IRegion
{
    internal EncryptedRecordingStorage Storage { get; } = new(root, TRegion.Region, masterKeys);

    /// <inheritdoc/>
    public void Dispose() => Storage.Dispose();
}

/// <summary>The bucket of one region: <c>{region}/{recording}/key</c> and, per object, <c>{region}/{recording}/{name}.enc</c>.</summary>
public sealed class RecordingBucket<TRegion>(BucketPlace place) : IRecordingPlace, IDisposable
    where TRegion : IRegion
{
    private const string Complete = ".enc";
    private const string Key = "key";
    private readonly string _name = place.Bucket;
    private readonly Bucket _bucket = new(place);

    private static string Root => EncryptedRecordingStorage.Folder(TRegion.Region) + "/";

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var location = await _bucket.LocationAsync(cancellationToken);
        if (!TRegion.Locations.Contains(location, StringComparer.Ordinal))
            throw new InvalidOperationException($"The bucket {_name} lies in {location}, which is no place for recordings of {Root[..^1]}.");
        var probe = $"{Root}probe-{Guid.CreateVersion7():D}";
        try
        {
            if (!await _bucket.CreateAsync(probe, [1], cancellationToken) || await _bucket.CreateAsync(probe, [2], cancellationToken)
                || await _bucket.ReplaceAsync(probe, [3], "\"another\"", cancellationToken))
                throw new InvalidOperationException($"The server of the bucket {_name} does not heed If-None-Match and If-Match.");
        }
        finally
        {
            await _bucket.DestroyAsync(probe, cancellationToken);
        }
    }

    internal async Task<byte[]?> ReadKeyAsync(Guid recordingId, CancellationToken cancellationToken) =>
        (await _bucket.ReadAsync(KeyOf(recordingId), cancellationToken))?.Bytes;

    /// <summary>The recording's wrapped key: the one that is there, or this one.</summary>
    internal async Task<byte[]> ReadOrCreateKeyAsync(Guid recordingId, Func<byte[]> make, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await ReadKeyAsync(recordingId, cancellationToken) is { } there)
                return there;
            var made = make();
            if (await _bucket.CreateAsync(KeyOf(recordingId), made, cancellationToken))
                return made;
        }
    }

    internal Task<bool> HasKeyAsync(Guid recordingId, CancellationToken cancellationToken) => HasAsync(KeyOf(recordingId), cancellationToken);

    internal Task<bool> HasAsync(Guid recordingId, string name, CancellationToken cancellationToken) => HasAsync(PathOf(recordingId, name), cancellationToken);

    /// <summary>Takes an object of this region over; one that came before, whose answer was lost, is as good.</summary>
    /// <exception cref="RecordingObjectExistsException">There is another object of that name.</exception>
    internal async Task PutAsync(SealedObject<TRegion> complete, CancellationToken cancellationToken)
    {
        var path = PathOf(complete.RecordingId, complete.Name);
        await _bucket.CreateFromAsync(path, complete.File, cancellationToken);
        // Seen, not believed: what is here is deleted next.
        var there = await _bucket.LookAsync(path, cancellationToken) ?? throw new IOException($"The bucket does not have {complete.Name} after all.");
        if (there.Length != new FileInfo(complete.File).Length)
            throw new RecordingObjectExistsException($"The recording has another object {complete.Name}.");
    }

    internal async Task<ISealedBytes> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        var path = PathOf(recordingId, name);
        var (length, tag) = await _bucket.LookAsync(path, cancellationToken) ?? throw new FileNotFoundException("The recording has no such object.");
        return new BucketBytes(_bucket, path, tag, length);
    }

    internal async Task<IEnumerable<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) =>
        (await _bucket.ListAsync(FolderOf(recordingId), cancellationToken))
            .Where(path => path.EndsWith(Complete, StringComparison.Ordinal))
            .Select(path => path[FolderOf(recordingId).Length..^Complete.Length]);

    internal Task<bool> HoldsAsync(Guid recordingId, CancellationToken cancellationToken) => _bucket.HoldsAsync(FolderOf(recordingId), cancellationToken);

    internal Task DestroyKeyAsync(Guid recordingId, CancellationToken cancellationToken) => _bucket.DestroyAsync(KeyOf(recordingId), cancellationToken);

    internal Task DestroyAsync(Guid recordingId, CancellationToken cancellationToken) => _bucket.DestroyAsync(FolderOf(recordingId), cancellationToken);

    /// <summary>Replaces each key that is to be; one that is purged or replaced meanwhile is left as it is.</summary>
    internal async Task RewrapAsync(Func<byte[], Guid, byte[]?> rewrapped, RotationCount count, CancellationToken cancellationToken)
    {
        foreach (var path in await _bucket.ListAsync(Root, cancellationToken))
        {
            if (path.Split('/') is [_, var id, Key] && Guid.TryParseExact(id, "D", out var recordingId))
                await count.TryAsync(recordingId, () => RewrapAsync(path, key => rewrapped(key, recordingId), cancellationToken));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _bucket.Dispose();

    private static string FolderOf(Guid recordingId) => $"{Root}{recordingId:D}/";

    private static string KeyOf(Guid recordingId) => FolderOf(recordingId) + Key;

    private static string PathOf(Guid recordingId, string name) => FolderOf(recordingId) + name + Complete;

    private async Task<bool> HasAsync(string path, CancellationToken cancellationToken) => await _bucket.LookAsync(path, cancellationToken) is not null;

    private async Task<bool> RewrapAsync(string path, Func<byte[], byte[]?> rewrapped, CancellationToken cancellationToken) =>
        await _bucket.ReadAsync(path, cancellationToken) is { } there && rewrapped(there.Bytes) is { } again
            && await _bucket.ReplaceAsync(path, again, there.Tag, cancellationToken);
}
