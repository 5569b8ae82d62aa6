using ContactCenter.Application.Agents;
using ContactCenter.Application.Crm;
using ContactCenter.Application.CrmKeys;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Media;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Settings;
using ContactCenter.Infrastructure.Agents;
using ContactCenter.Infrastructure.Crm.BuiltIn;
using ContactCenter.Infrastructure.CrmKeys;
using ContactCenter.Infrastructure.EventStore;
using ContactCenter.Infrastructure.Media;
using ContactCenter.Infrastructure.Monitoring;
using ContactCenter.Infrastructure.Outbox;
using ContactCenter.Infrastructure.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>What works beside the requests: outbox, timers, CRM, adapter presence.</summary>
public static class JobServices
{
    /// <summary>
    /// Registers it. Needs a data source, a clock, the personal data keys, the log as <see cref="PostgresEventStore"/> with
    /// its maintenance, leases, recording storage, a media engine, and the application.
    /// </summary>
    /// <param name="services">Where.</param>
    /// <param name="connectionString">The product's database, for Quartz.</param>
    /// <param name="options">The outbox's pace, or null for the usual one.</param>
    public static IServiceCollection AddJobs(this IServiceCollection services, string connectionString, OutboxOptions? options = null) => services
        .AddBuiltInCrm()
        .AddRecordingUpload()
        .AddMessageAudio()
        .AddSingleton(options ?? new OutboxOptions())
        .AddSingleton<OutboxStore>()
        .AddSingleton<IMediaBacklog>(provider => provider.GetRequiredService<OutboxStore>())
        .AddHostedService(provider => new OutboxDispatcher(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<OutboxStore>(),
            () => provider.GetRequiredService<PostgresEventStore>().Committed.Next,
            provider.GetRequiredService<ILeases>(),
            provider.GetRequiredService<OutboxOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutboxDispatcher>>(),
            provider.GetService<MediaReconciler>()))
        .AddSingleton<AdapterPresence>()
        .AddSingleton<IAdapterPresence>(provider => provider.GetRequiredService<AdapterPresence>())
        .AddHostedService(provider => provider.GetRequiredService<AdapterPresence>())
        .AddSingleton<IMonitorPresence, MonitorPresence>()
        .AddSingleton<INonces, PostgresNonces>()
        .AddSingleton<JobOutcomes>()
        .AddSingleton<IJobs>(provider => provider.GetRequiredService<JobOutcomes>())
        .AddSingleton<GhostAgents>()
        .AddSingleton<StuckSessions>()
        .AddSingleton<ExpiredRecordings>()
        .AddSingleton<DueMessages>()
        .AddSchedule(connectionString);

    /// <summary>Registers what keeps recordings for messages, and throws them away.</summary>
    public static IServiceCollection AddMessageAudio(this IServiceCollection services) => services
        .AddSingleton<IMessageAudioStore, PostgresMessageAudioStore>()
        .AddSingleton<IOutboxHandler, MessageAudioOutboxHandler>();

    /// <summary>Registers the built-in CRM, written and read.</summary>
    public static IServiceCollection AddBuiltInCrm(this IServiceCollection services) => services
        .AddSingleton<BuiltInCrm>()
        .AddSingleton<ICrm>(provider => provider.GetRequiredService<BuiltInCrm>())
        .AddSingleton<ITickets, BuiltInTickets>();
}
