using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Sessions;

/// <summary>A fact in the life of one contact between a consumer and the contact center. Stream <c>session-{id}</c>.</summary>
public abstract record SessionEvent : IDomainEvent
{
    private protected SessionEvent()
    {
    }
}

/// <summary>A consumer asked for help.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it entered.</param>
/// <param name="ConsumerId">Who asked.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Language">BCP 47, for example <c>en</c>.</param>
/// <param name="Consent">What was said about being recorded.</param>
/// <param name="Data">Custom data of the SDK, names to plain values, each encrypted; without reserved ones.</param>
/// <param name="Voice">Simulated media only: the consumer's voice, see <c>PlaceLeg.Voice</c>.</param>
/// <param name="RequestedAt">When.</param>
/// <param name="Choice">What the consumer chose of the options offered outside the hours, or null: then they wait for an agent.</param>
/// <param name="ScheduledCallId">The booked call it is, which the contact center places (AHD-11), or null.</param>
/// <param name="QueuePath">Its menu path, outermost first; null in requests of before it was kept.</param>
/// <param name="Line">The center's number that was called, E.164, or null: none was, or it is not known.</param>
/// <param name="Recording">Whether it is recorded, as it was set for the number then; null in requests of before it could be set.</param>
[EventType("session.requested.v2")]
public sealed record SessionRequested(
    Guid SessionId,
    SessionKind Kind,
    Channel Channel,
    Guid ConsumerId,
    Guid QueueId,
    string Language,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, PersonalText> Data,
    string? Voice,
    DateTimeOffset RequestedAt,
    OptionKind? Choice = null,
    Guid? ScheduledCallId = null,
    IReadOnlyList<string>? QueuePath = null,
    string? Line = null,
    RecordingPolicy? Recording = null) : SessionEvent, IPersonalDataEvent
{
    bool IPersonalDataEvent.HoldsPersonalText => Data.Count > 0;
}

/// <summary>One step of why a session went the way it went outside the hours.</summary>
/// <param name="Rule">Which rule spoke.</param>
/// <param name="QueueId">About which queue.</param>
/// <param name="Weekday">The weekday whose hours say whether it is open, or null: an exception does, or it is open 24 hours.</param>
/// <param name="Exception">The name of the dated exception that says whether it is open, or null.</param>
/// <param name="Option">The option that was left out, or null.</param>
public sealed record DeflectionStep(Rule Rule, Guid QueueId, DayOfWeek? Weekday = null, string? Exception = null, OptionKind? Option = null)
{
    /// <summary>What is kept of a decision's why.</summary>
    public static IReadOnlyList<DeflectionStep> Of(DeflectionDecision decision) =>
        [.. decision.Why.Select(w => new DeflectionStep(w.Rule, w.QueueId, w.Hours?.Weekday, w.Hours?.Exception?.Name, w.Option))];
}

/// <summary>Outside the hours the session went another way than into the queue that was chosen (AHD-2 to AHD-6).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Route">Where it went.</param>
/// <param name="QueueId">The queue it ended up at: where it waits, or whose deflection spoke.</param>
/// <param name="Path">The queues it came by, the chosen one first (AHD-9).</param>
/// <param name="Offered">What was offered; empty but with <see cref="AfterHours.Route.Options"/>.</param>
/// <param name="Choice">What of it was chosen, or null.</param>
/// <param name="PhoneNumber">Where the caller was pointed or sent to, E.164, or null.</param>
/// <param name="Email">The address that was shown, or null.</param>
/// <param name="Message">What was played or sent, or null.</param>
/// <param name="Why">Each rule that spoke, in order.</param>
/// <param name="DeflectedAt">When.</param>
[EventType("session.deflected.v1")]
public sealed record SessionDeflected(
    Guid SessionId,
    SessionKind Kind,
    Route Route,
    Guid QueueId,
    IReadOnlyList<Guid> Path,
    IReadOnlyList<OptionKind> Offered,
    OptionKind? Choice,
    string? PhoneNumber,
    string? Email,
    Message? Message,
    IReadOnlyList<DeflectionStep> Why,
    DateTimeOffset DeflectedAt) : SessionEvent;

