using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Domain.Sessions;

/// <summary>Where a session stands.</summary>
public enum SessionStatus
{
    /// <summary>No such session.</summary>
    None,

    /// <summary>Asked for; not in a queue yet.</summary>
    Requested,

    /// <summary>Waits for an agent.</summary>
    Queued,

    /// <summary>One agent is being asked.</summary>
    Offered,

    /// <summary>The agent accepted and hears whisper and countdown; the consumer still waits.</summary>
    Preparing,

    /// <summary>Consumer and agent talk or write.</summary>
    Connected,

    /// <summary>The consumer is on hold.</summary>
    Held,

    /// <summary>The consumer leaves a message for the queue's agents, or hears the greeting before it.</summary>
    LeavingMessage,

    /// <summary>Over. Only wrap-up and late facts follow.</summary>
    Ended,

    /// <summary>A virtual agent answers the consumer; no agent is in it.</summary>
    VirtualAgent,

    /// <summary>Somebody on a telephone number outside has the call, or their number rings; no agent is in it.</summary>
    Outside,
}

/// <summary>The state of one session: the fold of its events.</summary>
public sealed partial record Session
{
    /// <summary>Before the first event.</summary>
    public static Session Initial { get; } = new();

    /// <summary>The session's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Where it stands.</summary>
    public SessionStatus Status { get; init; }

    /// <summary>Call or chat.</summary>
    public SessionKind Kind { get; init; }

    /// <summary>How it entered.</summary>
    public Channel Channel { get; init; }

    /// <summary>Who asked.</summary>
    public Guid ConsumerId { get; init; }

    /// <summary>The queue it waits in or was taken from.</summary>
    public Guid QueueId { get; init; }

    /// <summary>The queue it last came to, with the menu path which that had then; no path in requests of before it was kept.</summary>
    private (Guid QueueId, IReadOnlyList<string>? Path) CameBy { get; init; }

    /// <summary>The menu entry chosen at first, whatever queue it waits in since.</summary>
    public Guid ChosenQueueId { get; init; }

    /// <summary>BCP 47.</summary>
    public string Language { get; init; } = string.Empty;

    /// <summary>The booked call it is, or null.</summary>
    public Guid? ScheduledCallId { get; init; }

    /// <summary>How it was last deflected, with the queues it came by (AHD-9), or null.</summary>
    public SessionDeflected? Deflection { get; init; }

    /// <summary>Why the queue that it came to last took it though it was closed, or null.</summary>
    public IReadOnlyList<DeflectionStep>? TakenThoughClosed { get; init; }

    /// <summary>What was said about being recorded.</summary>
    public RecordingConsent Consent { get; init; }

    /// <summary>The center's number that was called, E.164, or null.</summary>
    public string? Line { get; init; }

    /// <summary>Whether it is recorded, as it was set when it came (REC-3).</summary>
    public RecordingPolicy Recording { get; init; } = RecordingPolicy.Default;

    /// <summary>True once its consumer was told that it may be recorded.</summary>
    public bool IsRecordingAnnounced { get; init; }

    /// <summary>True if what was set, and what its consumer said, allow that it is recorded.</summary>
    public bool MayBeRecorded => Recording.Allows(Consent);

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset RequestedAt { get; init; }

    /// <summary>Waiting since; kept over failed offers.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    /// <summary>
    /// Waiting or connected since: what stuck is measured from (END-4), and how long somebody waited. Failed offers and
    /// holds go on with it; a new agent, a transfer and a return begin anew.
    /// </summary>
    public DateTimeOffset StageSince { get; init; }

    /// <summary>The open or accepted offer, or null.</summary>
    public Guid? OfferId { get; init; }

    /// <summary>The agent asked, prepared or connected, or null.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>What the agent hears before the call, as offered.</summary>
    public Preparation Preparation { get; init; } = Preparation.None;

    /// <summary>When the open offer ends.</summary>
    public DateTimeOffset OfferExpiresAt { get; init; }

    /// <summary>When an agent first connected, or null; a virtual agent is none.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The virtual agent that answers, or null.</summary>
    public VirtualAgentSeat? VirtualAgent { get; init; }

    /// <summary>Supervisors who are seen in it: their parts, and who they are.</summary>
    public ImmutableDictionary<Guid, Guid> Supervisors { get; init; } = ImmutableDictionary<Guid, Guid>.Empty;

    /// <summary>The agent who was in it at its end, transferred it last, or was lost to it.</summary>
    public Guid? LastAgentId { get; init; }

