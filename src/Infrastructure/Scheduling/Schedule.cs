using ContactCenter.Infrastructure.Database;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>
/// Which jobs run how often, on Quartz clustered over the product's database: one node runs a job at a time, and
/// another takes over when it dies. Every start declares the same jobs and triggers again.
/// </summary>
public static class Schedule
{
    /// <summary>The scheduler's name; all nodes of one database share it.</summary>
    public const string Name = "contactcenter";

    private const int JobsAtOnce = 8;

    /// <summary>The scheduler itself, its check-ins and its look for misfires.</summary>
    private const int OwnConnections = 4;

    /// <summary>Registers scheduler, jobs and triggers.</summary>
    /// <param name="services">Where.</param>
    /// <param name="connectionString">The product's database.</param>
    public static IServiceCollection AddSchedule(this IServiceCollection services, string connectionString)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = Name;
                scheduler.GenerateInstanceId = true;
                // The scheduler waits for its jobs without a limit of its own: they are told to stop.
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.WhenWaitingForJobs;
            });
            quartz.UseDefaultThreadPool(JobsAtOnce);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(NpgsqlFactory.Instance, Connections(connectionString));
                store.ConfigureStore(options =>
                {
                    options.TablePrefix = "qrtz_";
                    options.StoreJobDataAsStrings = true;
                    options.SchemaProvisioning = SchemaProvisioning.Validate;
                    options.MisfireThreshold = TimeSpan.FromSeconds(10);
                });
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = TimeSpan.FromSeconds(3);
                    cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(6);
                });
            });
            Every<ReleaseStaleOffersJob>(quartz, ReleaseStaleOffersJob.Key, TimeSpan.FromSeconds(1));
            Every<FinishWrapUpsJob>(quartz, FinishWrapUpsJob.Key, TimeSpan.FromSeconds(1));
            Every<PlaceScheduledCallsJob>(quartz, PlaceScheduledCallsJob.Key, TimeSpan.FromSeconds(1));
            Every<FinishVoicemailsJob>(quartz, FinishVoicemailsJob.Key, TimeSpan.FromSeconds(1));
            Every<NoticePausesJob>(quartz, NoticePausesJob.Key, TimeSpan.FromSeconds(1));
            Every<EndOverdueCallsJob>(quartz, EndOverdueCallsJob.Key, TimeSpan.FromSeconds(5));
            Every<RecoverRecordingsJob>(quartz, RecoverRecordingsJob.Key, TimeSpan.FromSeconds(1));
            Every<UploadRecordingsJob>(quartz, UploadRecordingsJob.Key, TimeSpan.FromSeconds(1));
            Every<EnforceRecordingLimitJob>(quartz, EnforceRecordingLimitJob.Key, TimeSpan.FromMinutes(1));
            Every<ExpireRecordingsJob>(quartz, ExpireRecordingsJob.Key, TimeSpan.FromSeconds(10));
            Every<SignOutLostAgentsJob>(quartz, SignOutLostAgentsJob.Key, TimeSpan.FromSeconds(5));
            Every<SweepMessageAudioJob>(quartz, SweepMessageAudioJob.Key, TimeSpan.FromHours(1));
            Every<ReapGhostAgentsJob>(quartz, ReapGhostAgentsJob.Key, TimeSpan.FromSeconds(10));
            Every<EndStuckSessionsJob>(quartz, EndStuckSessionsJob.Key, TimeSpan.FromSeconds(10));
            Every<EndLostMonitorsJob>(quartz, EndLostMonitorsJob.Key, TimeSpan.FromSeconds(2));
            Every<MaintainLogJob>(quartz, MaintainLogJob.Key, TimeSpan.FromHours(1));
        });
        return services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
    }

    /// <summary>Quartz keeps a pool of its own, as large as it can use (ADR 0028).</summary>
    internal static string Connections(string connectionString)
    {
        var settings = PostgresDataSource.Settings(connectionString, "contactcenter-jobs");
        settings.MaxPoolSize = Math.Min(settings.MaxPoolSize, JobsAtOnce + OwnConnections);
        settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
        return settings.ConnectionString;
    }

    private static void Every<TJob>(IQuartzBuilder quartz, JobKey key, TimeSpan interval)
        where TJob : RecordedJob
    {
        quartz.AddJob<TJob>(job => job.WithIdentity(key).StoreDurably(true));
        quartz.AddTrigger<TJob>(trigger => trigger
            .ForJob(key)
            .WithIdentity(key.Name)
            .StartNow()
            .WithSimpleSchedule(schedule => schedule.WithInterval(interval).RepeatForever()));
    }
}
