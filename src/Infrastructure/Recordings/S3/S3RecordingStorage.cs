using System.Security.Cryptography;
using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>
/// Recordings in an S3 bucket of one region (REC-5, ADR 0052). An object is written, encrypted, to the spool on this
/// machine's disk, second by second as a local one, and goes to the bucket when it is complete. The bucket has the one
/// wrapped key of each recording: whoever destroys that has destroyed it for every node.
/// </summary>
public sealed class S3RecordingStorage<TRegion>(RecordingBucket<TRegion> bucket, RecordingSpool<TRegion> spool, IMasterKeys masterKeys)
    : IRecordingStorage, IRecordingKeyRotation, IRecordingSpool, IDisposable
    where TRegion : IRegion
{
    private readonly RecordingKeys _keys = new(TRegion.Region, masterKeys);
    private readonly OpenReaders _readers = new();

    /// <inheritdoc/>
    /// <remarks>A node that comes back brings what is on its disk (ADR 0065).</remarks>
    public TimeSpan MayComeLate => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        EncryptedRecordingStorage.CheckName(name);
        if (await bucket.HasAsync(recordingId, name, cancellationToken))
            throw new RecordingObjectExistsException($"The recording has an object {name} already.");
        var key = await bucket.ReadOrCreateKeyAsync(recordingId, () => _keys.Make(recordingId), cancellationToken);
        var writer = await spool.Storage.CreateAsync(recordingId, name, key, cancellationToken);
        return new ShippingWriter(writer, stopping => ShipAsync(recordingId, name, stopping));
    }

    /// <inheritdoc/>
    public async Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        EncryptedRecordingStorage.CheckName(name);
        // Read where every node purges it, if it can be brought there.
        if (SealedObject<TRegion>.In(spool, recordingId, name) is not null && !await TryShipAsync(recordingId, name, cancellationToken)
            && await bucket.HasKeyAsync(recordingId, cancellationToken))
            return await spool.Storage.OpenAsync(recordingId, name, cancellationToken);
        var key = await bucket.ReadKeyAsync(recordingId, cancellationToken) ?? throw new FileNotFoundException("There is no such recording.");
        var dataKey = _keys.Open(key, recordingId);
        try
        {
            var bytes = _readers.Guard(recordingId, await bucket.OpenAsync(recordingId, name, cancellationToken));
            return await EncryptedObjectStream.OpenAsync(bytes, dataKey, _keys.Context(recordingId, name), cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (!await bucket.HasKeyAsync(recordingId, cancellationToken))
            return [];
        // In this order, so that one on its way is seen in one place or in both.
        var here = await spool.Storage.ListAsync(recordingId, cancellationToken);
        var there = await bucket.ListAsync(recordingId, cancellationToken);
        return [.. here.Union(there, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        try
        {
            await spool.Storage.RecoverAsync(recordingId, cancellationToken);
        }
        finally
        {
            // What is whole goes, whatever the others are like.
            foreach (var name in await spool.Storage.ListAsync(recordingId, cancellationToken))
                await ShipAsync(recordingId, name, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        List<Exception> failed = [];
        foreach (var recordingId in spool.Storage.Recordings())
        {
            try
            {
                await TakeUpAsync(recordingId, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failed.Add(new IOException($"What is left here of recording {recordingId} cannot be taken up.", e));
            }
        }

        if (failed.Count > 0)
            throw new AggregateException(failed);
    }

    /// <summary>The bucket had the key before the spool had anything: without it the recording is purged.</summary>
    private async Task TakeUpAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (await bucket.HasKeyAsync(recordingId, cancellationToken))
            await RecoverAsync(recordingId, cancellationToken);
        else
            await spool.Storage.PurgeAsync(recordingId, cancellationToken);
        await spool.Storage.SweepAsync(recordingId, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">Something is left; purge again.</exception>
    public async Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        _readers.End(recordingId);
        await bucket.DestroyKeyAsync(recordingId, cancellationToken);
        // Whoever opened it before the key was gone.
        _readers.End(recordingId);
        await spool.Storage.PurgeAsync(recordingId, cancellationToken);
        await bucket.DestroyAsync(recordingId, cancellationToken);
        if (await bucket.HoldsAsync(recordingId, cancellationToken))
            throw new IOException($"Recording {recordingId} is not purged: the bucket still holds something of it.");
    }

    /// <inheritdoc/>
    public async Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) =>
        await spool.Storage.ExistsAsync(recordingId, cancellationToken) || await bucket.HoldsAsync(recordingId, cancellationToken);

    /// <inheritdoc/>
    public async Task<KeyRotation> RewrapAsync(CancellationToken cancellationToken)
    {
        var count = new RotationCount();
        // A copy in the spool is the same key: counted once, in the bucket.
        count.AddFailures(await spool.Storage.RewrapAsync(cancellationToken));
        await bucket.RewrapAsync(_keys.Rewrapped, count, cancellationToken);
        return count.Result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bucket.Dispose();
        spool.Dispose();
    }

    /// <summary>False if the bucket does not take it now.</summary>
    private async Task<bool> TryShipAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        try
        {
            await ShipAsync(recordingId, name, cancellationToken);
            return true;
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Brings a complete object to the bucket; what was done of it before is not done again.</summary>
    private async Task ShipAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        var complete = SealedObject<TRegion>.In(spool, recordingId, name);
        if (complete is not null)
        {
            await ThrowIfPurgedAsync(recordingId, cancellationToken);
            try
            {
                await bucket.PutAsync(complete, cancellationToken);
            }
            catch (FileNotFoundException) when (SealedObject<TRegion>.In(spool, recordingId, name) is null)
            {
                // Another attempt was quicker, or it was purged; which of the two is looked up next.
            }
        }

        await ThrowIfPurgedAsync(recordingId, cancellationToken);
        if (complete is null && !await bucket.HasAsync(recordingId, name, cancellationToken))
            throw new FileNotFoundException("The recording has no such object.");
        await spool.Storage.ForgetAsync(recordingId, name, cancellationToken);
    }

    /// <summary>A purge destroys the key first: whoever finds none after writing takes what was written away again.</summary>
    private async Task ThrowIfPurgedAsync(Guid recordingId, CancellationToken cancellationToken)
    {
        if (await bucket.HasKeyAsync(recordingId, cancellationToken))
            return;
        await PurgeAsync(recordingId, cancellationToken);
        throw new FileNotFoundException("The recording was purged meanwhile.");
    }

    /// <summary>Seals here, then ships.</summary>
    private sealed class ShippingWriter(RecordingWriter inner, Func<CancellationToken, Task> ship) : RecordingWriter
    {
        private bool _sealed;

        public override long Length => inner.Length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken) => inner.WriteAsync(plain, cancellationToken);

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            if (!_sealed)
                await inner.CompleteAsync(cancellationToken);
            _sealed = true;
            await ship(cancellationToken);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
