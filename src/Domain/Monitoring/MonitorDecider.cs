using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Monitoring;

/// <summary>
/// The rules of monitoring: only while the session lives, and whoever speaks speaks to the agent they chose. What the
/// session itself must know of it, that somebody barged in, <see cref="SessionDecider"/> decides in the same write.
/// </summary>
public static class MonitorDecider
{
    /// <summary>Why a mode was changed that the supervisor did not change: nobody is left to be spoken to.</summary>
    public const string AgentLeft = "agent_left";

    /// <summary>Why a mode was changed that the supervisor did not change: their audio broke.</summary>
    public const string LegLost = "leg_lost";

    private const string Asked = "asked";

    /// <summary>The permission that a mode needs on the session.</summary>
    public static string PermissionOf(MonitorMode mode) => mode switch
    {
        MonitorMode.Coach => Permissions.MonitoringCoach,
        MonitorMode.Barge => Permissions.MonitoringBarge,
        _ => Permissions.MonitoringListen,
    };

    /// <summary>
    /// Why a session cannot be monitored so now, or null (MON-2): a call with an agent in it; a chat as long as it lives, but
    /// whoever speaks in it needs an agent beside them.
    /// </summary>
    public static DomainError? WhyNot(Session s, MonitorMode mode)
    {
        if (SessionDecider.WhyNotLive(s) is { } refusal)
            return refusal;
        if (mode == MonitorMode.Coach && s.Kind != SessionKind.Call)
            return MonitorErrors.ModeNotPossible;
        if (s.Kind == SessionKind.Call)
            return SessionDecider.WhyNotHeard(s);
        return mode == MonitorMode.Silent ? null : SessionDecider.WhyNotConnected(s);
    }

    /// <summary>Somebody monitors a session. The same again, id and mode, is the same monitoring.</summary>
    /// <param name="m">The monitoring.</param>
    /// <param name="monitorId">Its id.</param>
    /// <param name="s">The session.</param>
    /// <param name="by">Who.</param>
    /// <param name="mode">How.</param>
    /// <param name="voice">Simulated media only: the supervisor's voice.</param>
    /// <param name="now">The time.</param>
    public static Decision<MonitorEvent> Start(
        SessionMonitor m, Guid monitorId, Session s, Actor by, MonitorMode mode, string? voice, DateTimeOffset now)
    {
        if (m.Exists)
            return m.SessionId == s.Id && m.By == by && m.StartedAs == mode ? Decision<MonitorEvent>.Nothing : MonitorErrors.IdTaken;
        if ((WhyNot(s, mode) ?? WhyNotBy(s, by, mode)) is { } refusal)
            return refusal;
        return new MonitorStarted(monitorId, s.Id, s.Kind, by, mode, s.OfferId, voice, now);
    }

    /// <summary>The supervisor goes on in another mode.</summary>
    public static Decision<MonitorEvent> ChangeMode(SessionMonitor m, Session s, MonitorMode mode, string? voice, DateTimeOffset now)
    {
        if (WhyNotLive(m) is { } over)
            return over;
        if (m.Mode == mode && (mode != MonitorMode.Coach || m.OfferId == s.OfferId))
            return Decision<MonitorEvent>.Nothing;
        if ((WhyNot(s, mode) ?? WhyNotBy(s, m.By, mode)) is { } refusal)
            return refusal;
        return new MonitorModeChanged(m.Id, s.Id, m.Kind, m.Mode, mode, s.OfferId, voice, Asked, now);
    }

    /// <summary>The monitoring is over; a second end changes nothing.</summary>
    public static Decision<MonitorEvent> Stop(SessionMonitor m, string reason, DateTimeOffset now)
    {
        if (!m.Exists)
            return MonitorErrors.NotFound;
        return m.IsLive ? new MonitorStopped(m.Id, m.SessionId, m.Kind, m.Mode, reason, now) : Decision<MonitorEvent>.Nothing;
    }

    /// <summary>It ends without its supervisor's doing; if its session is over, that is why.</summary>
    public static Decision<MonitorEvent> End(SessionMonitor m, Session s, string reason, DateTimeOffset now) =>
        Stop(m, s.IsLive ? reason : MonitorEnds.SessionEnded, now);

    /// <summary>
    /// What becomes of it after something happened in the session: it ends with the session, and who spoke falls silent when
    /// the agent they chose is out of it. It also ends when the session has become the supervisor's own. Hold changes nothing, and neither does a transfer for who only listens.
    /// </summary>
    public static Decision<MonitorEvent> Settle(SessionMonitor m, Session s, DateTimeOffset now)
    {
        if (!m.IsLive)
            return Decision<MonitorEvent>.Nothing;
        if (!s.IsLive)
            return Stop(m, MonitorEnds.SessionEnded, now);
        if (s.IsInConversation && IsOwn(s, m.By))
            return Stop(m, MonitorEnds.TookOver, now);
        var speaksOn = m.Mode switch
        {
            MonitorMode.Coach => s.IsInConversation && s.OfferId == m.OfferId,
            MonitorMode.Barge => s.Supervisors.ContainsKey(m.Id),
            _ => true,
        };
        return speaksOn ? Decision<MonitorEvent>.Nothing : FallSilent(m, AgentLeft, now);
    }

    /// <summary>The supervisor's own audio is gone: they hear on, and speak no more.</summary>
    public static Decision<MonitorEvent> LoseLeg(SessionMonitor m, DateTimeOffset now) =>
        m is { IsLive: true, Mode: not MonitorMode.Silent } ? FallSilent(m, LegLost, now) : Decision<MonitorEvent>.Nothing;

    /// <summary>Why nothing can be done with a monitoring any more: there is none, or it is over; else null.</summary>
    public static DomainError? WhyNotLive(SessionMonitor m) => !m.Exists ? MonitorErrors.NotFound : m.IsLive ? null : MonitorErrors.Over;

    /// <summary>Why there is nothing to hear, or null.</summary>
    public static DomainError? WhyNotHearing(SessionMonitor m) => WhyNotLive(m) ?? (m.Kind == SessionKind.Call ? null : MonitorErrors.NotACall);

    /// <summary>Why there is no live view of a session of this kind, or none any more, or null (MON-7).</summary>
    /// <param name="kind">Call or chat.</param>
    /// <param name="isOver">Whether the monitoring is over.</param>
    public static DomainError? WhyNotViewed(SessionKind kind, bool isOver = false) =>
        kind != SessionKind.Chat ? MonitorErrors.NotAChat : isOver ? MonitorErrors.Over : null;

    /// <summary>Why the supervisor may not write in the chat, or null: they have to be seen in it.</summary>
    public static DomainError? WhyNotWriting(SessionMonitor m) => WhyNotLive(m) ?? (m.Mode == MonitorMode.Barge ? null : MonitorErrors.NotBarged);

    private static MonitorModeChanged FallSilent(SessionMonitor m, string reason, DateTimeOffset now) =>
        new(m.Id, m.SessionId, m.Kind, m.Mode, MonitorMode.Silent, OfferId: null, Voice: null, reason, now);

    private static DomainError? WhyNotBy(Session s, Actor by, MonitorMode mode)
    {
        if (by.Kind != ActorKind.User)
            return mode == MonitorMode.Silent ? null : MonitorErrors.UsersOnly;
        return IsOwn(s, by) ? MonitorErrors.OwnSession : null;
    }

    private static bool IsOwn(Session s, Actor by) =>
        by.Kind == ActorKind.User && s.AgentId is { } agentId && string.Equals(by.Id, agentId.ToString(), StringComparison.Ordinal);
}
