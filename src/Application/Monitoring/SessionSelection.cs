using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>Which of the live sessions a watcher wants, by lists of values; an empty list is no limit.</summary>
/// <param name="Kinds">Calls, chats.</param>
/// <param name="Statuses">Where they stand.</param>
/// <param name="QueueIds">Their queues.</param>
/// <param name="Channels">How they entered.</param>
public sealed record SessionSelection(
    IReadOnlyCollection<SessionKind> Kinds, IReadOnlyCollection<SessionStatus> Statuses, IReadOnlyCollection<Guid> QueueIds,
    IReadOnlyCollection<Channel> Channels)
{
    /// <summary>All of them.</summary>
    public static SessionSelection All { get; } = new([], [], [], []);

    /// <summary>Whether a session is wanted.</summary>
    public bool Shows(MonitoredSession session) =>
        (Kinds.Count == 0 || Kinds.Contains(session.Kind))
        && (Statuses.Count == 0 || Statuses.Contains(session.Status))
        && (QueueIds.Count == 0 || QueueIds.Contains(session.QueueId))
        && (Channels.Count == 0 || Channels.Contains(session.Channel));
}
