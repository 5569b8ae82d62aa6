using ContactCenter.Api.Operations;

namespace ContactCenter.Api.Hosting;

/// <summary>
/// Says that this node serves once everything has started, and that it no longer does before anything stops: for
/// <c>CONTACTCENTER_DRAIN_SECONDS</c> it still answers, while <c>/health/ready</c> sends balancers elsewhere.
/// </summary>
internal sealed class Drain(NodeState node, ApiOptions options, TimeProvider clock) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        node.Started();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        node.Stopping();
        return Task.Delay(options.DrainTime, clock, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
