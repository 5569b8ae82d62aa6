using ContactCenter.Api.Operations;
using Grpc.HealthCheck;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ContactCenter.Api.Grpc;

/// <summary>
/// Tells gRPC's health, for the whole server and each service, what <c>/health/ready</c> tells: looked at every second,
/// and at once when this node begins or stops to take requests. A watcher is told each change.
/// </summary>
internal sealed class GrpcHealth(IHealthStatus health, NodeState node, Readiness readiness, TimeProvider clock, ILogger<GrpcHealth> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly string[] Names =
        ["", V1.AgentAdapter.Descriptor.FullName, V1.Monitoring.Descriptor.FullName, V1.EventFeed.Descriptor.FullName];

    private readonly Lock gate = new();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Tell(ready: false);
        node.WhenChanged(OnNodeChanged);
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
                Tell(await IsReadyAsync(stoppingToken));
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It stays as it was told last: not serving.
        }
    }

    private void OnNodeChanged() => Tell(node.IsServing);

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await readiness.ReportAsync(cancellationToken)).Status == "ready";
        }
#pragma warning disable CA1031 // What cannot be looked at is not ready; the next look may be.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogWarning(e, "Readiness cannot be told");
            return false;
        }
    }

    private void Tell(bool ready)
    {
        lock (gate)
        {
            // What was looked at before the node stopped must not overtake that it did.
            var status = ready && node.IsServing ? ServingStatus.Serving : ServingStatus.NotServing;
            foreach (var name in Names)
                health.Set(name, status);
        }
    }
}
