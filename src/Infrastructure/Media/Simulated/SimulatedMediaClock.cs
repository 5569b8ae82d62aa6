using ContactCenter.Application.Recordings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Media.Simulated;

/// <summary>
/// Paces a simulated engine: one loop for all calls, 50 ticks a second since it began. A tick that comes late is made
/// up for, so audio does not drift; after a longer stop (a laptop's sleep) the time in between is left out.
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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(PhoneAudio.Frame, time);
        long done = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var due = (long)(time.GetElapsedTime(began) / PhoneAudio.Frame);
            if (due - done > MostMadeUpFor)
            {
                logger.LogWarning("Simulated audio stood still; {Frames} frames are left out", due - done - MostMadeUpFor);
                done = due - MostMadeUpFor;
            }

            for (; done < due; done++)
                engine.Tick();
        }
    }
}
