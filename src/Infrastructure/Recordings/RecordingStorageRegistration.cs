using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ContactCenter.Infrastructure.Recordings;

/// <summary>Registers recording storage.</summary>
public static class RecordingStorageRegistration
{
    /// <summary>
    /// Encrypted storage in a local directory. Reads <c>Recordings:Root</c>, <c>Recordings:Region</c> (<c>us</c>,
    /// <c>eea</c> or <c>au</c>) and the master keys of <see cref="MasterKeys.From"/> from the same section.
    /// </summary>
    /// <exception cref="InvalidOperationException">When first resolved: a setting is missing or wrong; it is named.</exception>
    public static IServiceCollection AddEncryptedRecordings(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection("Recordings");
        services.AddSingleton(_ => new EncryptedRecordingStorage(
            section["Root"] ?? throw new InvalidOperationException("Recordings:Root, the directory of recordings, is not configured."),
            EncryptedRecordingStorage.RegionOf(section["Region"]),
            MasterKeys.From(section)));
        services.AddSingleton<IRecordingStorage>(provider => provider.GetRequiredService<EncryptedRecordingStorage>());
        return services;
    }
}
