using ContactCenter.Application.Messaging;
using ContactCenter.Application.Operations;
using ContactCenter.Application.Recordings;
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
        if (keys.Recordings.Count > 1)
            services.AddHostedService<RecordingKeysRewrap>();
        if (options.RecordingsBucket is not { } place)
        {
            services.AddSingleton(_ => new EncryptedRecordingStorage(options.RecordingsFolder, options.Region, masterKeys));
            services.AddStorage<EncryptedRecordingStorage>();
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
        services.AddStorage<S3RecordingStorage<TRegion>>();
        services.AddSingleton<IRecordingSpool>(s => s.GetRequiredService<S3RecordingStorage<TRegion>>());
        services.AddHostedService<SpoolTakeUp>();
    }

    private static void AddStorage<TStorage>(this IServiceCollection services)
        where TStorage : class, IRecordingStorage, IRecordingKeyRotation
    {
        services.AddSingleton<IRecordingStorage>(s => s.GetRequiredService<TStorage>());
        services.AddSingleton<IRecordingKeyRotation>(s => s.GetRequiredService<TStorage>());
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

/// <summary>
/// Once a node runs that has several master keys: brings what a retired one still wraps under the current one. Beside the
/// calls and never before them, for it looks at every recording there is.
/// </summary>
internal sealed class RecordingKeysRewrap(Dispatcher dispatcher, TimeProvider clock, ILogger<RecordingKeysRewrap> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A key that is damaged stays so until somebody looks: told again and again, but not each minute.
        for (var pause = FirstPause; !await TryAsync(stoppingToken) && !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            var answer = await dispatcher.SendAsSystemAsync("start", new RewrapRecordingKeys(), stoppingToken);
            if (answer is { IsOk: true, Value.Done: true })
                return true;
            logger.LogError(
                "The keys of recordings are not all under the current master key: {Reason}",
                answer.IsOk ? $"{answer.Value.Failed} could not be rewrapped." : answer.Error.Message);
            return false;
        }
#pragma warning disable CA1031 // a node takes calls all the same; what is wrong is told until it is mended
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogError(e, "The keys of recordings are not all under the current master key");
            return false;
        }
    }
}
