using ContactCenter.Application.Recordings;
using ContactCenter.Infrastructure.PersonalData;
using ContactCenter.Infrastructure.Recordings;
using ContactCenter.Infrastructure.Recordings.S3;
using Npgsql;

namespace ContactCenter.Api.Hosting;

/// <summary>Where recordings are kept: chosen by the configuration, in one region (REC-5).</summary>
internal static class RecordingComposition
{
    /// <summary>Registers it.</summary>
    public static void AddRecordings(this IServiceCollection services, ApiOptions options, KeyRing keys)
    {
        var masterKeys = new MasterKeys(options.RecordingsKey, keys.Recordings);
        services.AddSingleton<RecordingsStart>();
        // The first to be checked: a place in another region is not to be looked at.
        services.AddSingleton(s => new RegionPlace(s.GetRequiredService<NpgsqlDataSource>(), options.Region));
        services.AddSingleton<IRecordingHome>(s => s.GetRequiredService<RegionPlace>());
        services.AddSingleton<IRecordingPlace>(s => s.GetRequiredService<RegionPlace>());
        if (keys.Recordings.Count > 1)
            services.AddHostedService<RecordingKeysRewrap>();
        if (options.RecordingsBucket is not { } place)
        {
            services.AddSingleton(_ => new EncryptedRecordingStorage(options.RecordingsFolder, options.Region, masterKeys));
            services.AddStorage<EncryptedRecordingStorage>(masterKeys);
            services.AddSingleton<IRecordingPlace>(s => new FolderPlace(s.GetRequiredService<NpgsqlDataSource>(), options.RecordingsFolder, options.Region, options.RecordingsLost));
            return;
        }

        switch (options.Region)
        {
            case RecordingRegion.Us:
                services.AddBucket<UsRegion>(options.RecordingsFolder, place, masterKeys);
                break;
            case RecordingRegion.Eea:
                services.AddBucket<EeaRegion>(options.RecordingsFolder, place, masterKeys);
                break;
            default:
                services.AddBucket<AuRegion>(options.RecordingsFolder, place, masterKeys);
                break;
        }
    }

    private static void AddBucket<TRegion>(this IServiceCollection services, string spool, BucketPlace place, MasterKeys masterKeys)
        where TRegion : IRegion
    {
        services.AddSingleton(_ => new RecordingBucket<TRegion>(place));
        services.AddSingleton<IRecordingPlace>(s => s.GetRequiredService<RecordingBucket<TRegion>>());
        services.AddSingleton(_ => new RecordingSpool<TRegion>(spool, masterKeys));
        services.AddSingleton(s => new S3RecordingStorage<TRegion>(
            s.GetRequiredService<RecordingBucket<TRegion>>(), s.GetRequiredService<RecordingSpool<TRegion>>(), masterKeys));
        services.AddStorage<S3RecordingStorage<TRegion>>(masterKeys);
        services.AddSingleton<IRecordingSpool>(s => s.GetRequiredService<S3RecordingStorage<TRegion>>());
        services.AddHostedService<SpoolTakeUp>();
    }

    private static void AddStorage<TStorage>(this IServiceCollection services, MasterKeys masterKeys)
        where TStorage : class, IRecordingStorage, IRecordingKeyRotation
    {
        services.AddSingleton<IRecordingStorage>(s => s.GetRequiredService<TStorage>());
        services.AddSingleton<IRecordingKeyRotation>(s => new MarkedKeyRotation(s.GetRequiredService<TStorage>(), s.GetRequiredService<KeyMarks>(), masterKeys.CurrentId));
    }
}

/// <summary>Before a node takes calls: what keeps recordings lies where it must.</summary>
internal sealed class RecordingsStart(IEnumerable<IRecordingPlace> places)
{
    /// <summary>Checks.</summary>
    /// <exception cref="StartupException">The place cannot be used.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var place in places)
                await place.CheckAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            throw new StartupException($"Recordings cannot be kept: {e.Message}", e);
        }
    }
}
