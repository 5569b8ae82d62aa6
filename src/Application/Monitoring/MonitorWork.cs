using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// What a monitoring does, and what the session has to know of it, in one write: that somebody barged in, or is out of it
/// again. For who only listens or coaches the session is read, and nothing is written to it (MON-3).
/// </summary>
public sealed class MonitorWork(UnitOfWork work, CurrentCall call, IMonitorPresence presence)
{
    /// <summary>The caller monitors a session from now on, and commits; without a stream the monitoring is soon taken for lost.</summary>
    /// <param name="monitorId">Its id.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="mode">How.</param>
    /// <param name="voice">Simulated media only: the supervisor's voice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<Receipt>> StartAsync(Guid monitorId, Guid sessionId, MonitorMode mode, string? voice, CancellationToken cancellationToken)
    {
        var monitor = await work.LoadAsync(Aggregates.Monitor, monitorId, cancellationToken);
        var session = await work.LoadAsync(Aggregates.Session, sessionId, cancellationToken);
        var started = MonitorDecider.Start(monitor.State, monitorId, session.State, call.Context.Caller.Actor, mode, voice, call.Now);
        if (started.Events.Count > 0)
            await presence.SeenAsync([monitorId], cancellationToken);
        return await CommitAsync(monitor, session, started, cancellationToken);
    }

    /// <summary>Decides something about a monitoring and its session, and commits.</summary>
    public async Task<Result<Receipt>> DecideAsync(
        Guid monitorId, Func<SessionMonitor, Session, Decision<MonitorEvent>> decide, CancellationToken cancellationToken)
    {
        var monitor = await work.LoadAsync(Aggregates.Monitor, monitorId, cancellationToken);
        var session = await work.LoadAsync(Aggregates.Session, monitor.State.SessionId, cancellationToken);
        return await CommitAsync(monitor, session, decide(monitor.State, session.State), cancellationToken);
    }

    private async Task<Result<Receipt>> CommitAsync(
        Versioned<SessionMonitor> monitor, Versioned<Session> session, Decision<MonitorEvent> decided, CancellationToken cancellationToken)
    {
        foreach (var happened in decided.Events)
        {
            if (work.Append(Aggregates.Session, session, await SeenAsync(session.State, happened, cancellationToken)) is { } refusal)
                return refusal;
        }

        // After the session's: its audio is moved in the order of what was written.
        return work.Append(Aggregates.Monitor, monitor, decided) is { } notDecided ? notDecided : await work.CommitAsync(monitor, cancellationToken);
    }

    /// <summary>What those in the session see of it.</summary>
    private async ValueTask<Decision<SessionEvent>> SeenAsync(Session session, MonitorEvent happened, CancellationToken cancellationToken) => happened switch
    {
        MonitorStarted { Mode: MonitorMode.Barge } e => await JoinAsync(session, e.MonitorId, cancellationToken),
        MonitorModeChanged { To: MonitorMode.Barge } e => await JoinAsync(session, e.MonitorId, cancellationToken),
        MonitorModeChanged { From: MonitorMode.Barge } e => SessionDecider.Part(session, e.MonitorId, e.Reason, call.Now),
        MonitorStopped { Mode: MonitorMode.Barge } e => SessionDecider.Part(session, e.MonitorId, e.Reason, call.Now),
        _ => Decision<SessionEvent>.Nothing,
    };

    private async ValueTask<Decision<SessionEvent>> JoinAsync(Session session, Guid monitorId, CancellationToken cancellationToken)
    {
        // The decider lets nobody but users barge in.
        var userId = call.Context.Caller.UserId ?? Guid.Empty;
        var user = (await work.LoadAsync(Aggregates.User, userId, cancellationToken)).State;
        return SessionDecider.Join(session, monitorId, userId, user.Name, call.Now);
    }
}
