using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Sessions;

/// <summary>All there is to know about one session (MON-4, MON-7).</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Version">Its stream's version: the <c>ETag</c>.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it entered.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ConsumerId">Who asked.</param>
/// <param name="ConsumerName">Their name, or null once forgotten: then the id tells them apart.</param>
/// <param name="QueueId">The queue it waits in or was taken from.</param>
/// <param name="QueuePath">The menu path: the session's issue.</param>
/// <param name="AgentId">The agent asked, prepared or connected, or null.</param>
/// <param name="AgentName">As in users and teams, or null.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Consent">What was said about being recorded.</param>
/// <param name="Data">Custom data; a value is null once the consumer is forgotten.</param>
/// <param name="Flags">Reserved data attributes.</param>
/// <param name="TicketId">The CRM's ticket, or null.</param>
/// <param name="TicketUrl">Where a person sees it, or null.</param>
/// <param name="RequestedAt">When it came.</param>
/// <param name="ConnectedAt">When an agent first connected, or null.</param>
/// <param name="EndedAt">When it ended, or null.</param>
/// <param name="EndedBy">Which side ended it, or null.</param>
/// <param name="EndReason">Why: a supervisor's own words, or a stable word; null while it lives.</param>
/// <param name="Metrics">How long what took.</param>
/// <param name="Transfers">From where to where.</param>
/// <param name="Participants">Who was in it, from when to when.</param>
/// <param name="Deflection">How it was last deflected outside the hours, or null.</param>
/// <param name="ScheduledCallId">The booked call it is (AHD-11), or null.</param>
/// <param name="VirtualAgent">The name of the virtual agent that answers now, or null.</param>
/// <param name="TakenThoughClosed">Why the queue that it came to last took it though it was closed: each rule that spoke, in order; else null.</param>
public sealed record SessionDetails(
    Guid SessionId,
    long Version,
    SessionKind Kind,
    Channel Channel,
    SessionStatus Status,
    Guid ConsumerId,
    string? ConsumerName,
    Guid QueueId,
    IReadOnlyList<string> QueuePath,
    Guid? AgentId,
    string? AgentName,
    string Language,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, string?> Data,
    CustomerFlags Flags,
    string? TicketId,
    string? TicketUrl,
    DateTimeOffset RequestedAt,
    DateTimeOffset? ConnectedAt,
    DateTimeOffset? EndedAt,
    SessionParty? EndedBy,
    string? EndReason,
    SessionMetrics Metrics,
    IReadOnlyList<SessionTransfer> Transfers,
    IReadOnlyList<SessionParticipant> Participants,
    SessionDeflection? Deflection,
    Guid? ScheduledCallId,
    string? VirtualAgent,
    IReadOnlyList<DeflectionStep>? TakenThoughClosed);

/// <summary>How a session was deflected outside the hours.</summary>
/// <param name="Route">Where it went.</param>
/// <param name="QueueId">The queue it ended up at.</param>
/// <param name="Path">The queues it came by, the chosen one first (AHD-9).</param>
/// <param name="Offered">What was offered.</param>
/// <param name="Choice">What of it was chosen, or null.</param>
/// <param name="PhoneNumber">Where the caller was pointed or sent to, or null.</param>
/// <param name="Email">The address that was shown, or null.</param>
/// <param name="Message">What was played or sent, or null.</param>
/// <param name="Why">Each rule that spoke, in order.</param>
/// <param name="At">When.</param>
public sealed record SessionDeflection(
    Route Route,
    Guid QueueId,
    IReadOnlyList<Guid> Path,
    IReadOnlyList<OptionKind> Offered,
    OptionKind? Choice,
    string? PhoneNumber,
    string? Email,
    Message? Message,
    IReadOnlyList<DeflectionStep> Why,
    DateTimeOffset At)
{
    /// <summary>Of the event.</summary>
    public static SessionDeflection? Of(SessionDeflected? e) =>
        e is null ? null : new(e.Route, e.QueueId, e.Path, e.Offered, e.Choice, e.PhoneNumber, e.Email, e.Message, e.Why, e.DeflectedAt);
}

/// <summary>Seconds up to now, or to the end.</summary>
/// <param name="WaitSeconds">In queues, whisper and countdown included (NOT-4).</param>
/// <param name="TalkSeconds">With an agent, without hold.</param>
/// <param name="HoldSeconds">On hold.</param>
/// <param name="TotalSeconds">All of it.</param>
/// <param name="VirtualAgentSeconds">With a virtual agent.</param>
public sealed record SessionMetrics(double WaitSeconds, double TalkSeconds, double HoldSeconds, double TotalSeconds, double VirtualAgentSeconds);

/// <summary>A transfer: to a queue, after a consultation to another agent, or to a telephone number outside.</summary>
/// <param name="FromAgentId">Who gave it away.</param>
/// <param name="FromQueueId">From which queue.</param>
/// <param name="ToQueueId">To which queue, or null.</param>
/// <param name="At">When.</param>
/// <param name="Outcome"><c>waiting</c>, <c>completed</c> (an agent, a virtual agent or somebody outside took it), <c>abandoned</c>, or <c>unreached</c> (nobody
/// answered outside; it went back to its queue).</param>
/// <param name="ToAgentId">To which agent, or null.</param>
/// <param name="IsOutside">True if it went to a number outside.</param>
public sealed record SessionTransfer(
    Guid FromAgentId, Guid FromQueueId, Guid? ToQueueId, DateTimeOffset At, string Outcome, Guid? ToAgentId = null, bool IsOutside = false)
{
    /// <summary>Of a call that is given to a number outside.</summary>
    public static SessionTransfer Of(TransferredOutside e, Guid fromQueueId) =>
        new(e.FromAgentId, fromQueueId, ToQueueId: null, e.TransferredAt, "waiting", IsOutside: true);

    /// <summary>Of a call that is handed over after a consultation.</summary>
    public static SessionTransfer Of(ConsultationCompleted e, Guid fromQueueId) =>
        new(e.FromAgentId, fromQueueId, ToQueueId: null, e.CompletedAt, "completed", e.AgentId, IsOutside: e.AgentId is null);
}

/// <summary>Somebody who is or was in the session.</summary>
/// <param name="Party">Which side.</param>
/// <param name="Id">The consumer's or the agent's id, or that of the part of a virtual agent or of somebody outside.</param>
/// <param name="Name">Their name, or null.</param>
/// <param name="JoinedAt">From when.</param>
/// <param name="LeftAt">Until when, or null.</param>
public sealed record SessionParticipant(SessionParty Party, Guid Id, string? Name, DateTimeOffset JoinedAt, DateTimeOffset? LeftAt)
{
    /// <summary>Who takes part once a call is handed over.</summary>
    public static SessionParticipant Of(ConsultationCompleted e) => e.AgentId is { } agentId
        ? new SessionParticipant(SessionParty.Agent, agentId, Name: null, e.CompletedAt, LeftAt: null)
        : new SessionParticipant(SessionParty.Outside, e.ConsultationId, Name: null, e.CompletedAt, LeftAt: null);
}
