using ContactCenter.Application.Media;
using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.Media.Simulated;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media;

/// <summary>Registers the media engine.</summary>
public static class MediaRegistration
{
    /// <summary>
    /// The simulated engine and its clock; needs <see cref="IRecordingStorage"/>, <see cref="IMediaFacts"/>, <see cref="IMediaBacklog"/> and
    /// <see cref="TimeProvider"/>. Reads <c>Media:Voices</c>, the folder of WAV files parties can speak.
    /// </summary>
    public static IServiceCollection AddSimulatedMedia(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => new SimulatedMediaEngine(
            provider.GetRequiredService<IRecordingStorage>(),
            provider.GetRequiredService<IMediaFacts>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SimulatedMediaEngine>>(),
            configuration["Media:Voices"],
            provider.GetRequiredService<IMediaBacklog>()));
        services.AddSingleton<IMediaEngine>(provider => provider.GetRequiredService<SimulatedMediaEngine>());
        services.AddSingleton<IProviderRecordings>(provider => provider.GetRequiredService<SimulatedMediaEngine>());
        services.AddSingleton<MediaReconciler>();
        services.AddHostedService<SimulatedMediaClock>();
        return services;
    }
}
