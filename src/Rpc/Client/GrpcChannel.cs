using System.Collections.Concurrent;
using System.Net;
using ContactCenter.Rpc.Wire;
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>Options of a channel. Mirrors <c>Grpc.Net.Client.GrpcChannelOptions</c>.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Carries the requests; by default a <see cref="SocketsHttpHandler"/> of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Carries the requests instead of a handler.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Whether disposing the channel disposes the handler or client given.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Largest response in bytes, also after unpacking; null for none. 4 MB by default.</summary>
    public int? MaxReceiveMessageSize { get; set; } = Protocol.DefaultMaxReceiveMessageSize;

    /// <summary>Largest request in bytes; null, the default, for none.</summary>
    public int? MaxSendMessageSize { get; set; }
}

/// <summary>
/// A way to one server: HTTP/2 over TLS for <c>https</c>, with prior knowledge for <c>http</c>. Make one and keep it.
/// Mirrors <c>Grpc.Net.Client.GrpcChannel</c>.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _shutdown = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _ownsInvoker;
    private readonly Uri _address;

    private GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        _address = address;
        Options = options;
        _ownsInvoker = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        _invoker = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? CreateHandler(), disposeHandler: _ownsInvoker);
    }

    internal GrpcChannelOptions Options { get; }

    internal TimeProvider Time { get; } = TimeProvider.System;

    internal CancellationToken Shutdown => _shutdown.Token;

    /// <summary>A channel to an address such as <c>http://127.0.0.1:8081</c>. Nothing is connected before the first call.</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(new Uri(address));

    /// <summary>A channel to an address, with options.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>A channel to an address.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>A channel to an address, with options.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions) => new(address, channelOptions);

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => new HttpCallInvoker(this);

    /// <summary>Cancels the calls under way and closes the connections.</summary>
    public void Dispose()
    {
        _shutdown.Cancel();
        if (_ownsInvoker)
            _invoker.Dispose();
    }

    internal Uri AddressOf(IMethod method) => _addresses.GetOrAdd(method.FullName, static (path, address) => new Uri(address, path), _address);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        // Most messages then pass without a window update; Kestrel 10.0 can lose a response to one that comes late (dotnet/aspnetcore 53736).
        InitialHttp2StreamWindowSize = 1024 * 1024,
        KeepAlivePingDelay = TimeSpan.FromSeconds(60),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(30),
        UseCookies = false,
    };
}
