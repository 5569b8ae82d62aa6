using System.Diagnostics;
using ContactCenter.Application.Queues;
using Xunit.Abstractions;

namespace ContactCenter.Application.Tests.Pipeline;

/// <summary>Runs alone: what others allocate meanwhile would count.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class DispatchCostTests(ITestOutputHelper output)
{
    private const int Calls = 2_000;

    [Fact]
    public async Task A_dispatch_looks_nothing_up_by_reflection_and_allocates_little()
    {
        await using var center = await Center.OpenAsync();
        for (var i = 0; i < Calls; i++)
            await center.Host.DoAsync(TestHost.Admin, new GetQueue(center.QueueId));
        var (before, started) = (GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        for (var i = 0; i < Calls; i++)
            await center.Host.DoAsync(TestHost.Admin, new GetQueue(center.QueueId));
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls;
        output.WriteLine($"{bytes} bytes, {Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls:F1} us a dispatch");
        bytes.ShouldBeLessThan(15_000);
    }
}