    /// <summary>The queue an agent last chose to transfer it to, or null.</summary>
    public Guid? LastTargetId { get; init; }

    /// <summary>The messages so far by their ids; a tree, so that the thousandth message costs no more than the first.</summary>
    public ImmutableDictionary<Guid, MessageMark> Messages { get; init; } = ImmutableDictionary<Guid, MessageMark>.Empty;

    /// <summary>The flags so far.</summary>
    public CustomerFlags Flags { get; init; } = CustomerFlags.None;

    /// <summary>Since when a caller is on the way to a number outside, or null.</summary>
    public DateTimeOffset? RedirectedAt { get; init; }

    /// <summary>The CRM's ticket, or null.</summary>
    public string? TicketId { get; init; }

    /// <summary>Where a person sees it, or null.</summary>
    public string? TicketUrl { get; init; }

    /// <summary>Agents who left it (by transfer or end), have not wrapped up yet, and were not asked again: that ends the work after it.</summary>
    public ImmutableHashSet<Guid> WrapUpDue { get; init; } = [];

    /// <summary>Agents whose wrap-up of this session is done.</summary>
    public ImmutableHashSet<Guid> WrappedUpBy { get; init; } = [];

    /// <summary>Agents who were ever asked to take it, or took it over: those who know of it.</summary>
    public ImmutableHashSet<Guid> Asked { get; init; } = [];

    /// <summary>True for an agent who is asked to take it or in it now, or who is consulted.</summary>
    public bool IsWith(Guid agentId) => AgentId == agentId || Consultation?.AgentId == agentId;

    /// <summary>
    /// True for an agent who may read what is said in it: it is with them now, or they are out of it and not yet done with
    /// the work after it.
    /// </summary>
    public bool IsOpenTo(Guid agentId) => IsWith(agentId) || WrapUpDue.Contains(agentId);

    /// <summary>True from the request to the end.</summary>
    public bool IsLive => Status is not (SessionStatus.None or SessionStatus.Ended);

    /// <summary>True while it waits for an agent: in its queue, offered, or with an agent who is being prepared (NOT-4).</summary>
    public bool IsWaiting => Status is SessionStatus.Queued or SessionStatus.Offered or SessionStatus.Preparing;

    /// <summary>True while an agent talks or writes with the consumer, on hold or not.</summary>
    public bool IsInConversation => Status is SessionStatus.Connected or SessionStatus.Held;

    /// <summary>
    /// A queue's menu path as it is this session's issue: the one it came by, whatever the queue is named and wherever it
    /// stands by now, or the one of now of a queue that it did not come to yet (ADR 0035).
    /// </summary>
    public IReadOnlyList<string> PathOf(Queue queue) => CameBy is (var queueId, { } path) && queueId == queue.Id ? path : queue.Path;

