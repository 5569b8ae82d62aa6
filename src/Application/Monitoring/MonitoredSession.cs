using ContactCenter.Application.Sessions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Application.Monitoring;

/// <summary>Which page a session is on.</summary>
public enum SessionStage
{
    /// <summary>Waits for an agent, is offered or prepared: the consumer hears nobody yet (NOT-4).</summary>
    Queued,

    /// <summary>With an agent, on hold or not, with a virtual agent, or with somebody outside.</summary>
    Connected,

    /// <summary>Over.</summary>
    Ended,
}

/// <summary>One session as the monitoring pages see it (MON-4, MON-6). Holds no personal text.</summary>
public sealed record MonitoredSession
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Its stream's version: what <c>If-Match</c> is compared with.</summary>
    public required long Version { get; init; }

    /// <summary>Call or chat.</summary>
    public required SessionKind Kind { get; init; }

    /// <summary>How it entered.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Where it stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>Who asked.</summary>
    public required Guid ConsumerId { get; init; }

    /// <summary>The queue it waits in or was taken from.</summary>
    public required Guid QueueId { get; init; }

    /// <summary>The menu path: the issue.</summary>
    public IReadOnlyList<string> QueuePath { get; init; } = [];

    /// <summary>The agent asked, prepared or connected, or null.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>The name of the virtual agent that answers, or null.</summary>
    public string? VirtualAgent { get; init; }

    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>Reserved data attributes.</summary>
    public CustomerFlags Flags { get; init; } = CustomerFlags.None;

    /// <summary>When it came.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Waiting since, also over failed offers; null before its first queue.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>When the open or accepted offer was made, or null.</summary>
    public DateTimeOffset? OfferedAt { get; init; }

    /// <summary>With the present agent, virtual agent or number outside since, or null.</summary>
    public DateTimeOffset? ConnectedAt { get; init; }

    /// <summary>On hold since, or null.</summary>
    public DateTimeOffset? HoldSince { get; init; }

    /// <summary>Waited before being connected, all queues together; whisper and countdown included (NOT-4).</summary>
    public double WaitSeconds { get; init; }

    /// <summary>On hold so far, without the hold that runs.</summary>
    public double HoldSeconds { get; init; }

    /// <summary>When it ended, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Which side ended it, or null.</summary>
    public SessionParty? EndedBy { get; init; }

    /// <summary>Why it ended, in a stable word, or null; a supervisor's own words are with the session's details.</summary>
    public string? EndReason { get; init; }

    /// <summary>Chat messages so far.</summary>
    public int Messages { get; init; }

    /// <summary>From where to where.</summary>
    public IReadOnlyList<SessionTransfer> Transfers { get; init; } = [];

    /// <summary>Who was in it, from when to when; without names.</summary>
    public IReadOnlyList<SessionParticipant> Participants { get; init; } = [];

    /// <summary>The CRM's ticket, or null.</summary>
    public string? TicketId { get; init; }

    /// <summary>Where a person sees the ticket, or null.</summary>
    public string? TicketUrl { get; init; }

    /// <summary>True while it waits for an agent; not while it is still arriving, being rung, deflected, or leaving a message.</summary>
    public bool IsWaiting => Status is SessionStatus.Queued or SessionStatus.Offered or SessionStatus.Preparing;

    /// <summary>Which page it is on.</summary>
    public SessionStage Stage => Status switch
    {
        SessionStatus.Ended => SessionStage.Ended,
        SessionStatus.Connected or SessionStatus.Held or SessionStatus.VirtualAgent or SessionStatus.Outside => SessionStage.Connected,
        _ => SessionStage.Queued,
    };

    /// <summary>On that page since: what stuck is measured from (END-4).</summary>
    public DateTimeOffset StageSince => Stage switch
    {
        SessionStage.Ended => EndedAt ?? RequestedAt,
        SessionStage.Connected => ConnectedAt ?? RequestedAt,
        _ => QueuedAt ?? RequestedAt,
    };
}
