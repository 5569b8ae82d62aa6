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

        var legs = calls.Take(20).SelectMany(c => new[] { new Leg(c.SessionId, c.SessionId), new Leg(c.SessionId, c.OfferId) }).ToList();
        await PaceAsync(engine, legs, context.Duration); // The just-in-time compiler's round.
        List<LegPace> runs = [];
        for (var run = 0; run < RunsAlone; run++)
            runs.Add(await PaceAsync(engine, legs, context.Duration));
        var jitter = runs.Select(r => r.Jitter).Order().ToList();
        var alone = jitter[RunsAlone / 2];
        context.Record("monitor_leg_jitter_alone_ms", alone);
        context.Record("monitor_leg_jitter_alone_ratio_low", jitter[0] / alone);
        context.Record("monitor_leg_jitter_alone_ratio_high", jitter[^1] / alone);
        // The run in the middle: what the legs wait for anyway.
        context.Record("monitor0_leg_late_p95_ms", runs.Select(r => r.LateP95).Order().ElementAt(RunsAlone / 2));
        context.Record("monitor0_leg_late_p99_ms", runs.Select(r => r.LateP99).Order().ElementAt(RunsAlone / 2));
        await MeasureAsync(context, "monitor1000", center, supervisor, engine, legs, alone, _ => calls[0].SessionId);
        await MeasureAsync(context, "monitor200x5", center, supervisor, engine, legs, alone, number => calls[number % calls.Count].SessionId);
    }

    private static async Task MeasureAsync(
        BenchContext context, string name, CommandCenter center, string supervisor, SimulatedMediaEngine engine, List<Leg> legs, double alone, Func<int, Guid> whom)
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
        context.Record($"{name}_leg_jitter_ms", watched.Jitter);
        context.Record($"{name}_leg_jitter_ratio", watched.Jitter / alone);
        context.Record($"{name}_leg_late_p95_ms", watched.LateP95);
        context.Record($"{name}_leg_late_p99_ms", watched.LateP99);
    }

    /// <summary>
    /// How legs are given their frames: taken where that is done, since what a listener of the bench's own would see is how
    /// busy the pool is.
    /// </summary>
    private static async Task<LegPace> PaceAsync(SimulatedMediaEngine engine, List<Leg> legs, TimeSpan duration)
    {
        legs.ForEach(leg => leg.Begin((int)(duration.TotalSeconds * 60)));
        var ears = legs.Select(leg => engine.HearInPlace(leg.SessionId, leg.LegId, frame => leg.Came(frame.Sequence)) ?? throw new InvalidOperationException("A leg is gone.")).ToList();
        await Task.Delay(duration);
        foreach (var ear in ears)
            ear.Dispose();
        var late = legs.SelectMany(leg => leg.Late()).Order().ToArray();
        return new LegPace(Load.Percentile([.. legs.SelectMany(leg => leg.Off()).Order()], 0.95), Load.Percentile(late, 0.95), Load.Percentile(late, 0.99));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var began = Stopwatch.GetTimestamp(); !holds(); await Task.Delay(10))
        {
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                throw new TimeoutException("The calls were not placed.");
        }
    }

    /// <param name="Jitter">By how much, at the 95th percentile, a frame comes earlier or later than 20 ms after the one before.</param>
    /// <param name="LateP95">By how much, at the 95th percentile, a frame comes later than the leg's schedule has it.</param>
    /// <param name="LateP99">The same at the 99th.</param>
    private sealed record LegPace(double Jitter, double LateP95, double LateP99);

    /// <summary>A leg, and when its frames came; takes no memory while they do.</summary>
    private sealed class Leg(Guid sessionId, Guid legId)
    {
        private const double FrameMs = 20;

        private (long Sequence, long At)[] frames = [];
        private int count;
        private double schedule = double.MaxValue;

        public Guid SessionId => sessionId;

        public Guid LegId => legId;

        public void Begin(int most) => (frames, count) = (new (long, long)[most], 0);

        public void Came(long sequence)
        {
            if (count < frames.Length)
                frames[count++] = (sequence, Stopwatch.GetTimestamp());
        }

        /// <summary>How far each gap is from a frame's length.</summary>
        public IEnumerable<double> Off() => Enumerable.Range(1, Math.Max(0, count - 1))
            .Select(n => Math.Abs(Stopwatch.GetElapsedTime(frames[n - 1].At, frames[n].At).TotalMilliseconds - FrameMs));

        /// <summary>
        /// By how much each frame came later than its turn. The schedule is that of the leg's most punctual frame in all runs so
        /// far, also those without monitors: frames that are all late by as much are evenly apart, and late.
        /// </summary>
        public IEnumerable<double> Late()
        {
            var turns = frames.Take(count).Select(f => Stopwatch.GetElapsedTime(0, f.At).TotalMilliseconds - (f.Sequence * FrameMs)).ToList();
            schedule = Math.Min(schedule, turns.DefaultIfEmpty(double.MaxValue).Min());
            return turns.Select(turn => turn - schedule);
        }
    }
}
