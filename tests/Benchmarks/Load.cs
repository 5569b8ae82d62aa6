using System.Diagnostics;

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
            var measured = new List<double>(100_000);
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

    public static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}
