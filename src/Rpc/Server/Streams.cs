using Grpc.Core;

namespace Grpc.AspNetCore.Server;

internal sealed class ServerStreamReader<T>(HttpServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T> where T : class
{
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("No message was read yet, or the stream is at its end.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = await call.ReadAsync(marshaller, single: false, cancellationToken);
        return _current is not null;
    }
}

internal sealed class ServerStreamWriter<T>(HttpServerCall call, Marshaller<T> marshaller) : IServerStreamWriter<T> where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var options = WriteOptions ?? call.WriteOptions;
        var flush = options?.Flags.HasFlag(WriteFlags.BufferHint) != true;
        return call.WriteAsync(message, marshaller, options, flush, cancellationToken);
    }
}
