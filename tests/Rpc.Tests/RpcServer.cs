using ContactCenter.Rpc.Tests.Protos;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Rpc.Tests;

/// <summary>The Echo service, health and reflection on a real Kestrel, HTTP/2 without TLS, on a free port.</summary>
public sealed class RpcServer : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];

    private RpcServer(WebApplication app) => App = app;

    public WebApplication App { get; }

    public EchoLog Log => App.Services.GetRequiredService<EchoLog>();

    public string Address => App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<RpcServer> StartAsync(
        Action<GrpcServiceOptions>? options = null, Action<ListenOptions>? listen = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.UseGrpcDefaults();
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen ?? (endpoint => endpoint.Protocols = HttpProtocols.Http2));
        });
        builder.Services.AddSingleton<EchoLog>();
        builder.Services.AddGrpc(options ?? (_ => { }));
        builder.Services.AddGrpcHealth();
        builder.Services.AddGrpcReflection();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGrpcService<EchoService>();
        app.MapGrpcHealthService();
        app.MapGrpcReflectionService();
        app.MapGet("/plain", () => "plain");
        await app.StartAsync();
        return new RpcServer(app);
    }

    public GrpcChannel Channel(GrpcChannelOptions? options = null)
    {
        var channel = GrpcChannel.ForAddress(Address, options ?? new GrpcChannelOptions());
        _channels.Add(channel);
        return channel;
    }

    public Echo.EchoClient Client(GrpcChannelOptions? options = null) => new(Channel(options));

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await App.DisposeAsync();
    }
}
