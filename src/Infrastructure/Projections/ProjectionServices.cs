using ContactCenter.Application.Access;
using ContactCenter.Application.Agents;
using ContactCenter.Application.Audit;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Queues;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Routing;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Settings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Infrastructure.Leases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Registers read models and what runs them.</summary>
public static class ProjectionServices
{
    /// <summary>
    /// Every read model with its projection, the live boards, leases, and the hosted services that run them. Needs the
    /// data source, the log, the live feed and a <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddProjections(this IServiceCollection services)
    {
        services.TryAddSingleton(new ProjectionOptions());
        services.TryAddSingleton<ILeases, PostgresLeases>();
        services.AddReadModel<MonitoredSession, SessionsProjection>();
        services.AddReadModel<AgentCard, AgentsProjection>();
        services.AddReadModel<QueueCard, QueuesProjection>();
        services.AddReadModel<QueueQuarter, QueueQuartersProjection>();
        services.AddReadModel<RecordingCard, RecordingsProjection>();
        services.AddReadModel<ScheduledCallCard, ScheduledCallsProjection>();
        services.AddReadModel<TakenSlot, TakenSlotsProjection>();
        services.AddReadModel<VoicemailCard, VoicemailsProjection>();
        services.AddReadModel<MonitorCard, MonitorsProjection>();
        services.AddReadModel<UserCard, UsersProjection>();
        services.AddReadModel<TeamCard, TeamsProjection>();
        services.AddReadModel<RoleCard, RolesProjection>();
        services.AddReadModel<ApiKeyCard, ApiKeysProjection>();
        services.AddReadModel<CrmKeyCard, CrmKeysProjection>();
        services.AddReadModel<AuditEntry, AuditProjection>();
        services.AddSingleton<SessionBoard>();
        services.AddSingleton<AgentBoard>();
        services.AddSingleton<QueueBoard>();
        services.AddSingleton<MonitoringScope>();
        services.AddSingleton<SessionViews>();
        services.AddSingleton<AgentReach>();
        services.AddSingleton<SessionRows>();
        services.AddSingleton<SessionWatcher>();
        services.AddScoped<AgentRows>();
        services.AddSingleton<IProjectionControl, ProjectionControl>();
        services.AddSingleton<IRoutingSnapshot, RoutingSnapshot>();
        services.AddSingleton<IQueueIds, QueueIds>();
        services.AddSingleton<LostRecordings>();
        services.AddHostedService<ProjectionHost>();
        return services;
    }

    /// <summary>One read model with its projection.</summary>
    public static IServiceCollection AddReadModel<TView, TProjection>(this IServiceCollection services)
        where TView : class
        where TProjection : Projection<TView>
    {
        services.AddSingleton<Projection<TView>, TProjection>();
        services.AddSingleton<IProjection>(s => s.GetRequiredService<Projection<TView>>());
        services.AddSingleton<IReadModel<TView>, PostgresReadModel<TView>>();
        services.AddSingleton<BoardSource<TView>>();
        services.AddSingleton<IProjectionRunner, ProjectionRunner<TView>>();
        return services;
    }
}

/// <summary>Runs this node's share of the projections, and its boards.</summary>
internal sealed class ProjectionHost(IEnumerable<IProjectionRunner> runners, SessionBoard sessions, AgentBoard agents, QueueBoard queues) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([.. runners.Select(r => r.RunAsync(stoppingToken)), sessions.RunAsync(stoppingToken), agents.RunAsync(stoppingToken), queues.RunAsync(stoppingToken)]);
}
