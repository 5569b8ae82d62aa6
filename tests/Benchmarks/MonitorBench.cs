using System.Diagnostics;
using ContactCenter.Infrastructure.Media.Simulated;
using SessionKind = ContactCenter.Domain.Sessions.SessionKind;

namespace ContactCenter.Benchmarks;

/// <summary>
/// A thousand monitors over gRPC, on one call and on two hundred: frames delivered, what it costs, and whether the calls'
/// own legs can tell. Clients and service share the
/// machine, but not a process: the collection of the clients' garbage would stop the calls. How evenly a leg is given its frames differs from run to run
/// also without monitors: the band in which it does is printed beside what it is with them.
/// </summary>
internal sealed class MonitorBench : IBenchGroup
{
    private const int Monitors = 1_000;
    private const int RunsAlone = 7;

    public string Name => "monitors";

    public async Task RunAsync(BenchContext context)
    {
        await using var center = await CommandCenter.StartAsync(await context.CreateDatabaseAsync());
        var supervisor = await center.SupervisorAsync();
        var calls = await center.ConnectAsync(200, SessionKind.Call);
        var engine = center.Get<SimulatedMediaEngine>();
        await UntilAsync(() => calls.All(c => engine.Knows(c.SessionId)));

        var legs = calls.Take(20).SelectMany(c => new[] { (c.SessionId, Leg: c.SessionId), (c.SessionId, Leg: c.OfferId) }).ToList();
        await PaceAsync(engine, legs, context.Duration); // The just-in-time compiler's round.
        List<double> runs = [];
        for (var run = 0; run < RunsAlone; run++)
            runs.Add(await PaceAsync(engine, legs, context.Duration));
        runs.Sort();
        var alone = runs[runs.Count / 2];
        context.Record("monitor_leg_jitter_alone_ms", alone);
        context.Record("monitor_leg_jitter_alone_ratio_low", runs[0] / alone);
        context.Record("monitor_leg_jitter_alone_ratio_high", runs[^1] / alone);
        await MeasureAsync(context, "monitor1000", center, supervisor, engine, legs, alone, _ => calls[0].SessionId);
        await MeasureAsync(context, "monitor200x5", center, supervisor, engine, legs, alone, number => calls[number % calls.Count].SessionId);
    }

    private static async Task MeasureAsync(
        BenchContext context, string name, CommandCenter center, string supervisor, SimulatedMediaEngine engine, List<(Guid Session, Guid Leg)> legs, double alone, Func<int, Guid> whom)
    {
        using var listeners = new ListenerProcess(center.Grpc, supervisor);
        await listeners.BeginAsync(Enumerable.Range(0, Monitors).Select(whom));
        await Task.Delay(context.Duration / 4); // Until all are in their stride.
        var (pauses, collections) = (GC.GetTotalPauseDuration(), GC.CollectionCount(0));
        var (frames, cpu, began) = (await listeners.FramesAsync(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var watched = await PaceAsync(engine, legs, context.Duration);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        context.Record($"{name}_frames_per_s", (await listeners.FramesAsync() - frames) / seconds);
        context.Record($"{name}_cpu_cores", (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds);
        context.Record($"{name}_gc_pause_ms_per_s", (GC.GetTotalPauseDuration() - pauses).TotalMilliseconds / seconds);
        context.Record($"{name}_gc_per_s", (GC.CollectionCount(0) - collections) / seconds);
        context.Record($"{name}_leg_jitter_ms", watched);
        context.Record($"{name}_leg_jitter_ratio", watched / alone);
    }

    /// <summary>
    /// By how much, at the 95th percentile, a frame comes to a leg earlier or later than 20 ms after the one before: taken
    /// where the leg is given it, since what a listener of the bench's own would see is how busy the pool is.
    /// </summary>
    private static async Task<double> PaceAsync(SimulatedMediaEngine engine, List<(Guid Session, Guid Leg)> legs, TimeSpan duration)
    {
        var heard = legs.Select(_ => new Pace((int)(duration.TotalSeconds * 60))).ToList();
        var ears = legs.Select((leg, i) => engine.HearInPlace(leg.Session, leg.Leg, _ => heard[i].Came()) ?? throw new InvalidOperationException("A leg is gone.")).ToList();
        await Task.Delay(duration);
        foreach (var ear in ears)
            ear.Dispose();
        return Load.Percentile([.. heard.SelectMany(h => h.Off).Order()], 0.95);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var began = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(10))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException("The calls were not placed.");
        }
    }

    /// <summary>When the frames of one leg came; takes no memory while they do.</summary>
    private sealed class Pace(int most)
    {
        private readonly double[] off = new double[most];
        private int count;
        private long last;

        public IEnumerable<double> Off => off.Take(count);

        public void Came()
        {
            var now = Stopwatch.GetTimestamp();
            if (last != 0 && count < most)
                off[count++] = Math.Abs(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds - 20);
            last = now;
        }
    }
}
