using System.Collections.Immutable;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>Something an agent's adapter is told because of one event in the log.</summary>
/// <param name="Position">The event's position.</param>
/// <param name="At">When it was recorded.</param>
public abstract record AdapterUpdate(LogPosition Position, DateTimeOffset At)
{
    /// <summary>What to resume after.</summary>
    public AdapterSequence Sequence { get; init; }
}

/// <summary>A session is offered to the agent.</summary>
public sealed record Offered(LogPosition Position, DateTimeOffset At, SessionInHand Session) : AdapterUpdate(Position, At);

/// <summary>An offer came to nothing.</summary>
public sealed record OfferClosed(LogPosition Position, DateTimeOffset At, Guid SessionId, Guid OfferId, OfferOutcome Outcome)
    : AdapterUpdate(Position, At);

/// <summary>A session in hand changed.</summary>
/// <param name="Position">Sequence number.</param>
/// <param name="At">When.</param>
/// <param name="Session">The session after the change.</param>
/// <param name="Transcript">When a chat connects: what was written before; else empty.</param>
public sealed record SessionChanged(LogPosition Position, DateTimeOffset At, SessionInHand Session, IReadOnlyList<MessageSent> Transcript)
    : AdapterUpdate(Position, At);

/// <summary>A message in a connected chat.</summary>
public sealed record MessageArrived(LogPosition Position, DateTimeOffset At, MessageSent Message) : AdapterUpdate(Position, At);

/// <summary>The agent's presence changed.</summary>
public sealed record PresenceChanged(LogPosition Position, DateTimeOffset At, Presence Presence, string? Reason) : AdapterUpdate(Position, At);

/// <summary>Time for the work after a session.</summary>
public sealed record WrapUpBegan(LogPosition Position, DateTimeOffset At, Guid SessionId, DateTimeOffset Until) : AdapterUpdate(Position, At);

/// <summary>The agent is done with a session.</summary>
public sealed record WorkDone(LogPosition Position, DateTimeOffset At, Guid SessionId) : AdapterUpdate(Position, At);

/// <summary>The recording of a call in hand goes on, pauses or stops.</summary>
/// <param name="Position">Sequence number.</param>
/// <param name="At">When.</param>
/// <param name="SessionId">The call.</param>
/// <param name="State"><c>recording</c>, <c>paused</c>, <c>pause_forgotten</c> (it still is, or a redaction ends), <c>stopped</c>.</param>
public sealed record RecordingChanged(LogPosition Position, DateTimeOffset At, Guid SessionId, string State) : AdapterUpdate(Position, At);

/// <summary>A message waits for the agents of one of the agent's queues (AHD-4).</summary>
public sealed record VoicemailWaiting(LogPosition Position, DateTimeOffset At, VoicemailReceived Voicemail) : AdapterUpdate(Position, At);

/// <summary>Somebody took care of a message: for the others it is gone.</summary>
public sealed record VoicemailGone(LogPosition Position, DateTimeOffset At, VoicemailTaken Voicemail) : AdapterUpdate(Position, At);

/// <summary>What an agent sees of a session, from the offer on. A fold of the session's stream.</summary>
public sealed record SessionInHand
{
    /// <summary>The session.</summary>
    public Guid SessionId { get; init; }

    /// <summary>The offer by which this agent has it.</summary>
    public Guid OfferId { get; init; }

    /// <summary>Call or chat.</summary>
    public SessionKind Kind { get; init; }

    /// <summary>How it entered.</summary>
    public Channel Channel { get; init; }

    /// <summary>Where it stands.</summary>
    public SessionStatus Status { get; init; }

    /// <summary>Its queue.</summary>
    public Guid QueueId { get; init; }

    /// <summary>The menu path: the issue.</summary>
    public IReadOnlyList<string> QueuePath { get; init; } = [];

    /// <summary>The queues it came by outside the hours, the chosen one first; empty if it was not deflected (AHD-9).</summary>
    public IReadOnlyList<Guid> DeflectionPath { get; init; } = [];

    /// <summary>The booked call it is (AHD-11), or null.</summary>
    public Guid? ScheduledCallId { get; init; }

    /// <summary>The consumer.</summary>
    public Guid ConsumerId { get; init; }

    /// <summary>As shown to agents; filled in when it is handed out.</summary>
    public PersonalText ConsumerName { get; init; }

    /// <summary>BCP 47.</summary>
    public string Language { get; init; } = string.Empty;

    /// <summary>The flags (DAT-2).</summary>
    public CustomerFlags Flags { get; init; } = CustomerFlags.None;

    /// <summary>Waiting since.</summary>
    public DateTimeOffset QueuedAt { get; init; }

    /// <summary>Until when the offer stands.</summary>
    public DateTimeOffset OfferExpiresAt { get; init; }

    /// <summary>What is played before the call.</summary>
    public Preparation Preparation { get; init; } = Preparation.None;

    /// <summary>The CRM's ticket, or null.</summary>
    public string? TicketUrl { get; init; }

    /// <summary>Why it ended, or null.</summary>
    public string? EndReason { get; init; }

    /// <summary>What was written so far.</summary>
    public ImmutableList<MessageSent> Transcript { get; init; } = [];

