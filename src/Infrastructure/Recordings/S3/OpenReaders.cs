namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>Who reads which recording on this node now: what a reader has fetched ahead ends with its recording (REC-11).</summary>
internal sealed class OpenReaders
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HashSet<EndingBytes>> _reading = [];

    /// <summary>The same bytes, until the recording ends.</summary>
    public ISealedBytes Guard(Guid recordingId, ISealedBytes bytes)
    {
        var guarded = new EndingBytes(this, recordingId, bytes);
        lock (_gate)
        {
            if (_reading.TryGetValue(recordingId, out var reading))
                reading.Add(guarded);
            else
                _reading.Add(recordingId, [guarded]);
        }

        return guarded;
    }

    /// <summary>Nobody who reads it now reads on.</summary>
    public void End(Guid recordingId)
    {
        lock (_gate)
        {
            if (!_reading.TryGetValue(recordingId, out var reading))
                return;
            foreach (var bytes in reading)
                bytes.End();
        }
    }

    private void Forget(Guid recordingId, EndingBytes bytes)
    {
        lock (_gate)
        {
            if (_reading.TryGetValue(recordingId, out var reading) && reading.Remove(bytes) && reading.Count == 0)
                _reading.Remove(recordingId);
        }
    }

    private sealed class EndingBytes(OpenReaders readers, Guid recordingId, ISealedBytes bytes) : ISealedBytes
    {
        private volatile bool _ended;

        public long Length => bytes.Length;

        public void End() => _ended = true;

        public int Read(Memory<byte> into, long at)
        {
            var read = bytes.Read(into, at);
            ThrowIfEnded();
            return read;
        }

        public async ValueTask<int> ReadAsync(Memory<byte> into, long at, CancellationToken cancellationToken)
        {
            var read = await bytes.ReadAsync(into, at, cancellationToken);
            ThrowIfEnded();
            return read;
        }

        public void Dispose()
        {
            readers.Forget(recordingId, this);
            bytes.Dispose();
        }

        private void ThrowIfEnded()
        {
            if (_ended)
                throw new FileNotFoundException("The recording was purged meanwhile.");
        }
    }
}
