using System.IO.Compression;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.Net.Client;

internal sealed class ClientStreamReader<TResponse>(IResponseSource<TResponse> call) : IAsyncStreamReader<TResponse> where TResponse : class
{
    private TResponse? _current;
    private int _reading;

    public TResponse Current => _current ?? throw new InvalidOperationException("No message was read yet, or the stream is at its end.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) == 1)
            throw new InvalidOperationException("The previous read is not done.");
        try
        {
            _current = null;
            _current = await call.ReadAsync(cancellationToken);
            return _current is not null;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}

internal sealed class ClientStreamWriter<TRequest>(
    RequestStreamContent<TRequest> content, Marshaller<TRequest> marshaller, int? maxSize, bool compress, WriteOptions? options, IHttpCall call)
    : IClientStreamWriter<TRequest>
    where TRequest : class
{
    private int _writing;
    private bool _completed;

    public WriteOptions? WriteOptions { get; set; } = options;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_completed)
            throw new InvalidOperationException("The request stream is completed.");
        ThrowIfOver();
        if (Interlocked.Exchange(ref _writing, 1) == 1)
            throw new InvalidOperationException("The previous write is not done.");
        using var cancels = cancellationToken.UnsafeRegister(static call => ((IHttpCall)call!).Cancel(Status.DefaultCancelled), call);
        try
        {
            using var buffer = Serialize(message);
            await SendAsync(buffer);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    private PooledBuffer Serialize(TRequest message)
    {
        var buffer = new PooledBuffer();
        try
        {
            new FrameWriter(buffer, maxSize, compress ? CompressionLevel.Fastest : null).Write(message, marshaller.ContextualSerializer, WriteOptions);
            return buffer;
        }
        catch (Exception e)
        {
            buffer.Dispose();
            throw call.Fail(e);
        }
    }

    private async Task SendAsync(PooledBuffer buffer)
    {
        try
        {
            var stream = await content.Stream;
            await stream.WriteAsync(buffer.Written, call.Aborted);
            if (WriteOptions?.Flags.HasFlag(WriteFlags.BufferHint) != true)
                await stream.FlushAsync(call.Aborted);
        }
        catch (Exception)
        {
            throw await call.FailWriteAsync();
        }
    }

    public Task CompleteAsync()
    {
        _completed = true;
        content.Complete();
        return Task.CompletedTask;
    }

    private void ThrowIfOver()
    {
        if (call.ResultOrNull is not { } result)
            return;
        throw result.Status.StatusCode == StatusCode.OK
            ? new InvalidOperationException("The call is over.")
            : new RpcException(result.Status, result.Trailers);
    }
}