    /// <summary>Supervisors who joined, by their parts: their names (MON-5).</summary>
    public ImmutableSortedDictionary<Guid, string> Supervisors { get; init; } = ImmutableSortedDictionary<Guid, string>.Empty;

    /// <summary>The consultation before a warm transfer, or the last one's end; null if there was none.</summary>
    public ConsultationInHand? Consultation { get; init; }

    /// <summary>True for an agent who is only consulted: they do not have the call.</summary>
    public bool IsConsulted => Consultation is { State: not ConsultationInHand.Ended } asked && asked.Id == OfferId;

    /// <summary>The same as the agent who is consulted sees it, by the offer that they have; as it is for everybody else.</summary>
    public SessionInHand For(Guid agentId) =>
        Consultation is { State: not ConsultationInHand.Ended } asked && asked.AgentId == agentId ? this with { OfferId = asked.Id, OfferExpiresAt = asked.Until } : this;

    /// <summary>True once the agent gave it to another queue or lost it: what happens in it from then on is not this agent's to know.</summary>
    public bool HasLeft { get; init; }

    /// <summary>The agent is out of it, and does what is to be done after it.</summary>
    public SessionInHand Leave() => this with { HasLeft = true };

    /// <summary>The view after one more event of its stream.</summary>
    public SessionInHand Apply(SessionEvent happened) => happened switch
    {
        _ when HasLeft => happened is TicketLinked linked ? this with { TicketUrl = linked.TicketUrl } : this,
        SessionRequested e => this with
        {
            SessionId = e.SessionId,
            Kind = e.Kind,
            Channel = e.Channel,
            ConsumerId = e.ConsumerId,
            Language = e.Language,
            Status = SessionStatus.Requested,
            QueueId = e.QueueId,
            QueuePath = e.QueuePath ?? [],
            ScheduledCallId = e.ScheduledCallId,
        },
        SessionDeflected e => this with { DeflectionPath = e.Path },
        SessionQueued e => this with { Status = SessionStatus.Queued, QueueId = e.QueueId, QueuePath = e.QueuePath, QueuedAt = e.QueuedAt },
        VirtualAgentJoined e => this with { Status = SessionStatus.VirtualAgent, QueueId = e.QueueId, QueuePath = e.QueuePath },
        SessionOffered e => this with
        {
            Status = SessionStatus.Offered,
            OfferId = e.OfferId,
            OfferExpiresAt = e.ExpiresAt,
            Preparation = e.Preparation,
        },
        AgentCalled e => this with { OfferExpiresAt = e.Until },
        OfferAccepted => this with { Status = SessionStatus.Preparing },
        OfferFailed => this with { Status = SessionStatus.Queued },
        SessionConnected or SessionResumed => this with { Status = SessionStatus.Connected },
        SessionHeld => this with { Status = SessionStatus.Held },
        SessionTransferred or SessionReturned => this with { Status = SessionStatus.Queued },
        SessionTakenOver e => this with { OfferId = e.OfferId },
        TransferredOutside => this with { Status = SessionStatus.Outside },
        ConsultationCompleted e => this with { Status = e.AgentId is null ? SessionStatus.Outside : SessionStatus.Connected, OfferId = e.ConsultationId, Consultation = null },
        ConsultationEvent e => this with { Consultation = ConsultationInHand.After(Consultation, e) },
        SupervisorJoined e => this with { Supervisors = Supervisors.Add(e.MonitorId, e.Name) },
        SupervisorLeft e => this with { Supervisors = Supervisors.Remove(e.MonitorId) },
        SessionFlagged e => this with { Flags = Flags.With(e) },
        TicketLinked e => this with { TicketUrl = e.TicketUrl },
        MessageSent e => this with { Transcript = Transcript.Add(e) },
        SessionEnded e => this with { Status = SessionStatus.Ended, EndReason = e.Reason },
        _ => this,
    };
}

/// <summary>A consultation as the agents in it see it.</summary>
/// <param name="Id">Which.</param>
/// <param name="ByAgentId">Who asks.</param>
/// <param name="AgentId">Who is asked, or null: somebody outside.</param>
/// <param name="State"><c>asked</c>, <c>accepted</c>, <c>joined</c>, <c>ended</c>.</param>
/// <param name="Reason">Why it ended, or null.</param>
/// <param name="Until">How long it is waited for whoever is asked.</param>
public sealed record ConsultationInHand(Guid Id, Guid ByAgentId, Guid? AgentId, string State, string? Reason, DateTimeOffset Until)
{
    /// <summary>The word for one that is over.</summary>
    public const string Ended = "ended";

    /// <summary>The same once the call was handed over to whoever was asked.</summary>
    public ConsultationInHand HandedOver() => this with { State = Ended, Reason = "handed_over" };

    /// <summary>The view after one more event.</summary>
    public static ConsultationInHand? After(ConsultationInHand? before, ConsultationEvent happened) => happened switch
    {
        ConsultationStarted e => new ConsultationInHand(e.ConsultationId, e.ByAgentId, e.AgentId, "asked", Reason: null, e.Until),
        ConsultationAccepted e => before is null ? null : before with { State = "accepted", Until = e.Until },
        ConsultationJoined => before is null ? null : before with { State = "joined" },
        ConsultationEnded e => before is null ? null : before with { State = Ended, Reason = e.Reason },
        _ => before,
    };
}