    /// <summary>The state after one more event.</summary>
    public Session Apply(SessionEvent happened) => happened switch
    {
        SessionRequested e => this with
        {
            Id = e.SessionId,
            Status = SessionStatus.Requested,
            Kind = e.Kind,
            Channel = e.Channel,
            ConsumerId = e.ConsumerId,
            QueueId = e.QueueId,
            CameBy = (e.QueueId, e.QueuePath),
            ChosenQueueId = e.QueueId,
            Language = e.Language,
            Consent = e.Consent,
            RequestedAt = e.RequestedAt,
            StageSince = e.RequestedAt,
            ScheduledCallId = e.ScheduledCallId,
            Line = e.Line,
            Recording = e.Recording ?? RecordingPolicy.Default,
        },
        RecordingAnnounced e => this with { IsRecordingAnnounced = true, Consent = e.Question is null ? Consent : RecordingConsent.Asked },
        RecordingConsentAnswered e => this with { Consent = e.Consent },
        SessionDeflected e => this with { QueueId = e.QueueId, Deflection = e },
        SessionRedirected e => this with { RedirectedAt = e.RedirectedAt },
        SessionVoicemailStarted => this with { Status = SessionStatus.LeavingMessage },
        SessionQueued e => this with
        {
            Status = SessionStatus.Queued,
            QueueId = e.QueueId,
            CameBy = (e.QueueId, e.QueuePath),
            QueuedAt = e.QueuedAt,
            StageSince = e.QueuedAt,
            TakenThoughClosed = e.Why,
        },
        SessionOffered e => this with
        {
            Status = SessionStatus.Offered,
            Asked = Asked.Add(e.AgentId),
            WrapUpDue = WrapUpDue.Remove(e.AgentId),
            OfferId = e.OfferId,
            AgentId = e.AgentId,
            Preparation = e.Preparation,
            OfferExpiresAt = e.ExpiresAt,
        },
        OfferAccepted => this with { Status = SessionStatus.Preparing, AgentCalledAt = null },
        OfferFailed => WithoutAgent() with { Status = SessionStatus.Queued },
        SessionConnected e => this with { Status = SessionStatus.Connected, ConnectedAt = ConnectedAt ?? e.ConnectedAt, StageSince = e.ConnectedAt },
        SessionHeld => this with { Status = SessionStatus.Held },
        SessionResumed => this with { Status = SessionStatus.Connected },
        SessionTransferred e => WithoutAgent() with
        {
            Status = SessionStatus.Requested,
            QueueId = e.ToQueueId,
            StageSince = e.TransferredAt,
            LastTargetId = e.ToQueueId,
            LastAgentId = e.FromAgentId,
            WrapUpDue = WrapUpDue.Add(e.FromAgentId),
        },
        VirtualAgentJoined e => this with
        {
            Status = SessionStatus.VirtualAgent,
            QueueId = e.QueueId,
            CameBy = (e.QueueId, e.QueuePath),
            StageSince = e.JoinedAt,
            VirtualAgent = new VirtualAgentSeat(e.VirtualAgentId, e.Name, e.Connector),
            TakenThoughClosed = e.Why,
        },
        VirtualAgentLeft e => this with { Status = SessionStatus.Requested, VirtualAgent = null, StageSince = e.LeftAt },
        SessionTakenOver e => this with
        {
            Asked = Asked.Add(e.AgentId),
            OfferId = e.OfferId,
            AgentId = e.AgentId,
            StageSince = e.TakenOverAt,
            LastAgentId = e.FromAgentId,
            WrapUpDue = WrapUpDue.Remove(e.AgentId).Add(e.FromAgentId),
        },
        SupervisorJoined e => this with { Supervisors = Supervisors.Add(e.MonitorId, e.UserId) },
        SupervisorLeft e => this with { Supervisors = Supervisors.Remove(e.MonitorId) },
        SessionReturned e => WithoutAgent() with { Status = SessionStatus.Queued, LastAgentId = e.FromAgentId, StageSince = e.ReturnedAt },
        MessageSent e => this with { Messages = Messages.Add(e.MessageId, MessageMark.Of(e)) },
        SessionFlagged e => this with { Flags = Flags.With(e) },
        TicketLinked e => this with { TicketId = e.TicketId, TicketUrl = e.TicketUrl },
        SessionEnded e => WithoutAgent() with
        {
            Status = SessionStatus.Ended,
            EndedAt = e.EndedAt,
            LastAgentId = e.AgentId ?? LastAgentId,
            // Who was still being prepared has nothing to do after it.
            WrapUpDue = e.AgentId is { } agentId && IsInConversation ? WrapUpDue.Add(agentId) : WrapUpDue,
        },
        SessionWrappedUp e => this with { WrapUpDue = WrapUpDue.Remove(e.AgentId), WrappedUpBy = WrappedUpBy.Add(e.AgentId) },
        SessionTranscribed or SessionSummarized => this,
        OutsideEvent e => Apply(e),
        ConsultationEvent e => Apply(e),
        _ => throw new UnreachableException($"Session does not know {happened.GetType().Name}."),
    };
}

/// <summary>A virtual agent's part in a session.</summary>
/// <param name="Id">Of this part alone: its leg, and the author of what it writes.</param>
/// <param name="Name">What consumers are shown.</param>
/// <param name="Connector">Which adapter answers for it.</param>
public sealed record VirtualAgentSeat(Guid Id, string Name, string Connector);

/// <summary>The reserved data attributes of a session (DAT-1); null until set.</summary>
public sealed record CustomerFlags(bool? VerifiedCustomer, bool? BadActor, bool? RepeatCustomer)
{
    /// <summary>Nothing set.</summary>
    public static CustomerFlags None { get; } = new(VerifiedCustomer: null, BadActor: null, RepeatCustomer: null);

    /// <summary>True if no flag is set.</summary>
    public bool IsNone() => this == None;

    /// <summary>The flags after an event.</summary>
    public CustomerFlags With(SessionFlagged e) =>
        new(e.VerifiedCustomer ?? VerifiedCustomer, e.BadActor ?? BadActor, e.RepeatCustomer ?? RepeatCustomer);
}
