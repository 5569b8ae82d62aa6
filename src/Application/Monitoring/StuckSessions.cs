using ContactCenter.Application.Projections;
using ContactCenter.Application.Settings;

namespace ContactCenter.Application.Monitoring;

/// <summary>Finds what may be stuck and is to be ended (END-4). Whether it is, the command decides on the session itself.</summary>
public sealed class StuckSessions(IReadModel<MonitoredSession> sessions, ICenterConfiguration configuration, TimeProvider time)
{
    /// <summary>Live sessions past the shortest limit there is; none while the center does not want them ended.</summary>
    public async Task<IReadOnlyList<Guid>> ToEndAsync(CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(0, cancellationToken);
        if (!center.Settings.Monitoring.EndStuck)
            return [];
        var shortest = TimeSpan.FromMinutes(
            center.Queues.Values.Select(q => q.Handling.StuckAfterMinutes ?? int.MaxValue).Append(center.Settings.Monitoring.StuckAfterMinutes).Min());
        var now = time.GetUtcNow();
        var (_, old) = await sessions.SnapshotAsync(
            [
                new("stage", FilterOperator.AnyOf, new[] { nameof(SessionStage.Queued), nameof(SessionStage.Connected) }),
                new("stage_since", FilterOperator.Below, now - shortest),
            ],
            cancellationToken);
        return [.. old.Where(s => now - s.StageSince > center.StuckAfter(s.QueueId)).Select(s => s.SessionId)];
    }
}
