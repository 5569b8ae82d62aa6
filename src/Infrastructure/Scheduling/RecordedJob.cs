using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>A job whose runs are told in <see cref="JobOutcomes"/>. A run that fails is not repeated: the next one is due soon.</summary>
public abstract class RecordedJob(JobOutcomes outcomes, ILogger logger) : IJob
{
    private readonly ConcurrentQueue<Exception> failures = [];

    /// <inheritdoc/>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        try
        {
            failures.Clear();
            await RunAsync(cancellationToken);
            if (!failures.IsEmpty)
                throw new AggregateException(failures);
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

    /// <summary>Does something for each of several. One that fails holds up none of the others; the run has failed all the same.</summary>
    /// <param name="all">The several.</param>
    /// <param name="action">What is done for one.</param>
    /// <param name="cancellationToken">Begins no more.</param>
    /// <param name="atOnce">How many at once.</param>
    protected Task ForEachAsync<T>(IEnumerable<T> all, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken, int atOnce = 1)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(all, limits, async (one, token) =>
        {
            try
            {
                await action(one, token);
            }
#pragma warning disable CA1031 // whatever it is, it is this one's failure alone, and is told when all are done
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogWarning(failure, "{Job} goes on without {One}.", GetType().Name, one);
                failures.Enqueue(failure);
            }
        });
    }

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
