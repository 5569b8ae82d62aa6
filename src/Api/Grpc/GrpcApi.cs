using ContactCenter.Api.Hosting;
using ContactCenter.Api.Operations;
using ContactCenter.Application.Agents.Adapter;
using Grpc.HealthCheck;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ContactCenter.Api.Grpc;

/// <summary>Registers and maps the gRPC services.</summary>
internal static class GrpcApi
{
    private const int MaxRequestBytes = 256 * 1024;

    /// <summary>The services, all behind one gate, and what adapters are fed from.</summary>
    public static void AddGrpcApi(this IServiceCollection services)
    {
        services.AddSingleton<GrpcGate>();
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MaxRequestBytes;
            grpc.Interceptors.Add<GrpcGate>();
        });
        services.AddGrpcHealth();
        services.AddGrpcReflection();
        services.AddSingleton<GrpcCall>();
        services.AddSingleton<AgentAdapterService>();
        services.AddSingleton<MonitoringService>();
        services.AddSingleton<EventFeedService>();
        services.AddSingleton<AdapterConnections>();
        services.AddSingleton<AdapterHub>();
        services.AddWorker("adapter hub", s => s.GetRequiredService<AdapterHub>().RunAsync);
        services.AddHostedService<GrpcHealth>();
    }

    /// <summary>Health is open; everything else asks who calls, reflection too.</summary>
    public static void MapGrpcApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<AgentAdapterService>();
        endpoints.MapGrpcService<MonitoringService>();
        endpoints.MapGrpcService<EventFeedService>();
        endpoints.MapGrpcHealthService();
        endpoints.MapGrpcReflectionService();
    }
}

/// <summary>Tells gRPC's health what <see cref="NodeState"/> says, for the whole server and each service.</summary>
internal sealed class GrpcHealth(IHealthStatus health) : IHostedLifecycleService
{
    private static readonly string[] Names =
        ["", V1.AgentAdapter.Descriptor.FullName, V1.Monitoring.Descriptor.FullName, V1.EventFeed.Descriptor.FullName];

    public Task StartingAsync(CancellationToken cancellationToken) => Tell(ServingStatus.NotServing);

    public Task StartedAsync(CancellationToken cancellationToken) => Tell(ServingStatus.Serving);

    public Task StoppingAsync(CancellationToken cancellationToken) => Tell(ServingStatus.NotServing);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task Tell(ServingStatus status)
    {
        foreach (var name in Names)
            health.Set(name, status);
        return Task.CompletedTask;
    }
}
