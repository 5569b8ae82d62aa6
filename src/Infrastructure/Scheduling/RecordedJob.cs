using Microsoft.Extensions.Logging;
using Quartz;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>A job whose runs are told in <see cref="JobOutcomes"/>. A run that fails is not repeated: the next one is due soon.</summary>
public abstract class RecordedJob(JobOutcomes outcomes, ILogger logger) : IJob
{
    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        try
        {
            await RunAsync(cancellationToken);
            await outcomes.SucceededAsync(name, cancellationToken);
        }
#pragma warning disable CA1031 // whatever it is, the next run is due all the same
        catch (Exception failure)
#pragma warning restore CA1031
        {
            if (cancellationToken.IsCancellationRequested)
                return;
            logger.LogWarning(failure, "Job {Job} failed.", name);
            await TellAsync(name, failure, cancellationToken);
        }
    }

    /// <summary>One run.</summary>
    protected abstract Task RunAsync(CancellationToken cancellationToken);

    private async Task TellAsync(string name, Exception failure, CancellationToken cancellationToken)
    {
        try
        {
            await outcomes.FailedAsync(name, $"{failure.GetType().Name}: {failure.Message}", cancellationToken);
        }
#pragma warning disable CA1031 // without its database a job can only be logged
        catch (Exception lost)
#pragma warning restore CA1031
        {
            logger.LogWarning(lost, "The failure of job {Job} could not be written.", name);
        }
    }
}
