using System.IO.Compression;
using System.Net;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>The only request of a call. Written anew for every attempt HttpClient makes on a fresh connection.</summary>
internal sealed class SingleRequestContent<TRequest> : HttpContent
{
    private readonly TRequest _request;
    private readonly Marshaller<TRequest> _marshaller;
    private readonly int? _maxSize;
    private readonly bool _compress;
    private readonly WriteOptions? _options;

    public SingleRequestContent(TRequest request, Marshaller<TRequest> marshaller, int? maxSize, bool compress, WriteOptions? options)
    {
        (_request, _marshaller, _maxSize, _compress, _options) = (request, marshaller, maxSize, compress, options);
        Headers.TryAddWithoutValidation("content-type", Protocol.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBuffer();
        new FrameWriter(buffer, _maxSize, _compress ? CompressionLevel.Fastest : null).Write(_request, _marshaller.ContextualSerializer, _options);
        await stream.WriteAsync(buffer.Written, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}

/// <summary>The requests of a streaming call: lends HttpClient's stream to the writer until it completes.</summary>
internal sealed class RequestStreamContent<TRequest> : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RequestStreamContent() => Headers.TryAddWithoutValidation("content-type", Protocol.ContentType);

    public Task<Stream> Stream => _stream.Task;

    public void Complete() => _completed.TrySetResult();

    /// <summary>The call is over; without an abort this looks like a completed stream, with it the server sees a reset.</summary>
    public void End(bool abort)
    {
        _stream.TrySetCanceled();
        if (abort)
            _completed.TrySetCanceled();
        else
            _completed.TrySetResult();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            // Sends the headers, so that the server can answer before the first request.
            await stream.FlushAsync(cancellationToken);
        }
        catch (Exception)
        {
            // The server has answered for good already, or is gone: whoever waits to write must not wait on.
            _stream.TrySetCanceled(CancellationToken.None);
            throw;
        }

        if (!_stream.TrySetResult(stream) && !_stream.Task.IsCanceled)
            throw new IOException("A stream of requests cannot be sent a second time.");
        await _completed.Task.WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
