using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Monitoring;

/// <summary>
/// A fact of one user's monitoring of one session. Stream <c>monitoring-{id}</c>, never the session's: nothing that the
/// agent or the consumer can see depends on it (MON-3).
/// </summary>
public abstract record MonitorEvent : IDomainEvent
{
    private protected MonitorEvent()
    {
    }
}

/// <summary>How a session is monitored.</summary>
public enum MonitorMode
{
    /// <summary>Hears or reads; nobody can tell.</summary>
    Silent,

    /// <summary>Speaks to the agent alone. Calls only.</summary>
    Coach,

    /// <summary>In the session as a visible participant (MON-5).</summary>
    Barge,
}

/// <summary>Somebody monitors a session from now on.</summary>
/// <param name="MonitorId">This monitoring; also the supervisor's leg where they speak.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="By">Who.</param>
/// <param name="Mode">How.</param>
/// <param name="OfferId">The offer by which the agent has the session, whom alone a coach speaks to; null without an agent.</param>
/// <param name="Voice">Simulated media only: the supervisor's voice, see <c>PlaceLeg.Voice</c>.</param>
/// <param name="StartedAt">When.</param>
[EventType("monitoring.started.v1")]
public sealed record MonitorStarted(
    Guid MonitorId, Guid SessionId, SessionKind Kind, Actor By, MonitorMode Mode, Guid? OfferId, string? Voice, DateTimeOffset StartedAt) : MonitorEvent;

/// <summary>The same monitoring goes on in another way.</summary>
/// <param name="MonitorId">Which.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="From">How until now.</param>
/// <param name="To">How from now on.</param>
/// <param name="OfferId">As in <see cref="MonitorStarted"/>.</param>
/// <param name="Voice">As in <see cref="MonitorStarted"/>.</param>
/// <param name="Reason">Stable word: <c>asked</c>, <c>agent_left</c>, <c>leg_lost</c>.</param>
/// <param name="ChangedAt">When.</param>
[EventType("monitoring.mode_changed.v1")]
public sealed record MonitorModeChanged(
    Guid MonitorId, Guid SessionId, SessionKind Kind, MonitorMode From, MonitorMode To, Guid? OfferId, string? Voice, string Reason, DateTimeOffset ChangedAt)
    : MonitorEvent;

/// <summary>The monitoring is over.</summary>
/// <param name="MonitorId">Which.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Mode">How it was at the end.</param>
/// <param name="Reason">Stable word, see <see cref="MonitorEnds"/>.</param>
/// <param name="StoppedAt">When.</param>
[EventType("monitoring.stopped.v1")]
public sealed record MonitorStopped(Guid MonitorId, Guid SessionId, SessionKind Kind, MonitorMode Mode, string Reason, DateTimeOffset StoppedAt) : MonitorEvent;

/// <summary>Why a monitoring ends (MON-2).</summary>
public static class MonitorEnds
{
    /// <summary>The supervisor said so.</summary>
    public const string Asked = "asked";

    /// <summary>The stream it began with ended.</summary>
    public const string StreamClosed = "stream_closed";

    /// <summary>No stream of it was seen for too long: its client, or the node it was connected to, is gone.</summary>
    public const string ClientLost = "client_lost";

    /// <summary>The session is over.</summary>
    public const string SessionEnded = "session_ended";

    /// <summary>The right to it is gone: a role, a team, the session's queue or a token changed.</summary>
    public const string RightLost = "right_lost";

    /// <summary>The supervisor is the agent now.</summary>
    public const string TookOver = "took_over";
}
