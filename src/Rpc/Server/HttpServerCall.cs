using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Sockets;
using ContactCenter.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// One call on the server: reads requests, writes responses and ends exactly once. A deadline or a stopping server may end it
/// while the handler still runs; <see cref="_gate"/> keeps that from cutting into a write.
/// </summary>
internal sealed partial class HttpServerCall : ServerCallContext, IDisposable
{
    private static readonly StringValues OkText = Protocol.StatusText(StatusCode.OK);
    private static readonly StringValues GzipText = Protocol.Gzip;

    private readonly HttpContext _http;
    private readonly IMethod _method;
    private readonly GrpcServiceOptions _options;
    private readonly Lock _gate = new();
    private FrameReader? _reader;
    private FrameWriter? _writer;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private bool _requestIsCompressed;
    private bool _responseBegun;
    private bool _writing;
    private bool _ended;
    private CancellationToken _token;

    public HttpServerCall(HttpContext http, IMethod method, GrpcServiceOptions options)
    {
        (_http, _method, _options) = (http, method, options);
        _token = http.RequestAborted;
    }

    public HttpContext HttpContext => _http;

    /// <summary>Whether the interceptors have the call in hand.</summary>
    public bool IsInvoked { get; set; }

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => _http.Request.Host.Value ?? "";

    protected override string PeerCore
    {
        get
        {
            var address = _http.Connection.RemoteIpAddress;
            if (address is null)
                return "unknown";
            return address.AddressFamily == AddressFamily.InterNetworkV6
                ? string.Create(CultureInfo.InvariantCulture, $"ipv6:[{address}]:{_http.Connection.RemotePort}")
                : string.Create(CultureInfo.InvariantCulture, $"ipv4:{address}:{_http.Connection.RemotePort}");
        }
    }

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

    protected override CancellationToken CancellationTokenCore => _token;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => new(null, []);

    /// <summary>Checks the request's headers and prepares the response's.</summary>
    public void Begin(TimeProvider time, CancellationToken stopping)
    {
        _http.Response.ContentType = Protocol.ContentType;
        if (!HeaderLimit.IsKept(_http.Request))
            throw new RpcException(new Status(StatusCode.ResourceExhausted, "The metadata are larger than 32 KiB."));
        var headers = _http.Request.Headers;
        if (headers.TryGetValue(Protocol.EncodingHeader, out var encoding) && encoding != Protocol.Identity)
        {
            if (encoding != Protocol.Gzip)
            {
                _http.Response.Headers[Protocol.AcceptEncodingHeader] = Protocol.AcceptedEncodings;
                throw new RpcException(new Status(StatusCode.Unimplemented, "The grpc-encoding is not supported."));
            }
            _requestIsCompressed = true;
        }
        if (_options.ResponseCompressionAlgorithm == Protocol.Gzip && Protocol.AcceptsGzip(headers[Protocol.AcceptEncodingHeader]))
            _http.Response.Headers[Protocol.EncodingHeader] = GzipText;
        LiftTransportLimits();
        Watch(time, ReadTimeout(), stopping);
    }