/// <summary>The caller is sent on to a telephone number outside; the call ends here once they are (AHD-4).</summary>
/// <param name="SessionId">The call.</param>
/// <param name="QueueId">The queue whose deflection says so.</param>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="RedirectedAt">When.</param>
[EventType("session.redirected.v1")]
public sealed record SessionRedirected(Guid SessionId, Guid QueueId, string PhoneNumber, DateTimeOffset RedirectedAt) : SessionEvent;

/// <summary>The caller leaves a message instead (AHD-3, AHD-4), in the same write as the voicemail's start.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="QueueId">The queue chosen: its agents get the message.</param>
/// <param name="StartedAt">When.</param>
[EventType("session.voicemail_started.v1")]
public sealed record SessionVoicemailStarted(Guid SessionId, Guid QueueId, DateTimeOffset StartedAt) : SessionEvent;

/// <summary>The session waits in a queue.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat, for readers that see this event first.</param>
/// <param name="QueueId">Which queue.</param>
/// <param name="QueuePath">The menu path, outermost first: the session's issue (MON-7).</param>
/// <param name="QueuedAt">Waiting since; kept over declined and expired offers.</param>
/// <param name="Why">Where the queue takes contacts though it is closed: each rule that spoke, in order; else null.</param>
[EventType("session.queued.v1")]
public sealed record SessionQueued(
    Guid SessionId, SessionKind Kind, Guid QueueId, IReadOnlyList<string> QueuePath, DateTimeOffset QueuedAt, IReadOnlyList<DeflectionStep>? Why = null)
    : SessionEvent;

/// <summary>What the agent hears before the call starts (NOT-1, NOT-6); its time counts as wait time (NOT-4).</summary>
/// <param name="WhisperText">What is said, or null for no whisper.</param>
/// <param name="Speed">1 is normal; 0.5 to 2.</param>
/// <param name="Countdown">Whether "3, 2, 1" follows.</param>
public sealed record Preparation(string? WhisperText, double Speed, bool Countdown)
{
    /// <summary>Nothing is played: the parties are connected at once.</summary>
    public static Preparation None { get; } = new(WhisperText: null, Speed: 1, Countdown: false);

    /// <summary>True if nothing is played.</summary>
    public bool IsNone() => WhisperText is null && !Countdown;

    /// <summary>
    /// How long the agent may take until the end of it is reported: half a minute for their phone to be answered, and
    /// slow speech. Whoever is not ready by then is lost.
    /// </summary>
    public TimeSpan TimeAllowed() => TimeSpan.FromSeconds(30 + (((0.1 * (WhisperText?.Length ?? 0)) + (Countdown ? 5 : 0)) / Math.Clamp(Speed, 0.5, 2)));
}

/// <summary>One agent is asked to take the session, and is reserved for it in the same write.</summary>
[EventType("session.offered.v1")]
public sealed record SessionOffered(
    Guid SessionId, SessionKind Kind, Guid OfferId, Guid AgentId, Guid QueueId, Preparation Preparation, DateTimeOffset OfferedAt, DateTimeOffset ExpiresAt) : SessionEvent;

/// <summary>The agent accepted; for a call with a preparation, the agent now hears it.</summary>
[EventType("session.offer_accepted.v1")]
public sealed record OfferAccepted(
    Guid SessionId, SessionKind Kind, Guid OfferId, Guid AgentId, Preparation Preparation, DateTimeOffset AcceptedAt) : SessionEvent;

/// <summary>The offer came to nothing; the session waits on, with its old place in the queue.</summary>
[EventType("session.offer_failed.v1")]
public sealed record OfferFailed(Guid SessionId, Guid OfferId, Guid AgentId, OfferOutcome Outcome, DateTimeOffset FailedAt) : SessionEvent;

