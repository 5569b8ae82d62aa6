using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Sessions;

/// <summary>What a consumer asks for.</summary>
/// <param name="SessionId">The new session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="ConsumerId">Who asks.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Consent">What was said about being recorded.</param>
/// <param name="Data">Custom data, without reserved names.</param>
/// <param name="Flags">The reserved data attributes given at the start (DAT-1).</param>
/// <param name="Voice">Simulated media only: the consumer's voice.</param>
/// <param name="Choice">What was chosen of the options offered outside the hours, or null.</param>
/// <param name="Line">The center's number that was called, E.164, or null.</param>
/// <param name="Recording">Whether it is recorded, as it is set now; null for the default.</param>
public sealed record SessionRequest(
    Guid SessionId,
    SessionKind Kind,
    Channel Channel,
    Guid ConsumerId,
    string Language,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, string> Data,
    CustomerFlags Flags,
    string? Voice,
    OptionKind? Choice = null,
    string? Line = null,
    RecordingPolicy? Recording = null);

/// <summary>
/// The rules of a session: one agent at a time holds it, and nothing follows its end but wrap-up and late facts.
/// A repeat of something done gives no events.
/// </summary>
public static partial class SessionDecider
{
    /// <summary>Why a session is over that took too long.</summary>
    public const string Stuck = "stuck";

    /// <summary>Why a call is over whose caller left a message.</summary>
    public const string LeftMessage = "voicemail";

    /// <summary>
    /// A consumer asks for help, and waits in a queue of the same channel or goes where it deflects to. The same id again
    /// is the same request.
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="queue">The menu entry chosen.</param>
    /// <param name="now">The time.</param>
    /// <param name="arrival">Where hours and deflection send it, or null for the queue chosen.</param>
    public static Decision<SessionEvent> Request(Session s, SessionRequest request, Queue queue, DateTimeOffset now, Arrival? arrival = null)
    {
        if (s.Status != SessionStatus.None)
            return IsOf(s, request, queue) ? Decision<SessionEvent>.Nothing : SessionErrors.IdTaken;
        if (WhyNotThere(request.Kind, request.Channel, queue) is { } refusal)
            return refusal;
        if (SessionData.WhyNot(request.Data) is { } dataRefusal)
            return dataRefusal;

        var requested = new SessionRequested(
            request.SessionId, request.Kind, request.Channel, request.ConsumerId, queue.Id, request.Language, request.Consent,
            request.Data.ToDictionary(d => d.Key, d => new PersonalText(d.Value), StringComparer.Ordinal), request.Voice, now, request.Choice,
            ScheduledCallId: null, queue.Path, request.Line, request.Recording);
        var arrived = Arrive(s.Apply(requested), arrival ?? Arrival.At(queue), request.Choice, now);
        if (arrived.Rejection is not null)
            return arrived;
        SessionEvent[] flagged = request.Flags.IsNone() ? [] : [Flagged(request.SessionId, request.Flags, "sdk", now)];
        return Decision<SessionEvent>.Happens(arrived.Events is [.., SessionQueued or VirtualAgentJoined]
            ? [requested, .. arrived.Events, .. flagged]
            : [requested, .. flagged, .. arrived.Events]);
    }

    /// <summary>Reserved data attributes are set (DAT-1, DAT-2): only values that differ, null leaves one as it is.</summary>
    public static Decision<SessionEvent> Flag(Session s, CustomerFlags changes, string source, DateTimeOffset now)
    {
        if (WhyNotLive(s) is { } refusal)
            return refusal;

        var differing = new CustomerFlags(
            Differing(changes.VerifiedCustomer, s.Flags.VerifiedCustomer),
            Differing(changes.BadActor, s.Flags.BadActor),
            Differing(changes.RepeatCustomer, s.Flags.RepeatCustomer));
        return differing.IsNone() ? Decision<SessionEvent>.Nothing : Flagged(s.Id, differing, source, now);
    }

    /// <summary>The consumer waits on hold (REC-1). Calls only.</summary>
    public static Decision<SessionEvent> Hold(Session s, Guid agentId, DateTimeOffset now)
    {
        if (WhyNotInCall(s, agentId) is { } refusal)
            return refusal;
        return s.Status == SessionStatus.Held ? Decision<SessionEvent>.Nothing : new SessionHeld(s.Id, agentId, now);
    }

    /// <summary>The hold is over.</summary>
    public static Decision<SessionEvent> Resume(Session s, Guid agentId, DateTimeOffset now)
    {
        if ((WhyNotInCall(s, agentId) ?? WhyConsulting(s)) is { } refusal)
            return refusal;
        return s.Status == SessionStatus.Connected ? Decision<SessionEvent>.Nothing : new SessionResumed(s.Id, agentId, now);
    }

