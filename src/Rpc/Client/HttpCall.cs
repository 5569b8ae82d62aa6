using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a call ended.</summary>
internal sealed record CallResult(Status Status, Metadata Trailers);

/// <summary>What the call objects need of a call, whatever its messages are.</summary>
internal interface IHttpCall
{
    /// <exception cref="InvalidOperationException">The call is not over.</exception>
    CallResult Result { get; }

    CallResult? ResultOrNull { get; }

    CancellationToken Aborted { get; }

    Task<Metadata> HeadersAsync();

    void Cancel(Status status);

    /// <summary>Ends the call because of an error; returns what the caller is to throw.</summary>
    RpcException Fail(Exception exception);

    /// <summary>
    /// What to throw after a request could not be sent. A server that ended the call early breaks the write; its status,
    /// not the broken write, is what happened.
    /// </summary>
    ValueTask<Exception> FailWriteAsync();
}

/// <summary>What a reader of responses needs of a call.</summary>
internal interface IResponseSource<TResponse>
{
    ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One call on the client. It ends once: by the server's trailers, by an error, or by being cancelled; the first one counts.</summary>
internal sealed class HttpCall<TRequest, TResponse>(GrpcChannel channel, Method<TRequest, TResponse> method, CallOptions options)
    : IHttpCall, IResponseSource<TResponse>
    where TRequest : class where TResponse : class
{
    private static readonly StreamPipeReaderOptions SingleMessage = new(bufferSize: 8192);

    /// <summary>A waiting stream holds no buffer.</summary>
    private static readonly StreamPipeReaderOptions ManyMessages = new(bufferSize: 16384, useZeroByteReads: true);

    private readonly CancellationTokenSource _aborted = new();
    private CancellationTokenRegistration _userCancels;
    private CancellationTokenRegistration _channelCloses;
    private ITimer? _deadline;
    private Task<HttpResponseMessage> _response = null!;
    private HttpResponseMessage? _received;
    private RequestStreamContent<TRequest>? _requests;
    private PipeReader? _pipe;
    private FrameReader? _reader;
    private Task<TResponse>? _single;
    private CallResult? _result;

    public CallResult Result => _result ?? throw new InvalidOperationException("The call is not over.");

    public CancellationToken Aborted => _aborted.Token;

    public CallResult? ResultOrNull => _result;

    /// <summary>Starts a call with one request.</summary>
    public void Start(string? host, TRequest request)
    {
        var message = CreateRequest(host, out var compress);
        message.Content = new SingleRequestContent<TRequest>(request, method.RequestMarshaller, channel.Options.MaxSendMessageSize, compress, options.WriteOptions);
        Send(message);
    }

    /// <summary>Starts a call with a stream of requests.</summary>
    public ClientStreamWriter<TRequest> Start(string? host)
    {
        var message = CreateRequest(host, out var compress);
        message.Content = _requests = new RequestStreamContent<TRequest>();
        Send(message);
        return new ClientStreamWriter<TRequest>(
            _requests, method.RequestMarshaller, channel.Options.MaxSendMessageSize, compress, options.WriteOptions, this);
    }

    public async Task<Metadata> HeadersAsync()
    {
        try
        {
            return ResponseHeaders.ToMetadata((await _response).Headers);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>The only response of the call.</summary>
    public Task<TResponse> ReadSingleAsync() => _single = ReadSingleCoreAsync();

    private async Task<TResponse> ReadSingleCoreAsync()
    {
        try
        {
            var reader = await OpenAsync(SingleMessage);
            var message = reader is null ? null : await reader.ReadSingleAsync(method.ResponseMarshaller.ContextualDeserializer, Aborted);
            await FinishAsync();
            return message ?? throw new RpcException(new Status(StatusCode.Internal, "The server sent no message."));
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>The next response, or null at the good end of the call.</summary>
    public async ValueTask<TResponse?> ReadAsync(CancellationToken cancellationToken)
    {
        using var cancels = cancellationToken.UnsafeRegister(static call => ((IHttpCall)call!).Cancel(Status.DefaultCancelled), this);
        try
        {
            var reader = await OpenAsync(ManyMessages);
            var message = reader is null ? null : await reader.ReadAsync(method.ResponseMarshaller.ContextualDeserializer, Aborted);
            if (message is null)
                await FinishAsync();
            return message;
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    /// <summary>Ends the call unless it is over, and tells the server.</summary>
    public void Cancel(Status status) => End(new CallResult(status, Metadata.Empty), abort: true);

    public RpcException Fail(Exception exception)
    {
        if (_result is null)
            End(Errors.ToResult(exception), abort: true);
        var (status, trailers) = _result!;
        return exception is RpcException same && same.Status == status ? same : new RpcException(status, trailers);
    }

    public async ValueTask<Exception> FailWriteAsync()
    {
        try
        {
            if (_result is null && _single is not null)
                await _single;
            else if (_result is null && await OpenAsync(ManyMessages) is null)
                await FinishAsync();
        }
#pragma warning disable CA1031 // Returned, for the caller to throw.
        catch (Exception e)
        {
            return Fail(e);
        }
#pragma warning restore CA1031
        return _result switch
        {
            null => new RpcException(new Status(StatusCode.Cancelled, "The server takes no more requests; the responses end with its status.")),
            { Status.StatusCode: StatusCode.OK } => new InvalidOperationException("The call is over."),
            var (status, trailers) => new RpcException(status, trailers),
        };
    }

    private HttpRequestMessage CreateRequest(string? host, out bool compress)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.AddressOf(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", "grpc-csharp-httpclient/1.0");
        headers.TryAddWithoutValidation(Protocol.AcceptEncodingHeader, Protocol.AcceptedEncodings);
        if (host is not null)
            headers.Host = host;
        compress = false;
        foreach (var entry in options.Headers ?? Metadata.Empty)
        {
            // The way Grpc.Net.Client is asked to compress a call's requests.
            if (entry.Key == "grpc-internal-encoding-request")
                compress = entry.Value == Protocol.Gzip;
            else if (!Protocol.IsReserved(entry.Key))
                headers.TryAddWithoutValidation(entry.Key, Protocol.EncodeValue(entry));
        }
        if (compress)
            headers.TryAddWithoutValidation(Protocol.EncodingHeader, Protocol.Gzip);
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue)
            StartDeadline(deadline, headers);
        return request;
    }

    private void StartDeadline(DateTime deadline, HttpRequestHeaders headers)
    {
        if (deadline.Kind != DateTimeKind.Utc)
            throw new InvalidOperationException("A deadline is in UTC.");
        var left = deadline - channel.Time.GetUtcNow().UtcDateTime;
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        headers.TryAddWithoutValidation(Protocol.TimeoutHeader, Protocol.FormatTimeout(left));
        if (left < Protocol.LongestTimeout)
        {
            _deadline = channel.Time.CreateTimer(
                static call => ((IHttpCall)call!).Cancel(new Status(StatusCode.DeadlineExceeded, "")), this, left, Timeout.InfiniteTimeSpan);
        }
    }

    private void Send(HttpRequestMessage request)
    {
        _userCancels = options.CancellationToken.UnsafeRegister(static call => ((IHttpCall)call!).Cancel(Status.DefaultCancelled), this);
        _channelCloses = channel.Shutdown.UnsafeRegister(
            static call => ((IHttpCall)call!).Cancel(new Status(StatusCode.Cancelled, "The channel was closed.")), this);
        _response = ReceiveAsync(request);
        if (_result is not null)
            Unregister();
    }

    private void Unregister()
    {
        _deadline?.Dispose();
        _userCancels.Unregister();
        _channelCloses.Unregister();
    }

    /// <summary>Nobody may be reading yet while somebody waits to write: a call that is over already ends here.</summary>
    private async Task<HttpResponseMessage> ReceiveAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await channel.SendAsync(request, Aborted);
            _received = response;
            Thread.MemoryBarrier();
            if (_result is not null)
                response.Dispose();
            ResponseHeaders.Check(response);
            if (IsHeadersOnly(response))
                End(ResponseHeaders.ToResult(response.Headers), abort: false);
            return response;
        }
        catch (Exception e)
        {
            throw Fail(e);
        }
    }

    private static bool IsHeadersOnly(HttpResponseMessage response) => response.Headers.NonValidated.Contains(Protocol.StatusHeader);

    /// <summary>The reader of responses, or null if the headers hold the status already.</summary>
    private async ValueTask<FrameReader?> OpenAsync(StreamPipeReaderOptions pipeOptions)
    {
        if (_reader is not null)
            return _reader;
        var response = await _response;
        if (IsHeadersOnly(response))
            return null;
        _pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(Aborted), pipeOptions);
        return _reader = new FrameReader(_pipe, channel.Options.MaxReceiveMessageSize, ResponseHeaders.IsCompressed(response), StatusCode.Internal);
    }

    /// <summary>Takes the server's status after its last message.</summary>
    /// <exception cref="RpcException">It is not OK.</exception>
    private async ValueTask FinishAsync()
    {
        var response = await _response;
        End(ResponseHeaders.ToResult(IsHeadersOnly(response) ? response.Headers : response.TrailingHeaders), abort: false);
        if (_pipe is not null)
            await _pipe.CompleteAsync();
        if (Result.Status.StatusCode != StatusCode.OK)
            throw new RpcException(Result.Status, Result.Trailers);
    }

    private void End(CallResult result, bool abort)
    {
        if (Interlocked.CompareExchange(ref _result, result, null) is not null)
            return;
        Unregister();
        if (abort)
            _aborted.Cancel();
        _requests?.End(abort);
        _received?.Dispose();
    }
}