/// <summary>A wait for an agent that is over.</summary>
/// <param name="QueueId">In which queue.</param>
/// <param name="Seconds">How long, whisper and countdown included (NOT-4); without earlier waits.</param>
public sealed record Waited(Guid QueueId, double Seconds);

/// <summary>Consumer and agent hear or read each other.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="AgentId">Who.</param>
/// <param name="OfferId">By which offer.</param>
/// <param name="ConnectedAt">When.</param>
/// <param name="Waited">The wait that this ended; null in events from before waits were written.</param>
[EventType("session.connected.v1")]
public sealed record SessionConnected(
    Guid SessionId, SessionKind Kind, Guid AgentId, Guid OfferId, DateTimeOffset ConnectedAt, Waited? Waited = null) : SessionEvent;

/// <summary>The agent put the consumer on hold.</summary>
[EventType("session.held.v1")]
public sealed record SessionHeld(Guid SessionId, Guid AgentId, DateTimeOffset HeldAt) : SessionEvent;

/// <summary>The hold is over.</summary>
[EventType("session.resumed.v1")]
public sealed record SessionResumed(Guid SessionId, Guid AgentId, DateTimeOffset ResumedAt) : SessionEvent;

/// <summary>The agent gave the session to another queue, where it waits again; the agent is out of it.</summary>
[EventType("session.transferred.v1")]
public sealed record SessionTransferred(
    Guid SessionId, SessionKind Kind, Guid FromAgentId, Guid FromOfferId, Guid ToQueueId, DateTimeOffset TransferredAt) : SessionEvent;

/// <summary>
/// The session lost its agent while they were in it, and waits again in the same queue, in its old place: what it waited
/// for at first counts.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="FromAgentId">Who is gone.</param>
/// <param name="FromOfferId">The offer by which they had it; where they had given it to a number outside, that part.</param>
/// <param name="QueueId">Where it waits.</param>
/// <param name="Reason">Stable word: why the agent signed out (<c>adapter_lost</c>, <c>forced</c>, <c>deactivated</c>), or <c>leg_lost</c>; or why nobody
/// was reached outside: <c>outside_busy</c>, <c>outside_no_answer</c>, <c>outside_failed</c>.</param>
/// <param name="QueuedAt">Waiting since, for its place in the queue.</param>
/// <param name="ReturnedAt">When it came back.</param>
[EventType("session.returned.v1")]
public sealed record SessionReturned(
    Guid SessionId, SessionKind Kind, Guid FromAgentId, Guid FromOfferId, Guid QueueId, string Reason, DateTimeOffset QueuedAt, DateTimeOffset ReturnedAt)
    : SessionEvent;

/// <summary>
/// A supervisor joined agent and consumer, and is seen by both (MON-5). Who only listens or coaches is not in this stream.
/// </summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="MonitorId">Their part in this session alone: their leg.</param>
/// <param name="UserId">Who.</param>
/// <param name="Name">What the others are shown.</param>
/// <param name="JoinedAt">When.</param>
[EventType("session.supervisor_joined.v1")]
public sealed record SupervisorJoined(Guid SessionId, SessionKind Kind, Guid MonitorId, Guid UserId, string Name, DateTimeOffset JoinedAt) : SessionEvent;

/// <summary>A supervisor is not in the session any more, before its end.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="MonitorId">Which part.</param>
/// <param name="UserId">Who.</param>
/// <param name="Reason">Stable word: why the monitoring ended or changed its mode; <c>agent_left</c> where the agent gave the session away or was lost to it.</param>
/// <param name="LeftAt">When.</param>
[EventType("session.supervisor_left.v1")]
public sealed record SupervisorLeft(Guid SessionId, SessionKind Kind, Guid MonitorId, Guid UserId, string Reason, DateTimeOffset LeftAt) : SessionEvent;

