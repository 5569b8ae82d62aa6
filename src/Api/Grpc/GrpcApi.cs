using ContactCenter.Api.Hosting;
using ContactCenter.Application.Agents.Adapter;
using Grpc.Core;

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
            grpc.Unread = (call, refusal) => call.GetHttpContext().RequestServices.GetRequiredService<GrpcGate>().UnreadAsync(call, refusal);
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
