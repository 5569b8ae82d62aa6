using ContactCenter.Application.Messaging;
using ContactCenter.Application.Monitoring;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Sessions;

/// <summary>A session as actions look at it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Recording">Its recording; the initial state if it has none.</param>
/// <param name="UserId">Who would act.</param>
/// <param name="Agent">The same user as an agent; the initial state where that is not asked for.</param>
/// <param name="Now">When.</param>
public sealed record ActionMoment(Session Session, Recording Recording, Guid UserId, Agent Agent, DateTimeOffset Now);

/// <summary>Something that a user may do to a session.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="RequirementOf">What the command requires, of a session and a user.</param>
/// <param name="WouldHappen">Whether the command would do anything now: asks the rules that the command itself asks.</param>
public sealed record SessionAction(string Name, Func<Guid, Guid, Requirement> RequirementOf, Func<ActionMoment, bool> WouldHappen);

/// <summary>Something that a user may do with a monitoring of their own.</summary>
/// <param name="Name">Its name on the wire.</param>
/// <param name="RequirementOf">What the command requires, of a monitoring.</param>
/// <param name="WouldHappen">Whether the command would do anything now: asks the rules that the command itself asks.</param>
public sealed record MonitorAction(string Name, Func<Guid, Requirement> RequirementOf, Func<ActionMoment, SessionMonitor, bool> WouldHappen);

/// <summary>
/// The one table of what users may do to a session, and when (MON-4). The commands take their requirements from it, and
/// it asks the deciders that they ask: what is shown is what would be accepted, and would change something.
/// </summary>
public static class SessionActions
{
    private const string Probe = "probe";

    /// <summary>A supervisor ends it (END-1).</summary>
    public static SessionAction End { get; } = new(
        "end", (sessionId, _) => Requirement.Permission(Permissions.SessionsEnd, Target.Session(sessionId)),
        m => SessionDecider.End(m.Session, SessionParty.Supervisor, m.UserId, Probe, m.Now).Events.Count > 0);

    /// <summary>Somebody listens to a call or reads along in a chat, unnoticed (MON-2).</summary>
    public static SessionAction Monitor { get; } = OfMonitoring("monitor", MonitorMode.Silent);

    /// <summary>Somebody speaks to the agent alone (MON-5).</summary>
    public static SessionAction Coach { get; } = OfMonitoring("coach", MonitorMode.Coach);

    /// <summary>Somebody joins the conversation (MON-5).</summary>
    public static SessionAction Barge { get; } = OfMonitoring("barge", MonitorMode.Barge);

    /// <summary>Somebody opens a chat's live view (MON-7).</summary>
    public static SessionAction ViewLive { get; } = new(
        "view_live", (sessionId, _) => SessionReaders.Of(sessionId), m => MonitorDecider.WhyNotViewed(m.Session.Kind) is null && WouldMonitor(m, MonitorMode.Silent));

    /// <summary>The supervisor becomes the session's agent.</summary>
    public static MonitorAction TakeOver { get; } = new("take_over", MonitorRights.ToTakeOver, static (m, monitor) =>
        MonitorDecider.WhyNotLive(monitor) is null
        && SessionDecider.TakeOver(m.Session, monitor.Id, m.UserId, Guid.Empty, m.Now).Events.Count > 0
        && AgentDecider.TakeOver(m.Agent, m.Session.Id, Guid.Empty, m.Session.Kind, m.Now).Events.Count > 0);

    /// <summary>The supervisor writes in a chat they barged into.</summary>
    public static MonitorAction Write { get; } = new("write", static id => MonitorRights.ToGoOn(id, MonitorMode.Barge), static (m, monitor) =>
        MonitorDecider.WhyNotWriting(monitor) is null
        && SessionDecider.SendMessage(m.Session, Guid.Empty, SessionParty.Supervisor, m.UserId, Probe, m.Now).Events.Count > 0);

    /// <summary>The supervisor stops; needs no permission any more.</summary>
    public static MonitorAction StopMonitoring { get; } = new(
        "stop_monitoring", static id => Requirement.OwnMonitor(id), static (m, monitor) => MonitorDecider.Stop(monitor, MonitorEnds.Asked, m.Now).Events.Count > 0);

    /// <summary>The agent asked takes it.</summary>
    public static SessionAction Accept { get; } = OfAgent("accept", m =>
        OfferTo(m) is { } offerId && SessionDecider.Accept(m.Session, offerId, m.UserId, m.Now).Events.Count > 0);

    /// <summary>The agent asked does not take it.</summary>
    public static SessionAction Decline { get; } = OfAgent("decline", m =>
        OfferTo(m) is { } offerId && SessionDecider.Decline(m.Session, offerId, m.UserId, m.Now).Events.Count > 0);

    /// <summary>The agent puts the consumer on hold.</summary>
    public static SessionAction Hold { get; } = OfAgent("hold", m => SessionDecider.Hold(m.Session, m.UserId, m.Now).Events.Count > 0);

    /// <summary>The hold is over.</summary>
    public static SessionAction Resume { get; } = OfAgent("resume", m => SessionDecider.Resume(m.Session, m.UserId, m.Now).Events.Count > 0);

    /// <summary>The agent gives it to another queue.</summary>
    public static SessionAction Transfer { get; } = OfAgent("transfer", m => SessionDecider.WhyNotTransferredBy(m.Session, m.UserId) is null);

