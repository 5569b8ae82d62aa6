using ContactCenter.Application.Leases;
using ContactCenter.Application.Outbox;
using ContactCenter.Infrastructure.Media;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ContactCenter.Infrastructure.Outbox;

/// <summary>
/// Carries out what the log's events cause outside, on every node: a lane for each first word of the handlers' kinds,
/// so that a slow CRM never holds back a call's media.
/// </summary>
/// <param name="scopes">Gives the handlers.</param>
/// <param name="outbox">The queue.</param>
/// <param name="committed">Completes at this node's next commit.</param>
/// <param name="leases">For lanes that one node works off.</param>
/// <param name="options">The pace.</param>
/// <param name="clock">Waits.</param>
/// <param name="logger">Tells of failures.</param>
/// <param name="media">Sees to the calls of the leader before, or null if no calls live in this process.</param>
public sealed class OutboxDispatcher(
    IServiceScopeFactory scopes,
    OutboxStore outbox,
    Func<Task> committed,
    ILeases leases,
    OutboxOptions options,
    TimeProvider clock,
    ILogger<OutboxDispatcher> logger,
    MediaReconciler? media = null)
    : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var handlers = scope.ServiceProvider.GetServices<IOutboxHandler>().ToList();
        var lanes = handlers.SelectMany(h => h.Kinds).Select(LaneOf).Distinct(StringComparer.Ordinal).Except(options.ScheduledLanes);
        await Task.WhenAll(lanes.Select(lane => RunAsync(lane, handlers, stoppingToken)));
    }

    private static string LaneOf(string kind) => kind.Split('.')[0];

    private Task RunAsync(string name, IReadOnlyList<IOutboxHandler> handlers, CancellationToken cancellationToken)
    {
        var lane = new OutboxLane(name, handlers, outbox, committed, options, clock, logger);
        return options.LeasedLanes.Contains(name)
            ? leases.RunWhileLeaderAsync(name, leading => LeadAsync(name, lane, leading), cancellationToken)
            : lane.RunAsync(cancellationToken);
    }

    private async Task LeadAsync(string name, OutboxLane lane, CancellationToken leading)
    {
        if (name != "media" || media is null)
        {
            await lane.RunAsync(leading);
            return;
        }

        await media.RunAsync(leading);
        await Task.WhenAll(lane.RunAsync(leading), media.KeepLookingAsync(leading));
    }
}