/// <summary>A supervisor is the agent from now on; the agent before is out of it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="FromAgentId">Who had it.</param>
/// <param name="FromOfferId">By which offer.</param>
/// <param name="AgentId">Who has it now.</param>
/// <param name="OfferId">What stands for the offer by which they have it: their leg.</param>
/// <param name="TakenOverAt">When.</param>
[EventType("session.taken_over.v1")]
public sealed record SessionTakenOver(
    Guid SessionId, SessionKind Kind, Guid FromAgentId, Guid FromOfferId, Guid AgentId, Guid OfferId, DateTimeOffset TakenOverAt) : SessionEvent;

/// <summary>A virtual agent answers the consumer. It is no agent: nobody is engaged, and nothing is recorded.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="VirtualAgentId">Of its part in this session alone: its leg, and the author of what it writes.</param>
/// <param name="Name">What consumers are shown.</param>
/// <param name="Connector">Which adapter answers for it.</param>
/// <param name="QueueId">The queue it is bound to.</param>
/// <param name="QueuePath">The menu path, outermost first.</param>
/// <param name="JoinedAt">When.</param>
/// <param name="Why">Where the queue takes contacts though it is closed: each rule that spoke, in order; else null.</param>
[EventType("session.virtual_agent_joined.v1")]
public sealed record VirtualAgentJoined(
    Guid SessionId,
    SessionKind Kind,
    Guid VirtualAgentId,
    string Name,
    string Connector,
    Guid QueueId,
    IReadOnlyList<string> QueuePath,
    DateTimeOffset JoinedAt,
    IReadOnlyList<DeflectionStep>? Why = null) : SessionEvent;

/// <summary>The virtual agent is out of the session. What follows, a queue or the end, is in the same write.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="VirtualAgentId">Which part.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Stable word: <c>escalated</c>, <c>completed</c>, <c>timed_out</c>, <c>connector_failed</c>, <c>no_connector</c>,
/// <c>not_an_answer</c>, <c>leg_lost</c>, <c>ended_by_supervisor</c>, or the reason the session ended with.</param>
/// <param name="LeftAt">When.</param>
[EventType("session.virtual_agent_left.v1")]
public sealed record VirtualAgentLeft(
    Guid SessionId, SessionKind Kind, Guid VirtualAgentId, VirtualAgentOutcome Outcome, string Reason, DateTimeOffset LeftAt) : SessionEvent;

/// <summary>A chat message.</summary>
/// <param name="SessionId">The chat.</param>
/// <param name="ConsumerId">The chat's consumer, with whose key the text is encrypted.</param>
/// <param name="MessageId">The sender's id for it: the same id again is the same message.</param>
/// <param name="Number">Its place in the chat, from 1.</param>
/// <param name="From">Which side.</param>
/// <param name="AuthorId">The consumer's or the user's id.</param>
/// <param name="Text">What was written.</param>
/// <param name="SentAt">When.</param>
/// <param name="VirtualAgentId">The virtual agent that is to answer it, or null.</param>
[EventType("session.message_sent.v1")]
public sealed record MessageSent(
    Guid SessionId, Guid ConsumerId, Guid MessageId, int Number, SessionParty From, Guid AuthorId, PersonalText Text, DateTimeOffset SentAt,
    Guid? VirtualAgentId = null)
    : SessionEvent, IPersonalDataEvent;

/// <summary>Reserved data attributes were set (DAT-1); null leaves a flag as it was.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="VerifiedCustomer"><c>reserved_verified_customer</c>.</param>
/// <param name="BadActor"><c>reserved_bad_actor</c>.</param>
/// <param name="RepeatCustomer"><c>reserved_repeat_customer</c>.</param>
/// <param name="Source">From where: <c>sdk</c>, <c>apps_api</c>, <c>sip</c>, <c>virtual_agent</c> (DAT-5).</param>
/// <param name="FlaggedAt">When.</param>
[EventType("session.flagged.v1")]
public sealed record SessionFlagged(
    Guid SessionId, bool? VerifiedCustomer, bool? BadActor, bool? RepeatCustomer, string Source, DateTimeOffset FlaggedAt) : SessionEvent;

