using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.HealthCheck
{
    /// <summary>Says which services can serve. The empty name is the whole server, which serves unless told otherwise.</summary>
    public interface IHealthStatus
    {
        /// <summary>Sets the status of a service, and tells those who watch it.</summary>
        void Set(string service, ServingStatus status);

        /// <summary>Forgets a service; its watchers are told SERVICE_UNKNOWN.</summary>
        void Clear(string service);

        /// <summary>The status of a service, or SERVICE_UNKNOWN.</summary>
        ServingStatus Get(string service);
    }

    /// <summary>Holds the statuses, and one signal for each watcher.</summary>
    internal sealed class HealthStatusManager : IHealthStatus
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal) { [""] = ServingStatus.Serving };
        private readonly List<(string Service, ChannelWriter<ServingStatus> Watcher)> _watchers = [];

        public void Set(string service, ServingStatus status) => Change(service, status);

        public void Clear(string service) => Change(service, null);

        public ServingStatus Get(string service)
        {
            lock (_gate)
                return _statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);
        }

        /// <summary>The status now, then each change; a watcher too slow for every change sees the latest.</summary>
        public async IAsyncEnumerable<ServingStatus> WatchAsync(
            string service, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var changes = Channel.CreateBounded<ServingStatus>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
            lock (_gate)
            {
                changes.Writer.TryWrite(_statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown));
                _watchers.Add((service, changes.Writer));
            }
            try
            {
                await foreach (var status in changes.Reader.ReadAllAsync(cancellationToken))
                    yield return status;
            }
            finally
            {
                lock (_gate)
                    _watchers.Remove((service, changes.Writer));
            }
        }

        private void Change(string service, ServingStatus? status)
        {
            lock (_gate)
            {
                if (_statuses.TryGetValue(service, out var before) ? before == status : status is null)
                    return;
                if (status is null)
                    _statuses.Remove(service);
                else
                    _statuses[service] = status.Value;
                foreach (var (_, watcher) in _watchers.Where(entry => string.Equals(entry.Service, service, StringComparison.Ordinal)))
                    watcher.TryWrite(status ?? ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <summary>Answers <c>grpc.health.v1.Health</c>.</summary>
    internal sealed class HealthService(HealthStatusManager statuses) : Health.V1.Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            var status = statuses.Get(request.Service);
            return status == ServingStatus.ServiceUnknown
                ? throw new RpcException(new Status(StatusCode.NotFound, "The service is unknown."))
                : Task.FromResult(new HealthCheckResponse { Status = status });
        }

        public override async Task Watch(
            HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
        {
            await foreach (var status in statuses.WatchAsync(request.Service, context.CancellationToken))
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status });
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Adds gRPC health checking.</summary>
    public static class GrpcHealthServiceExtensions
    {
        /// <summary>Registers <see cref="IHealthStatus"/>, through which the application says what can serve.</summary>
        public static IServiceCollection AddGrpcHealth(this IServiceCollection services)
        {
            services.AddGrpc();
            services.TryAddSingleton<HealthStatusManager>();
            services.TryAddSingleton<IHealthStatus>(provider => provider.GetRequiredService<HealthStatusManager>());
            services.TryAddSingleton<HealthService>();
            return services;
        }

        /// <summary>Serves <c>grpc.health.v1.Health</c>.</summary>
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthService(this IEndpointRouteBuilder builder) =>
            builder.MapGrpcService<HealthService>();
    }
}
