using System.Diagnostics;
using ContactCenter.Testing;

namespace ContactCenter.Benchmarks;

/// <summary>
/// Processor time used so far by this process, which is the service and its callers, and by PostgreSQL with whatever
/// drives it. Unlike time on the clock it hardly changes with what else the machine does.
/// </summary>
/// <param name="Service">This process.</param>
/// <param name="Database">The server with all its connections.</param>
internal readonly record struct ProcessorTime(TimeSpan Service, TimeSpan Database)
{
    public static async Task<ProcessorTime> NowAsync(PostgresCluster cluster)
    {
        using var process = Process.GetCurrentProcess();
        return new ProcessorTime(process.TotalProcessorTime, await cluster.ProcessorTimeAsync());
    }

    /// <summary>What has been used since then, in microseconds for each of a number of things done.</summary>
    public static async Task<(double Service, double Database)> SinceAsync(ProcessorTime then, PostgresCluster cluster, long count)
    {
        var now = await NowAsync(cluster);
        return ((now.Service - then.Service).TotalMicroseconds / count, (now.Database - then.Database).TotalMicroseconds / count);
    }
}