/// <summary>The CRM holds a ticket for this session. May come after the end.</summary>
[EventType("session.ticket_linked.v1")]
public sealed record TicketLinked(Guid SessionId, string TicketId, string TicketUrl, DateTimeOffset LinkedAt) : SessionEvent;

/// <summary>The session is over.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="AgentId">The agent in it or being prepared, or null.</param>
/// <param name="OfferId">That agent's offer, or an open one, or null.</param>
/// <param name="By">Which side ended it.</param>
/// <param name="ById">Who, or null for the system.</param>
/// <param name="Reason">Stable word: <c>hung_up</c>, <c>left</c>, <c>completed</c>, <c>stuck</c>, <c>media_lost</c>, <c>deflected</c>,
/// <c>deflected_message</c>, <c>redirected</c>, <c>voicemail</c>, <c>timed_out</c>, <c>busy</c>, <c>no_answer</c>, <c>failed</c>, <c>ended_by_supervisor</c>.</param>
/// <param name="Answered">False if no agent ever connected and no virtual agent was in it at the end: abandoned.</param>
/// <param name="EndedAt">When.</param>
/// <param name="ConsumerId">The session's consumer, with whose key the words are encrypted; empty without words.</param>
/// <param name="Words">Why, in a supervisor's own words, or null.</param>
/// <param name="Waited">The wait in which it ended, or null if it did not wait.</param>
[EventType("session.ended.v2")]
public sealed record SessionEnded(
    Guid SessionId, SessionKind Kind, Guid? AgentId, Guid? OfferId, SessionParty By, Guid? ById, string Reason, bool Answered, DateTimeOffset EndedAt,
    Guid ConsumerId = default, PersonalText? Words = null, Waited? Waited = null) : SessionEvent, IPersonalDataEvent
{
    /// <summary>What <see cref="Reason"/> says where a supervisor says it in <see cref="Words"/>.</summary>
    public const string BySupervisor = "ended_by_supervisor";

    bool IPersonalDataEvent.HoldsPersonalText => Words is not null;

    /// <summary>The words where they are there to be read, else the stable word.</summary>
    public string ReasonForReaders() => Words?.Value ?? Reason;
}

/// <summary>A late fact: the agent finished the work after the session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="AgentId">Who.</param>
/// <param name="Disposition">The agent's word for how it went, or null.</param>
/// <param name="Expired">True if the time ran out.</param>
/// <param name="WrappedUpAt">When.</param>
/// <param name="ConsumerId">The session's consumer, with whose key the disposition is encrypted; empty without one.</param>
[EventType("session.wrapped_up.v2")]
public sealed record SessionWrappedUp(
    Guid SessionId, Guid AgentId, PersonalText? Disposition, bool Expired, DateTimeOffset WrappedUpAt, Guid ConsumerId = default)
    : SessionEvent, IPersonalDataEvent
{
    bool IPersonalDataEvent.HoldsPersonalText => Disposition is not null;
}

/// <summary>A late fact: an add-on wrote down what was said in a call (REC-13); what was not recorded is redacted.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="ConsumerId">Its consumer, with whose key the text is encrypted.</param>
/// <param name="Text">All of it, a line each; replaces one that came before.</param>
/// <param name="TranscribedAt">When.</param>
[EventType("session.transcribed.v1")]
public sealed record SessionTranscribed(Guid SessionId, Guid ConsumerId, PersonalText Text, DateTimeOffset TranscribedAt) : SessionEvent, IPersonalDataEvent;

/// <summary>A late fact: an add-on wrote down what a session was about (REC-13).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ConsumerId">Its consumer, with whose key the text is encrypted.</param>
/// <param name="Text">In short; replaces one that came before.</param>
/// <param name="SummarizedAt">When.</param>
[EventType("session.summarized.v1")]
public sealed record SessionSummarized(Guid SessionId, Guid ConsumerId, PersonalText Text, DateTimeOffset SummarizedAt) : SessionEvent, IPersonalDataEvent;
