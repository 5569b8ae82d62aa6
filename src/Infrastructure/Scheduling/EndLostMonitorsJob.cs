using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using Microsoft.Extensions.Logging;
using Quartz;

namespace ContactCenter.Infrastructure.Scheduling;

/// <summary>Every two seconds: monitorings whose client, or the node it was connected to, is gone (MON-2).</summary>
[DisallowConcurrentExecution]
public sealed class EndLostMonitorsJob(IMonitorPresence presence, Dispatcher dispatcher, JobOutcomes outcomes, TimeProvider time, ILogger<EndLostMonitorsJob> logger)
    : RecordedJob(outcomes, logger)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    /// <summary>Its name.</summary>
    public static readonly JobKey Key = new("end-lost-monitors");

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        int ended;
        do
        {
            ended = 0;
            await ForEachAsync(
                await presence.FindLostAsync(cancellationToken),
                async (one, ct) =>
                {
                    if (await EndAsync(one, ct))
                        Interlocked.Increment(ref ended);
                },
                cancellationToken,
                AtOnce);
        }
        while (ended > 0 && !cancellationToken.IsCancellationRequested);
    }

    private async Task<bool> EndAsync(LostMonitor lost, CancellationToken cancellationToken)
    {
        var answer = await dispatcher.SendAsSystemAsync("jobs", new EndMonitor(lost.MonitorId, MonitorEnds.ClientLost), cancellationToken);
        // It is seen before it is written down: one that there is none of may still come.
        var isNever = answer.Error is NotFoundError && time.GetUtcNow() - lost.SeenAt > LongestStart;
        if (!answer.IsOk && !isNever)
            return false;
        await presence.ForgetAsync(lost, cancellationToken);
        return true;
    }
}
