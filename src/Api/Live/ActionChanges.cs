using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Api.Live;

/// <summary>
/// What one caller may do to one session changes without the session: its recording is paused in its own stream, the caller
/// monitors it, their own adapter comes and goes, they join or leave a queue. Nobody is told of another's.
/// </summary>
/// <param name="feed">Where that is seen.</param>
/// <param name="reader">Reads what has changed, so that who asks next is answered by it.</param>
public sealed class ActionChanges(ILiveFeed feed, AggregateReader reader)
{
    /// <summary>Monitorings of the caller's that began meanwhile, for <see cref="GetSessionActions"/>: lists may not show them yet.</summary>
    public ConcurrentBag<Guid> Begun { get; } = [];

    /// <summary>Gives each event by which the actions may have changed, once it is in what they are asked of.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="caller">Who may do something to it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<StoredEvent> WatchAsync(Guid sessionId, Caller caller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var recording = Aggregates.Recording.Stream(RecordingId.Of(sessionId));
        await foreach (var happened in feed.SubscribeAsync(await feed.NowAsync(cancellationToken), e => e.Stream == recording || MayMatter(e.Data, sessionId, caller), cancellationToken))
        {
            if (await IsSeenAsync(happened, caller, cancellationToken))
                yield return happened;
        }
    }

    private static bool MayMatter(IDomainEvent happened, Guid sessionId, Caller caller) => happened switch
    {
        MonitorStarted e => e.SessionId == sessionId,
        MonitorModeChanged e => e.SessionId == sessionId,
        MonitorStopped e => e.SessionId == sessionId,
        AgentEvent e => e.AgentId == caller.UserId,
        QueueMemberAdded e => e.AgentId == caller.UserId,
        QueueMemberRemoved e => e.AgentId == caller.UserId,
        _ => false,
    };

    private async ValueTask<bool> IsSeenAsync(StoredEvent happened, Caller caller, CancellationToken cancellationToken)
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
