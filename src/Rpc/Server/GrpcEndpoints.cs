using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server
{
    /// <summary>What an endpoint serves; in its metadata. Mirrors <c>Grpc.AspNetCore.Server.GrpcMethodMetadata</c>.</summary>
    /// <param name="serviceType">The class that answers.</param>
    /// <param name="method">The method it answers.</param>
    public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
    {
        /// <summary>The class that answers.</summary>
        public Type ServiceType { get; } = serviceType;

        /// <summary>The method it answers.</summary>
        public IMethod Method { get; } = method;
    }

    /// <summary>Goes on configuring gRPC after <c>AddGrpc</c>. Mirrors <c>Grpc.AspNetCore.Server.IGrpcServerBuilder</c>.</summary>
    public interface IGrpcServerBuilder
    {
        /// <summary>The application's services.</summary>
        IServiceCollection Services { get; }
    }

    internal sealed record GrpcServerBuilder(IServiceCollection Services) : IGrpcServerBuilder;

    /// <summary>Whether the endpoint for unknown services is mapped; it must be there once.</summary>
    internal sealed class GrpcMarker;
}

namespace Grpc.Core
{
    /// <summary>Mirrors <c>Grpc.Core.ServerCallContextExtensions</c>.</summary>
    public static class ServerCallContextExtensions
    {
        /// <summary>The HTTP request behind the call.</summary>
        /// <exception cref="InvalidOperationException">The context is not of this server.</exception>
        public static HttpContext GetHttpContext(this ServerCallContext serverCallContext) =>
            (serverCallContext as HttpServerCall)?.HttpContext ?? throw new InvalidOperationException("This call did not come over HTTP.");
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Mirrors <c>GrpcServicesExtensions</c>.</summary>
    public static class GrpcServicesExtensions
    {
        /// <summary>Makes gRPC services possible.</summary>
        public static IGrpcServerBuilder AddGrpc(this IServiceCollection services)
        {
            services.AddRouting();
            services.AddOptions<GrpcServiceOptions>();
            services.TryAddSingleton<GrpcMarker>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, UnimplementedCalls>());
            return new GrpcServerBuilder(services);
        }

        /// <summary>Makes gRPC services possible, with options.</summary>
        public static IGrpcServerBuilder AddGrpc(this IServiceCollection services, Action<GrpcServiceOptions> configureOptions)
        {
            services.Configure(configureOptions);
            return services.AddGrpc();
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Adds conventions, such as authorization, to every method of a service. Mirrors <c>GrpcServiceEndpointConventionBuilder</c>.</summary>
    public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
    {
        private readonly IReadOnlyList<IEndpointConventionBuilder> _endpoints;

        internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> endpoints) => _endpoints = endpoints;

        /// <inheritdoc/>
        public void Add(Action<EndpointBuilder> convention)
        {
            foreach (var endpoint in _endpoints)
                endpoint.Add(convention);
        }
    }

    /// <summary>Mirrors <c>GrpcEndpointRouteBuilderExtensions</c>.</summary>
    public static class GrpcEndpointRouteBuilderExtensions
    {
        private static readonly string[] Post = [HttpMethods.Post];

        /// <summary>Serves a generated service.</summary>
        /// <exception cref="InvalidOperationException"><c>AddGrpc</c> was not called, or the type is no gRPC service.</exception>
        public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(this IEndpointRouteBuilder builder) where TService : class
        {
            var provider = builder.ServiceProvider;
            if (provider.GetService<GrpcMarker>() is null)
                throw new InvalidOperationException("Call services.AddGrpc() first.");
            var services = new ServerServices(
                provider.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
                provider.GetService<TimeProvider>() ?? TimeProvider.System,
                provider.GetRequiredService<ILoggerFactory>().CreateLogger("Grpc.AspNetCore.Server"),
                provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);
            var endpoints = new List<IEndpointConventionBuilder>();
            foreach (var handler in new ServiceMapper<TService>(services).Map())
                endpoints.Add(MapMethod<TService>(builder, handler));
            return new GrpcServiceEndpointConventionBuilder(endpoints);
        }

        /// <summary>Class attributes such as <c>[Authorize]</c> come first, so that those of a method win.</summary>
        private static IEndpointConventionBuilder MapMethod<TService>(IEndpointRouteBuilder builder, CallHandler handler)
        {
            var method = handler.Method;
            var implementation = typeof(TService).GetMethods().First(candidate => candidate.Name == method.Name);
            return builder
                .MapMethods(method.FullName, Post, handler.HandleAsync)
                .WithDisplayName($"gRPC - {method.FullName}")
                .WithMetadata(typeof(TService).GetCustomAttributes(inherit: true))
                .WithMetadata(implementation.GetCustomAttributes(inherit: true))
                .WithMetadata(new GrpcMethodMetadata(typeof(TService), method));
        }
    }

    /// <summary>Kestrel's HTTP/2 limits as gRPC wants them; not in Grpc.AspNetCore.</summary>
    public static class GrpcKestrelExtensions
    {
        /// <summary>
        /// Pings silent connections so that dead peers are noticed, and lets one connection carry many streams whose unread
        /// messages (256 kB each) do not hold each other back.
        /// </summary>
        public static KestrelServerLimits UseGrpcDefaults(this KestrelServerLimits limits)
        {
            limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
            limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
            limits.Http2.MaxStreamsPerConnection = 1000;
            // What is too much for a call is refused as one; only what is too much for a connection ends it.
            limits.MaxRequestHeadersTotalSize = 256 * 1024;
            limits.Http2.MaxRequestHeaderFieldSize = 256 * 1024;
            limits.Http2.InitialStreamWindowSize = 256 * 1024;
            limits.Http2.InitialConnectionWindowSize = 32 * 1024 * 1024;
            return limits;
        }
    }
}