    /// <summary>
    /// The agent gives the session to another queue of its channel, where it waits anew or goes where that queue deflects
    /// to (AHD-7).
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="agentId">Who.</param>
    /// <param name="target">Where to.</param>
    /// <param name="now">The time.</param>
    /// <param name="isShown">Whether agents see the queue as a target at this moment.</param>
    /// <param name="arrival">Where hours and deflection send it, or null for the target.</param>
    public static Decision<SessionEvent> Transfer(
        Session s, Guid agentId, Queue target, DateTimeOffset now, bool isShown = true, Arrival? arrival = null)
    {
        var isDone = s.AgentId != agentId && s.LastAgentId == agentId && s.LastTargetId == target.Id && (s.IsLive || s.Deflection is not null);
        if (isDone)
            return Decision<SessionEvent>.Nothing;
        if (WhyNotTransferredBy(s, agentId) is { } refusal)
            return refusal;
        if (WhyNotHandedTo(s, target, isShown) is { } targetRefusal)
            return targetRefusal;

        var transferred = new SessionTransferred(s.Id, s.Kind, agentId, s.OfferId!.Value, target.Id, now);
        // Refused is only what a consumer chose, and here nobody chooses.
        var arrived = Arrive(s.Apply(transferred), (arrival ?? Arrival.At(target)).InMidConversation(s.Kind), choice: null, now);
        return Decision<SessionEvent>.Happens([.. SupervisorsLeave(s, now), transferred, .. arrived.Events]);
    }

    /// <summary>Why agents cannot give a session to a queue, nor ask its agents before they do, or null (AHD-7).</summary>
    /// <param name="s">The session.</param>
    /// <param name="target">The queue.</param>
    /// <param name="isShown">Whether agents see the queue as a target at this moment.</param>
    public static DomainError? WhyNotHandedTo(Session s, Queue target, bool isShown) =>
        QueueErrors.WhyNotFor(s.Channel, target) ?? (isShown ? null : (DomainError)SessionErrors.NotATransferTarget);

