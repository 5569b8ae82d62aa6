using ContactCenter.Application.Media;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>
/// Where a supervisor's leg is; it has the monitoring's id. Who only listens has none: no party's audio depends on them
/// (MON-3).
/// </summary>
internal static class MonitorMedia
{
    /// <summary>What one event asks of the media engine; for a chat nothing.</summary>
    public static IEnumerable<MediaCommand> CommandsOf(MonitorEvent happened, Func<string, Guid> id) => happened switch
    {
        MonitorStarted { Kind: SessionKind.Call } e when SpaceOf(e.Mode) is { } space =>
            [new PlaceLeg(id("supervisor"), e.SessionId, e.MonitorId, Party.Supervisor, space, e.Voice)],
        MonitorModeChanged { Kind: SessionKind.Call } e => Change(e, id("supervisor")),
        MonitorStopped { Kind: SessionKind.Call, Mode: not MonitorMode.Silent } e => [new HangUpLeg(id("supervisor"), e.SessionId, e.MonitorId)],
        _ => [],
    };

    private static IEnumerable<MediaCommand> Change(MonitorModeChanged e, Guid id) => (SpaceOf(e.From), SpaceOf(e.To)) switch
    {
        (null, { } space) => [new PlaceLeg(id, e.SessionId, e.MonitorId, Party.Supervisor, space, e.Voice)],
        (not null, null) => [new HangUpLeg(id, e.SessionId, e.MonitorId)],
        (not null, { } space) => [new MoveLeg(id, e.SessionId, e.MonitorId, space)],
        _ => [],
    };

    private static SpaceKind? SpaceOf(MonitorMode mode) => mode switch
    {
        MonitorMode.Coach => SpaceKind.Coaching,
        MonitorMode.Barge => SpaceKind.Conversation,
        _ => null,
    };
}
