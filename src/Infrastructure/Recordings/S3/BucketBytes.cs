namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>The bytes of an object in a bucket, fetched ahead: a reader goes on from where it is.</summary>
internal sealed class BucketBytes(Bucket bucket, string key, string tag, long length) : ISealedBytes
{
    /// <summary>A minute of audio in one request.</summary>
    private const int AheadBytes = 1 << 20;
    private byte[] _ahead = [];
    private long _at = -1;

    public long Length => length;

    public int Read(Memory<byte> into, long at) => ReadAsync(into, at, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public async ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Clamp(length - at, 0, into.Length);
        if (wanted == 0)
            return 0;
        if (at < _at || at + wanted > _at + _ahead.Length)
        {
            // Beginning and end are looked at first: of a longer object only who goes on reads ahead.
            var goesOn = at >= _at && at <= _at + _ahead.Length;
            var from = length <= AheadBytes ? 0 : at;
            var count = length <= AheadBytes ? length : goesOn ? Math.Max(AheadBytes, wanted) : wanted;
            var fetched = new byte[(int)Math.Min(length - from, count)];
            var read = await bucket.ReadRangeAsync(key, tag, from, fetched, cancellationToken);
            (_ahead, _at) = (fetched[..read], from);
        }

        var given = (int)Math.Clamp(_at + _ahead.Length - at, 0, wanted);
        _ahead.AsMemory((int)(at - _at), given).CopyTo(into);
        return given;
    }

    public void Dispose() => _ahead = [];
}
