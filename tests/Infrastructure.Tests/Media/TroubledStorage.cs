using ContactCenter.Application.Recordings;

namespace ContactCenter.Infrastructure.Tests.Media;

/// <summary>The real storage on a disk that fails once to create, once half-way through a write and once to complete; or that stands still.</summary>
internal sealed class TroubledStorage(IRecordingStorage storage) : IRecordingStorage
{
    private readonly List<string> _failed = [];
    private TaskCompletionSource _moves = Moving();
    private Func<Exception>? _trouble;

    public IReadOnlyList<string> Failed => _failed;

    public void FailOnce(Func<Exception>? with = null) => _trouble = with ?? (() => new IOException("No space left on device."));

    /// <summary>From now on nothing is completed.</summary>
    public void StandStill() => _moves = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn() => _moves.TrySetResult();

    public async Task<RecordingWriter> CreateAsync(Guid recordingId, string name, CancellationToken cancellationToken)
    {
        Fail("create");
        return new TroubledWriter(await storage.CreateAsync(recordingId, name, cancellationToken), this);
    }

    public Task<Stream> OpenAsync(Guid recordingId, string name, CancellationToken cancellationToken) => storage.OpenAsync(recordingId, name, cancellationToken);

    public Task<IReadOnlyList<string>> ListAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ListAsync(recordingId, cancellationToken);

    public Task RecoverAsync(Guid recordingId, CancellationToken cancellationToken) => storage.RecoverAsync(recordingId, cancellationToken);

    public Task PurgeAsync(Guid recordingId, CancellationToken cancellationToken) => storage.PurgeAsync(recordingId, cancellationToken);

    public Task<bool> ExistsAsync(Guid recordingId, CancellationToken cancellationToken) => storage.ExistsAsync(recordingId, cancellationToken);

    private static TaskCompletionSource Moving()
    {
        var moves = new TaskCompletionSource();
        moves.SetResult();
        return moves;
    }

    private void Fail(string operation)
    {
        if (_trouble is not { } trouble || _failed.Contains(operation))
            return;
        _failed.Add(operation);
        throw trouble();
    }

    private sealed class TroubledWriter(RecordingWriter writer, TroubledStorage disk) : RecordingWriter
    {
        public override long Length => writer.Length;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> plain, CancellationToken cancellationToken)
        {
            var half = plain.Length / 2;
            await writer.WriteAsync(plain[..half], cancellationToken);
            disk.Fail("write");
            await writer.WriteAsync(plain[half..], cancellationToken);
        }

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            disk.Fail("complete");
            await disk._moves.Task.WaitAsync(cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync() => writer.DisposeAsync();
    }
}