    /// <summary>The CRM holds a ticket; may come after the end, and another ticket is refused.</summary>
    public static Decision<SessionEvent> LinkTicket(Session s, string ticketId, string ticketUrl, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.TicketId is null)
            return new TicketLinked(s.Id, ticketId, ticketUrl, now);
        return string.Equals(s.TicketId, ticketId, StringComparison.Ordinal) ? Decision<SessionEvent>.Nothing : SessionErrors.TicketLinked;
    }

    /// <summary>The session is over, from any live state; an agent may end only what they accepted (END-3).</summary>
    /// <param name="s">The session.</param>
    /// <param name="by">Which side.</param>
    /// <param name="byId">Who, or null for the system.</param>
    /// <param name="reason">A stable word or a supervisor's own, 1 to 500 characters.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> End(Session s, SessionParty by, Guid? byId, string reason, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;

        var isAccepted = s.Status is SessionStatus.Preparing or SessionStatus.Connected or SessionStatus.Held;
        var acceptedBy = isAccepted ? s.AgentId : null;
        if (by == SessionParty.Agent && byId != (s.IsLive ? acceptedBy : s.LastAgentId))
            return SessionErrors.NotYours;
        if (s.Status == SessionStatus.Ended)
            return Decision<SessionEvent>.Nothing;
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500)
            return ValidationError.Field("reason", "Must have 1 to 500 characters.");

        // To hang up is how a message ends; how the line was cut says nothing more.
        if (s.Status == SessionStatus.LeavingMessage && by == SessionParty.Consumer)
            reason = LeftMessage;
        var isAnswered = s.ConnectedAt is not null || s.VirtualAgent is not null;
        var ended = new SessionEnded(s.Id, s.Kind, acceptedBy, s.OfferId, by, byId, reason, isAnswered, now, Waited: s.IsWaiting ? WaitOf(s, now) : null);
        if (by == SessionParty.Supervisor)
            ended = ended with { Reason = SessionEnded.BySupervisor, ConsumerId = s.ConsumerId, Words = new PersonalText(reason) };
        return s.VirtualAgent is { } seat
            ? Decision<SessionEvent>.Happens(Left(s, seat, VirtualAgentOutcome.Ended, LeavingReason(by, reason), now), ended)
            : Decision<SessionEvent>.Happens([.. ConsultationEnds(s, "session_ended", now), ended]);
    }

    /// <summary>
    /// What waits or is connected for longer than its limit is over, if the center wants that (END-4). One that moved on
    /// since it was found stays, and so does one that is over.
    /// </summary>
    public static Decision<SessionEvent> EndStuck(Session s, MonitoringRules rules, Queue queue, DateTimeOffset now) =>
        rules.EndStuck && s.IsLive && IsStuck(s.StageSince, rules.StuckAfter(queue), now) ? End(s, SessionParty.System, byId: null, Stuck, now) : Decision<SessionEvent>.Nothing;

    /// <summary>Whether somebody who waits or is connected since an instant is stuck (END-4).</summary>
    public static bool IsStuck(DateTimeOffset since, TimeSpan limit, DateTimeOffset now) => now - since > limit;

    /// <summary>Why an agent may not give a session to another queue now, or null.</summary>
    public static DomainError? WhyNotTransferredBy(Session s, Guid agentId) => WhyNotInConversation(s, agentId) ?? WhyConsulting(s);

    /// <summary>Why a supervisor may not end a session yet, or null: its details have to be looked at first (END-2).</summary>
    public static DomainError? WhyNotEndedUnseen(Session s, bool confirmed) => confirmed ? null : WhyNotLive(s) ?? SessionErrors.NotConfirmed;

    /// <summary>A late fact: an agent who left the session finished the work after it, or the time for it ran out.</summary>
    public static Decision<SessionEvent> WrapUp(Session s, Guid agentId, string? disposition, bool expired, DateTimeOffset now)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (s.WrapUpDue.Contains(agentId))
        {
            return disposition is { Length: > 100 }
                ? ValidationError.Field("disposition", "Must have at most 100 characters.")
                : disposition is null
                    ? new SessionWrappedUp(s.Id, agentId, Disposition: null, expired, now)
                    : new SessionWrappedUp(s.Id, agentId, new PersonalText(disposition), expired, now, s.ConsumerId);
        }

        if (s.WrappedUpBy.Contains(agentId))
            return Decision<SessionEvent>.Nothing;
        return s.IsLive && s.AgentId == agentId ? SessionErrors.NotOver : SessionErrors.NotYours;
    }

    private static Waited WaitOf(Session s, DateTimeOffset now) => new(s.QueueId, Math.Max(0, (now - s.StageSince).TotalSeconds));

    private static bool IsOf(Session s, SessionRequest request, Queue queue) =>
        (s.ConsumerId, s.Kind, s.Channel, s.ChosenQueueId) == (request.ConsumerId, request.Kind, request.Channel, queue.Id);

    /// <summary>Why a contact of this kind cannot come to this queue at any hour, or null.</summary>
    public static DomainError? WhyNotThere(SessionKind kind, Channel channel, Queue queue) =>
        IsPossible(kind, channel) ? QueueErrors.WhyNotFor(channel, queue) : SessionErrors.ChannelNotPossible;

    /// <summary>Whether a channel has contacts of this kind: no calls come by text message, and no chats by telephone.</summary>
    internal static bool IsPossible(SessionKind kind, Channel channel) =>
        kind == SessionKind.Call ? channel != Channel.Sms : channel != Channel.Ivr;

    private static bool? Differing(bool? change, bool? current) => change == current ? null : change;

    private static SessionFlagged Flagged(Guid sessionId, CustomerFlags flags, string source, DateTimeOffset now) =>
        new(sessionId, flags.VerifiedCustomer, flags.BadActor, flags.RepeatCustomer, source, now);

    /// <summary>Why a session takes nothing more: there is none, or it is over; else null.</summary>
    public static DomainError? WhyNotLive(Session s) => s.Status switch
    {
        SessionStatus.None => SessionErrors.NotFound,
        SessionStatus.Ended => SessionErrors.Ended,
        _ => null,
    };

    private static DomainError? WhyNotInCall(Session s, Guid agentId) =>
        WhyNotInConversation(s, agentId) ?? (s.Kind == SessionKind.Call ? null : SessionErrors.NotACall);

    // An agent who never had the session learns nothing about where it stands.
    private static DomainError? WhyNotInConversation(Session s, Guid agentId)
    {
        if (s.Status == SessionStatus.None)
            return SessionErrors.NotFound;
        if (agentId != s.AgentId && agentId != s.LastAgentId && !s.WrapUpDue.Contains(agentId) && !s.WrappedUpBy.Contains(agentId))
            return SessionErrors.NotYours;
        if (s.Status == SessionStatus.Ended)
            return SessionErrors.Ended;
        return s.IsInConversation && s.AgentId == agentId ? null : SessionErrors.NotConnected;
    }
}
