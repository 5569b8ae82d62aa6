using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Media;
using ContactCenter.Application.VirtualAgents;
using ContactCenter.Infrastructure.Database;
using ContactCenter.Infrastructure.EventStore;

namespace ContactCenter.Api.Operations;

/// <summary>How this node is.</summary>
/// <param name="Status"><c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Checks">What was looked at.</param>
public sealed record ReadinessReport(string Status, IReadOnlyList<ReadinessCheck> Checks);

/// <summary>One thing looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">False makes the node not ready.</param>
/// <param name="Detail">A figure or a name; never a secret.</param>
public sealed record ReadinessCheck(string Name, bool Ok, string Detail);

/// <summary>Looks at what a node needs to serve. Asked by balancers often, so its answer is kept for a second.</summary>
public sealed class Readiness(
    NodeState node, LogMaintenance log, IEventStore store, ILiveFeed feed, IMediaEngine media, IEnumerable<IVirtualAgentConnector> virtualAgents, TimeProvider clock, IEnumerable<IReadinessSource> more) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WriterLimit = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim one = new(1, 1);
    private (DateTimeOffset At, ReadinessReport Report)? last;

    /// <summary>The report.</summary>
    public async Task<ReadinessReport> ReportAsync(CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            var now = clock.GetUtcNow();
            if (last is not { } kept || now - kept.At > KeptFor || kept.Report.Checks[0].Ok != node.IsServing)
                last = kept = (now, await LookAsync(cancellationToken));
            return kept.Report;
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => one.Dispose();

    private async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        List<ReadinessCheck> checks = [new("node", node.IsServing, node.IsServing ? "serving" : "starting or stopping")];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var health = await log.HealthAsync(limit.Token);
            checks.Add(new("database", Ok: true, "reachable"));
            checks.Add(new("log_oldest_write", health.OldestWriteAge < WriterLimit, $"{health.OldestWriteAge.TotalSeconds:0.000} s"));
            checks.Add(await TailAsync(limit.Token));
            foreach (var source in more)
                checks.AddRange(await source.CheckAsync(limit.Token));
        }
        catch (Exception e) when (Transience.IsUnavailable(e) || e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            checks.Add(new("database", Ok: false, "unreachable"));
        }

        checks.Add(new("media", Ok: true, media.Name));
        checks.Add(new("virtual_agents", Ok: true, string.Join(", ", virtualAgents.Select(v => v.Name))));
        return new ReadinessReport(checks.TrueForAll(c => c.Ok) ? "ready" : "not_ready", checks);
    }

    /// <summary>The tail must come past where the log ended when it was asked.</summary>
    private async Task<ReadinessCheck> TailAsync(CancellationToken cancellationToken)
    {
        var end = await store.ReadEndAsync(cancellationToken);
        for (var look = 0; look < 20 && feed.Position < end; look++)
            await Task.Delay(TimeSpan.FromMilliseconds(25), clock, cancellationToken);
        var caughtUp = feed.Position >= end;
        return new ReadinessCheck("log_tail", caughtUp, caughtUp ? "caught up" : $"behind: at {feed.Position}, log at {end}");
    }
}

/// <summary>Another part of the product with something to say about readiness.</summary>
public interface IReadinessSource
{
    /// <summary>Its checks; quick, and never throwing for what it looks at.</summary>
    Task<IReadOnlyList<ReadinessCheck>> CheckAsync(CancellationToken cancellationToken);
}
