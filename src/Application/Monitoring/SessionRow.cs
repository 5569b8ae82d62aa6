using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>A line of the monitoring pages: a session with the names of today (MON-6, MON-7).</summary>
/// <param name="Session">The session.</param>
/// <param name="QueueName">Its queue's name.</param>
/// <param name="AgentName">Its agent's name, or null without one.</param>
/// <param name="IsStuck">Whether it is stuck now (END-4).</param>
/// <param name="StuckAt">When it is stuck, if nothing changes.</param>
public sealed record SessionRow(MonitoredSession Session, string QueueName, string? AgentName, bool IsStuck, DateTimeOffset StuckAt);

/// <summary>Puts names and limits to sessions, as they are now.</summary>
public sealed class SessionRows(AggregateReader reader, SessionBoard board, ICenterConfiguration configuration)
{
    private readonly ConditionalWeakTable<MonitoredSession, SessionRow> known = [];

    /// <summary>The line of one session.</summary>
    public async ValueTask<SessionRow> OfAsync(MonitoredSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var center = await configuration.AtLeastAsync(board.Revision, cancellationToken);
        var queueName = center.Queues.GetValueOrDefault(session.QueueId)?.Name
            ?? (await reader.LoadAsync(Aggregates.Queue, session.QueueId, cancellationToken)).State.Name;
        var agentName = session.AgentId is { } agentId
            ? (await reader.LoadAsync(Aggregates.User, agentId, cancellationToken)).State.Name
            : null;
        var limit = center.StuckAfter(session.QueueId);
        var (isStuck, stuckAt) = (SessionDecider.IsStuck(session.StageSince, limit, now), session.StageSince + limit);
        // All who look at the same session are shown the same line: what is made of it is made once.
        if (known.TryGetValue(session, out var line) && (line.QueueName, line.AgentName, line.IsStuck, line.StuckAt) == (queueName, agentName, isStuck, stuckAt))
            return line;
        line = new SessionRow(session, queueName, agentName, isStuck, stuckAt);
        known.AddOrUpdate(session, line);
        return line;
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
