using System.Diagnostics;
using System.Runtime;

namespace ContactCenter.Benchmarks;

/// <summary>What a number of concurrent callers reached.</summary>
internal sealed record Reached(double PerSecond, double P50, double P99);

/// <summary>Runs one operation from a number of concurrent callers for some time.</summary>
internal static class Load
{
    /// <param name="callers">How many call at once, each one call after the other.</param>
    /// <param name="duration">How long, after a warm-up of a quarter of it.</param>
    /// <param name="start">Makes one caller's operation.</param>
    public static async Task<Reached> RunAsync(int callers, TimeSpan duration, Func<int, Func<Task>> start)
    {
        var warmUntil = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds / 4 * Stopwatch.Frequency);
        var until = warmUntil + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var operation = start(caller);
            var measured = new List<double>();
            while (true)
            {
                var before = Stopwatch.GetTimestamp();
                if (before >= until)
                    return measured;
                await operation();
                if (before >= warmUntil)
                    measured.Add(Stopwatch.GetElapsedTime(before).TotalMilliseconds);
            }
        })));
        var all = latencies.SelectMany(l => l).Order().ToArray();
        return new Reached(all.Length / duration.TotalSeconds, Percentile(all, 0.50), Percentile(all, 0.99));
    }

    /// <summary>
    /// Runs the operation until the just-in-time compiler has little left to do, or the limit is reached. Before that a
    /// good part of the two cores is the compiler's, and it would be measured instead; a service pays that once.
    /// </summary>
    public static Task WarmAsync(int callers, TimeSpan limit, Func<int, Func<Task>> start) => WarmAsync(limit, slice => RunAsync(callers, slice * 0.8, start));

    /// <summary>The same for whatever runs for about as long as it is told.</summary>
    public static async Task WarmAsync(TimeSpan limit, Func<TimeSpan, Task> run)
    {
        var slice = TimeSpan.FromSeconds(2);
        for (var spent = TimeSpan.Zero; spent < limit; spent += slice)
        {
            var compiled = JitInfo.GetCompilationTime();
            await run(slice);
            if (JitInfo.GetCompilationTime() - compiled < slice * 0.03)
                return;
        }
    }

    public static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