    /// <summary>The next request, or null at the end.</summary>
    public async ValueTask<T?> ReadAsync<T>(Marshaller<T> marshaller, bool single, CancellationToken cancellationToken) where T : class
    {
        _reader ??= new FrameReader(
            _http.Request.BodyReader, _options.MaxReceiveMessageSize, _requestIsCompressed, StatusCode.InvalidArgument);
        using var both = cancellationToken.CanBeCanceled && cancellationToken != CancellationToken
            ? CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, CancellationToken)
            : null;
        try
        {
            var token = both?.Token ?? CancellationToken;
            return single
                ? await _reader.ReadSingleAsync(marshaller.ContextualDeserializer, token)
                    ?? throw new RpcException(new Status(StatusCode.Internal, "No message was sent to a method that takes one."))
                : await _reader.ReadAsync(marshaller.ContextualDeserializer, token);
        }
        catch (IOException e)
        {
            // The client reset the stream or the connection broke; for the handler both are a cancelled call.
            throw new OperationCanceledException("The client is gone.", e, CancellationToken);
        }
    }

    /// <summary>Writes a response; unless buffered, completes when the transport took it.</summary>
    public async Task WriteAsync<T>(T message, Marshaller<T> marshaller, WriteOptions? options, bool flush, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeginWrite();
        try
        {
            var pipe = _http.Response.BodyWriter;
            if (_writer is null)
            {
                var compress = _http.Response.Headers.ContainsKey(Protocol.EncodingHeader);
                await BeginResponseAsync();
                _writer = new FrameWriter(
                    pipe, _options.MaxSendMessageSize, compress ? _options.ResponseCompressionLevel ?? CompressionLevel.Fastest : null);
            }
            _writer.Write(message, marshaller.ContextualSerializer, options ?? WriteOptionsCore);
            if (flush)
            {
                // Kestrel aborts a stream whose flush is cancelled by a token, and the client would never see its status.
                using var cancels = cancellationToken.UnsafeRegister(static pipe => ((PipeWriter)pipe!).CancelPendingFlush(), pipe);
                var flushed = await pipe.FlushAsync(CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
                if (flushed.IsCompleted || _ended)
                    throw new OperationCanceledException("The call is over.", CancellationToken);
            }
        }
        finally
        {
            EndWrite();
        }
    }

    /// <summary>Writes the only response of a call, to be flushed together with the trailers; nothing if the call ended meanwhile or ended badly.</summary>
    public Task RespondAsync<T>(T response, Marshaller<T> marshaller) where T : class
    {
        if (response is null)
            throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        return _ended || StatusCore.StatusCode != StatusCode.OK
            ? Task.CompletedTask
            : WriteAsync(response, marshaller, WriteOptionsCore, flush: false, CancellationToken.None);
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        BeginWrite();
        try
        {
            if (_responseBegun)
                throw new InvalidOperationException("The response's headers are already sent.");
            Append(_http.Response.Headers, responseHeaders);
            await BeginResponseAsync();
            await _http.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }
        finally
        {
            EndWrite();
        }
    }

    private Task BeginResponseAsync()
    {
        if (_responseBegun)
            return Task.CompletedTask;
        _responseBegun = true;
        return _http.Response.StartAsync(CancellationToken.None);
    }

    /// <summary>A status before any response goes in the headers (gRPC's Trailers-Only), else in the trailers.</summary>
    private void WriteStatus(Status status)
    {
        var target = _responseBegun
            ? _http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : _http.Response.Headers;
        if (!_responseBegun)
            target.Remove(Protocol.EncodingHeader);
        target[Protocol.StatusHeader] = status.StatusCode == StatusCode.OK ? OkText : Protocol.StatusText(status.StatusCode);
        if (status.Detail.Length > 0)
            target[Protocol.MessageHeader] = Protocol.EncodeMessage(status.Detail);
        if (_responseTrailers is not null)
            Append(target, _responseTrailers);
    }

    private static void Append(IHeaderDictionary target, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!Protocol.IsReserved(entry.Key))
                target[entry.Key] = StringValues.Concat(target[entry.Key], Protocol.EncodeValue(entry));
        }
    }

    private TimeSpan? ReadTimeout()
    {
        if (!_http.Request.Headers.TryGetValue(Protocol.TimeoutHeader, out var text))
            return null;
        return Protocol.TryParseTimeout(text.ToString(), out var timeout)
            ? timeout
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "The grpc-timeout is malformed."));
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var (key, values) in _http.Request.Headers)
        {
            foreach (var value in values)
            {
                try
                {
                    Protocol.AddFromWire(metadata, key, value ?? "");
                }
                catch (FormatException)
                {
                    throw new RpcException(new Status(StatusCode.InvalidArgument, $"The metadata {key} is not base64."));
                }
            }
        }
        return metadata;
    }

    /// <summary>Messages have their own size limit, and a stream may be silent for as long as it likes; keep-alive finds dead peers.</summary>
    private void LiftTransportLimits()
    {
        if (_http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (_method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming
            && _http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
