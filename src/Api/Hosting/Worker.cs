namespace ContactCenter.Api.Hosting;

/// <summary>
/// Runs something until the node stops. What fails is told and run again after a pause: one part's failure must not
/// end the others, and none of them keeps anything that a new run cannot find in the database.
/// </summary>
internal sealed class Worker(string name, Func<CancellationToken, Task> run, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The outermost place of a worker: it must not die of what it did not expect.
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.LogError(e, "The {Worker} failed and starts again.", name);
            }

            await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
