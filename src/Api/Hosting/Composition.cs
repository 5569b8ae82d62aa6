using ContactCenter.Api.Auth;
using ContactCenter.Api.Conventions;
using ContactCenter.Api.Errors;
using ContactCenter.Api.Grpc;
using ContactCenter.Api.Live;
using ContactCenter.Api.OpenApi;
using ContactCenter.Api.Operations;
using ContactCenter.Application;
using ContactCenter.Application.Access;
using ContactCenter.Application.Consumers;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Integrators;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Routing;
using ContactCenter.Application.Sessions;
using ContactCenter.Application.Settings;
using ContactCenter.Infrastructure.Access;
using ContactCenter.Infrastructure.Crm.Zendesk;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Media;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Infrastructure.Projections;
using ContactCenter.Infrastructure.Scheduling;
using ContactCenter.Infrastructure.VirtualAgents;
using Npgsql;

namespace ContactCenter.Api.Hosting;

/// <summary>What the service is made of, in one place.</summary>
internal static class Composition
{
    /// <summary>Registers everything. Workers start in this order and stop in the opposite one, after the listeners.</summary>
    public static void AddContactCenter(this IServiceCollection services, ApiOptions options, KeyRing keys)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddLog(options, keys);
        services.AddSingleton<IPasswordHasher>(_ => new Pbkdf2PasswordHasher());
        services.AddSingleton<IIdentityHasher>(_ => new HmacIdentityHasher(keys.Identities));
        services.AddApplication();
        services.AddWorker("cache invalidation", s => s.GetRequiredService<CacheInvalidation>().RunAsync);
        services.AddProjections();
        services.AddWorker("configuration", s => s.GetRequiredService<CenterConfigurationFollower>().RunAsync);
        services.AddMedia(options, keys);
        services.AddVirtualAgents(options.VirtualAgents);
        services.AddJobs(options.Database);
        if (options.Zendesk is { } zendesk)
            services.AddZendesk(zendesk);
        services.AddWorker("monitor streams", s => s.GetRequiredService<MonitorStreams>().RunAsync);
        services.AddWorker("routing", s => s.GetRequiredService<RoutingWorker>().RunAsync);
        services.AddRest(options, keys);
        services.AddGrpcApi();
        services.AddSingleton<NodeState>();
        services.AddSingleton<IReadinessSource, ProjectionReadiness>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<PrometheusMetrics>();
        services.AddSingleton<OperationFigures>();
        services.AddHostedService<Drain>();
    }

    private static void AddLog(this IServiceCollection services, ApiOptions options, KeyRing keys)
    {
        services.AddSingleton(_ => PostgresDataSource.Create(options.Database));
        services.AddSingleton(keys);
        services.AddSingleton<KeyMarks>();
        services.AddSingleton<LogMaintenance>();
        services.AddSingleton<IPersonalDataProtector>(s => new PostgresPersonalDataProtector(
            s.GetRequiredService<NpgsqlDataSource>(), keys.PersonalData, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(_ => EventTypeRegistry.OfProduct());
        services.AddSingleton(s => new PostgresEventStore(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetRequiredService<EventTypeRegistry>(), s.GetRequiredService<IPersonalDataProtector>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IEventStore>(s => s.GetRequiredService<PostgresEventStore>());
        services.AddSingleton(s => s.GetRequiredService<PostgresEventStore>().Committed);
        services.AddSingleton<LogTail>();
        services.AddSingleton<ILiveFeed>(s => s.GetRequiredService<LogTail>());
        services.AddWorker("log tail", s => s.GetRequiredService<LogTail>().RunAsync);
    }

    private static void AddMedia(this IServiceCollection services, ApiOptions options, KeyRing keys)
    {
        services.AddRecordings(options, keys);
        services.AddSimulatedMedia(new ConfigurationBuilder().AddInMemoryCollection([new("Media:Voices", options.VoicesFolder)]).Build());
    }

    private static void AddRest(this IServiceCollection services, ApiOptions options, KeyRing keys)
    {
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(o => ApiJson.Configure(o.SerializerOptions));
        services.AddSingleton(new AccessTokens(keys.Tokens));
        services.AddSingleton(new RequestHashKey(keys.Requests));
        services.AddSingleton<CallerResolver>();
        services.AddSingleton(new CrmKeySecrets(keys.CrmKeys));
        services.AddSingleton<SignedRequests>();
        services.AddRateLimits(options);
        services.AddSingleton<RefusalCounts>();
        services.AddHostedService(s => s.GetRequiredService<RefusalCounts>());
        services.AddSingleton<RefusalAudit>();
        services.AddSingleton<SessionWatch>();
        services.AddSingleton<ActionChanges>();
        services.AddSingleton<SessionLive>();
        services.AddSingleton<MonitorAccess>();
        services.AddSingleton<EventViews>();
        services.AddSingleton<FeedStart>();
        services.AddApiDocument();
    }

    /// <summary>Something that runs for as long as the node does.</summary>
    internal static void AddWorker(this IServiceCollection services, string name, Func<IServiceProvider, Func<CancellationToken, Task>> run) =>
        services.AddSingleton<IHostedService>(s => new Worker(name, run(s), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>().CreateLogger("ContactCenter." + name)));
}
