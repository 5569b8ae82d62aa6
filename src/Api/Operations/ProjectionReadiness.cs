using ContactCenter.Application.Operations;

namespace ContactCenter.Api.Operations;

/// <summary>
/// Shows projections that are paused at an event they cannot fold. The node stays ready: what they show is old, and
/// every other node shows the same, so that taking one out of the balancer would help nobody.
/// </summary>
public sealed class ProjectionReadiness(IProjectionControl projections) : IReadinessSource
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReadinessCheck>> CheckAsync(CancellationToken cancellationToken)
    {
        var paused = (await projections.ListAsync(cancellationToken)).Where(p => p.Status == "paused").ToList();
        var detail = paused.Count == 0 ? "none paused" : "degraded: " + string.Join(", ", paused.Select(Tell));
        return [new("projections", Ok: true, detail)];
    }

    private static string Tell(ProjectionStatus projection) => $"{projection.Name} paused at event {projection.Error?.EventId}";
}
