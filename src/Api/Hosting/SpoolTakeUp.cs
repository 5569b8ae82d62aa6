using ContactCenter.Infrastructure.Recordings.S3;

namespace ContactCenter.Api.Hosting;

/// <summary>
/// Once a node runs that keeps recordings in a bucket: takes up what it left on its own disk when it ended, which no other
/// node sees (ADR 0065). Beside the calls, and until nothing is left.
/// </summary>
internal sealed class SpoolTakeUp(IRecordingSpool spool, TimeProvider clock, ILogger<SpoolTakeUp> logger) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; !await TryAsync(stoppingToken) && !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            await spool.TakeUpAsync(stoppingToken);
            return true;
        }
#pragma warning disable CA1031 // a node takes calls all the same; what is left is told until it is gone
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogError(e, "Recordings that this node left on its disk are not in the bucket yet");
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