    /// <summary>The agent gives the call to a number outside.</summary>
    public static SessionAction TransferOutside { get; } = OfAgentOutside("transfer_outside", m => SessionDecider.WhyNotTransferredOutsideBy(m.Session, m.UserId) is null);

    /// <summary>The agent asks another agent before a transfer.</summary>
    public static SessionAction Consult { get; } = OfAgent("consult", m => SessionDecider.WhyNotConsultedBy(m.Session, m.UserId) is null);

    /// <summary>The agent asks somebody on a number outside before a transfer.</summary>
    public static SessionAction ConsultOutside { get; } = OfAgentOutside("consult_outside", m => SessionDecider.WhyNotConsultedBy(m.Session, m.UserId) is null);

    /// <summary>The agent hands the call over to whom they consult.</summary>
    public static SessionAction HandOver { get; } = OfAgent("hand_over", m => SessionDecider.WhyNotHandedOverBy(m.Session, m.UserId) is null);

    /// <summary>The agent ends the consultation and goes on with the consumer.</summary>
    public static SessionAction CancelConsultation { get; } = OfAgent("cancel_consultation", m => SessionDecider.WhyNotCancelledBy(m.Session, m.UserId) is null);

    /// <summary>The agent writes in a chat.</summary>
    public static SessionAction SendMessage { get; } = OfAgent("send_message", m =>
        SessionDecider.SendMessage(m.Session, Guid.Empty, SessionParty.Agent, m.UserId, Probe, m.Now).Events.Count > 0);

    /// <summary>The agent ends their part, and the session with it.</summary>
    public static SessionAction Complete { get; } = OfAgent("complete", m =>
        SessionDecider.End(m.Session, SessionParty.Agent, m.UserId, Probe, m.Now).Events.Count > 0);

    /// <summary>The agent finishes the work after it.</summary>
    public static SessionAction WrapUp { get; } = OfAgent("wrap_up", m =>
        SessionDecider.WrapUp(m.Session, m.UserId, disposition: null, expired: false, m.Now).Events.Count > 0);

    /// <summary>The agent pauses the recording (REC-4).</summary>
    public static SessionAction PauseRecording { get; } = OfAgent("pause_recording", m =>
        SessionDecider.WhyNotRecordedBy(m.Session, m.UserId) is null && RecordingDecider.Pause(m.Recording, PauseReason.Agent, m.Now).Events.Count > 0);

    /// <summary>The recording goes on.</summary>
    public static SessionAction ResumeRecording { get; } = OfAgent("resume_recording", m =>
        SessionDecider.WhyNotRecordedBy(m.Session, m.UserId) is null && RecordingDecider.Resume(m.Recording, PauseReason.Agent, m.Now).Events.Count > 0);

    /// <summary>The recording is redacted until that ends (SMA-6).</summary>
    public static SessionAction RedactRecording { get; } = OfAgent("redact_recording", m =>
        SessionDecider.WhyNotRecordedBy(m.Session, m.UserId) is null && RecordingDecider.Pause(m.Recording, PauseReason.Redaction, m.Now).Events.Count > 0);

    /// <summary>The redaction is over.</summary>
    public static SessionAction EndRedaction { get; } = OfAgent("end_redaction", m =>
        SessionDecider.WhyNotRecordedBy(m.Session, m.UserId) is null && RecordingDecider.Resume(m.Recording, PauseReason.Redaction, m.Now).Events.Count > 0);

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SessionAction> All { get; } =
    [
        Monitor, Coach, Barge, ViewLive, End, Accept, Decline, Hold, Resume, Transfer, TransferOutside, Consult, ConsultOutside, HandOver, CancelConsultation,
        SendMessage, PauseRecording, ResumeRecording, RedactRecording, EndRedaction, Complete, WrapUp,
    ];

    /// <summary>Those with a monitoring of one's own, in the order in which they are shown after all others.</summary>
    public static IReadOnlyList<MonitorAction> OfOwnMonitor { get; } = [Write, TakeOver, StopMonitoring];

    private static SessionAction OfMonitoring(string name, MonitorMode mode) =>
        new(name, (sessionId, _) => MonitorRights.ToStart(sessionId, mode), m => WouldMonitor(m, mode));

    private static bool WouldMonitor(ActionMoment m, MonitorMode mode)
    {
        // Only users are somebody; what a key monitors is the key's.
        var by = m.UserId == Guid.Empty ? new Actor(ActorKind.ApiKey, string.Empty) : new Actor(ActorKind.User, m.UserId.ToString());
        // Who is in it already does not join once more.
        return MonitorDecider.Start(SessionMonitor.Initial, Guid.Empty, m.Session, by, mode, voice: null, m.Now).Events.Count > 0
            && (mode != MonitorMode.Barge || SessionDecider.Join(m.Session, Guid.Empty, m.UserId, Probe, m.Now).Events.Count > 0);
    }

    /// <summary>Whoever is consulted is asked by the consultation.</summary>
    private static Guid? OfferTo(ActionMoment m) => m.Session.Consultation is { } asked && asked.AgentId == m.UserId ? asked.Id : m.Session.OfferId;

    private static SessionAction OfAgentOutside(string name, Func<ActionMoment, bool> wouldHappen) => new(
        name,
        (sessionId, userId) => Requirement.AllOf(Requirement.ActingIn(sessionId, userId), Requirement.Permission(Permissions.SessionsTransferOut, Target.Session(sessionId))),
        wouldHappen);

    private static SessionAction OfAgent(string name, Func<ActionMoment, bool> wouldHappen) =>
        new(name, Requirement.ActingIn, wouldHappen);
}
