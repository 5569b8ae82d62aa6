using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Application.Monitoring;

/// <summary>Limits of the monitoring pages.</summary>
/// <param name="StuckAfter">Queued or connected longer than this is stuck (END-4).</param>
public sealed record MonitoringOptions(TimeSpan StuckAfter)
{
    /// <summary>Five hours, as the company's default.</summary>
    public static MonitoringOptions Default { get; } = new(TimeSpan.FromHours(5));
}

/// <summary>A line of the monitoring pages: a session with the names of today (MON-6, MON-7).</summary>
/// <param name="Session">The session.</param>
/// <param name="QueueName">Its queue's name.</param>
/// <param name="AgentName">Its agent's name, or null without one.</param>
/// <param name="IsStuck">Whether it is stuck now (END-4).</param>
/// <param name="StuckAt">When it is stuck, if nothing changes.</param>
public sealed record SessionRow(MonitoredSession Session, string QueueName, string? AgentName, bool IsStuck, DateTimeOffset StuckAt);

/// <summary>Puts names to ids, as they are now.</summary>
public sealed class SessionRows(AggregateReader reader, MonitoringOptions options)
{
    /// <summary>The line of one session.</summary>
    public async ValueTask<SessionRow> OfAsync(MonitoredSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var queue = (await reader.LoadAsync(Aggregates.Queue, session.QueueId, cancellationToken)).State;
        var agentName = session.AgentId is { } agentId
            ? (await reader.LoadAsync(Aggregates.User, agentId, cancellationToken)).State.Name
            : null;
        var stuckAt = session.StageSince + options.StuckAfter;
        return new SessionRow(session, queue.Name, agentName, stuckAt < now, stuckAt);
    }

    /// <summary>The lines of a page.</summary>
    public async ValueTask<IReadOnlyList<SessionRow>> OfAsync(IReadOnlyList<MonitoredSession> sessions, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = new List<SessionRow>(sessions.Count);
        foreach (var session in sessions)
            rows.Add(await OfAsync(session, now, cancellationToken));
        return rows;
    }
}
