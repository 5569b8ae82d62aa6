namespace ContactCenter.Api.Hosting;

/// <summary>
/// Something a node does once after it started, beside its calls and never before them: tried until it is done, each time after
/// twice the pause, at most an hour. What is wrong is told again each time.
/// </summary>
internal abstract class UntilDone(TimeSpan firstPause, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>What is the matter while it is not done, for the log.</summary>
    protected abstract string Trouble { get; }

    /// <summary>Does it; null once it is done, else why it is not.</summary>
    protected abstract Task<string?> TryAsync(CancellationToken stoppingToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = firstPause; !await IsDoneAsync(stoppingToken) && !stoppingToken.IsCancellationRequested; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            await Task.Delay(pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> IsDoneAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await TryAsync(stoppingToken) is not { } why)
                return true;
            logger.LogError("{Trouble}: {Reason}", Trouble, why);
        }
#pragma warning disable CA1031 // a node takes calls all the same; what is wrong is told until it is mended
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (!stoppingToken.IsCancellationRequested)
                logger.LogError(e, "{Trouble}", Trouble);
        }

        return false;
    }
}
