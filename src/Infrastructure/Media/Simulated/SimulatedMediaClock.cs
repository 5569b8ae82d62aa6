using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Paces a simulated engine: one loop for all calls, 50 ticks a second since it began. A tick that comes late is made
/// up for, so audio does not drift; after a longer stop (a laptop's sleep) the time in between is left out. It has a thread
/// of its own: the pool's timers come late while a thousand listeners keep the pool busy, and a call must not notice them.
/// </summary>
public sealed class SimulatedMediaClock(SimulatedMediaEngine engine, TimeProvider time, ILogger<SimulatedMediaClock> logger)
    : BackgroundService
{
    private const long MostMadeUpFor = 250;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await engine.StopAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stoppingToken)
    {
        if (!RealTimeThread.TryBecome())
            logger.LogInformation("Calls are paced by a thread as any other: the system grants no real-time priority");
        var began = time.GetTimestamp();
        long done = 0;
        for (var wait = PhoneAudio.Frame; !stoppingToken.WaitHandle.WaitOne(wait); wait = UntilNext(began, done))
        {
            var due = (long)(time.GetElapsedTime(began) / PhoneAudio.Frame);
            if (due - done > MostMadeUpFor)
            {
                logger.LogWarning("Simulated audio stood still; {Frames} frames are left out", due - done - MostMadeUpFor);
                done = due - MostMadeUpFor;
            }

            // One that is made up for is the audio of its time, not of when it comes.
            var start = time.GetUtcNow() - time.GetElapsedTime(began);
            for (; done < due; done++)
                engine.Tick(start + ((done + 1) * PhoneAudio.Frame));
        }
    }

    /// <summary>In whole milliseconds, and rather one late than a loop.</summary>
    private TimeSpan UntilNext(long began, long done)
    {
        var left = ((done + 1) * PhoneAudio.Frame) - time.GetElapsedTime(began);
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }
}
