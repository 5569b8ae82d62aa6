using ContactCenter.Application.Crm;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Outbox;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Application.Recordings;

/// <summary>What a session's record and recordings need on their way to the CRM, beside the ports.</summary>
public static class RecordingServices
{
    /// <summary>Registers it; handlers of requests are found by the pipeline's own scan.</summary>
    public static IServiceCollection AddRecordingUpload(this IServiceCollection services) => services
        .AddSingleton<RecordingMetrics>()
        .AddSingleton<CrmPace>()
        .AddSingleton<RecordingParts>()
        .AddScoped<RecordingSteps>()
        .AddScoped<SessionTickets>()
        .AddSingleton<IEffects, RecordingRecoveryEffects>()
        .AddSingleton<IEffects, RecordingDeletionEffects>()
        .AddSingleton<IOutboxHandler, RecordingDeletionOutboxHandler>()
        .AddSingleton<IOutboxHandler, CrmOutboxHandler>();
}
