using ContactCenter.Application.Media;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Reports one call's facts in order, each until it is taken, so at least once; calls do not wait for each other.
/// </summary>
internal sealed class CallFacts(IMediaFacts facts, TimeProvider time, ILogger logger, CancellationToken stopping)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Queues a fact and returns at once; the task ends when it is taken.</summary>
    public Task ReportAsync(MediaFact fact)
    {
        lock (_gate)
            return _last = AfterAsync(_last, fact);
    }

    private async Task AfterAsync(Task previous, MediaFact fact)
    {
        // Yields always: the caller may be the audio's clock, which runs nobody else's code.
        await previous.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await facts.ReportAsync(fact, stopping);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                logger.LogWarning(e, "{Fact} of session {SessionId} was not taken; trying again", fact.GetType().Name, fact.SessionId);
            }

            await Task.Delay(delay, time, stopping);
        }
    }
}
