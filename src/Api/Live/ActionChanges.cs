using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Projections;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Api.Live;

/// <summary>
/// What one caller may do to one session changes without the session: its recording is paused in its own stream, the caller
/// monitors it, their own adapter comes and goes, they join or leave a queue, its teams change. Nobody is told of another's.
/// </summary>
/// <param name="feed">Where that is seen.</param>
/// <param name="reader">Reads what has changed, so that who asks next is answered by it.</param>
/// <param name="monitors">Where the caller's own monitorings are listed.</param>
public sealed class ActionChanges(ILiveFeed feed, AggregateReader reader, IReadModel<MonitorCard> monitors)
{
    /// <summary>Begins to follow; to be done before it is asked what the caller may do, so that nothing falls in between.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="caller">Who may do something to it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ActionFollowing> BeginAsync(Guid sessionId, Caller caller, CancellationToken cancellationToken)
    {
        var from = await feed.NowAsync(cancellationToken);
        // A monitoring that began a moment ago may be behind the feed and not listed yet.
        if (GetSessionActions.MayMonitor(caller) && await monitors.PositionAsync(cancellationToken) is var listed && listed < from)
            from = listed;
        return new ActionFollowing(feed, reader, sessionId, caller, from);
    }
}

/// <summary>The actions of one caller on one session being followed. To be read once.</summary>
public sealed class ActionFollowing
{
    private readonly ILiveFeed feed;
    private readonly AggregateReader reader;
    private readonly Guid sessionId;
    private readonly Caller caller;
    private readonly LogPosition from;

    internal ActionFollowing(ILiveFeed feed, AggregateReader reader, Guid sessionId, Caller caller, LogPosition from) =>
        (this.feed, this.reader, this.sessionId, this.caller, this.from) = (feed, reader, sessionId, caller, from);

    /// <summary>Monitorings of the caller's that began meanwhile, for <see cref="GetSessionActions"/>: lists may not show them yet.</summary>
    public ConcurrentBag<Guid> Begun { get; } = [];

    /// <summary>Gives each event by which the actions may have changed, once it is in what they are asked of.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<StoredEvent> NextAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var recording = Aggregates.Recording.Stream(RecordingId.Of(sessionId));
        await foreach (var happened in feed.SubscribeAsync(from, e => e.Stream == recording || MayMatter(e.Data), cancellationToken))
        {
            if (await IsSeenAsync(happened, cancellationToken))
                yield return happened;
        }
    }

    private bool MayMatter(IDomainEvent happened) => happened switch
    {
        MonitorStarted e => e.SessionId == sessionId,
        MonitorModeChanged e => e.SessionId == sessionId,
        MonitorStopped e => e.SessionId == sessionId,
        AgentEvent e => e.AgentId == caller.UserId,
        QueueMemberAdded e => e.AgentId == caller.UserId,
        QueueMemberRemoved e => e.AgentId == caller.UserId,
        QueueTeamsAssigned => true,
        _ => false,
    };

    private async ValueTask<bool> IsSeenAsync(StoredEvent happened, CancellationToken cancellationToken)
    {
        switch (happened.Data)
        {
            case MonitorEvent:
                var monitor = (await reader.LoadFreshAsync(Aggregates.Monitor, happened.Stream.Id, cancellationToken)).State;
                if (monitor.By == caller.Actor)
                    Begun.Add(monitor.Id);
                return monitor.By == caller.Actor;
            case AgentEvent:
                await reader.LoadFreshAsync(Aggregates.Agent, happened.Stream.Id, cancellationToken);
                return true;
            case QueueEvent:
                await reader.LoadFreshAsync(Aggregates.Queue, happened.Stream.Id, cancellationToken);
                return true;
            default:
                await reader.LoadFreshAsync(Aggregates.Recording, happened.Stream.Id, cancellationToken);
                return true;
        }
    }
}
