using System.Collections.Immutable;
using System.Diagnostics;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Agents;

/// <summary>An agent's presence.</summary>
public enum Presence
{
    /// <summary>No adapter is signed in.</summary>
    Offline,

    /// <summary>Takes offers, as far as capacity goes.</summary>
    Available,

    /// <summary>Signed in, takes no offers, with a reason.</summary>
    Paused,
}

/// <summary>What a session means to an agent.</summary>
public enum WorkPhase
{
    /// <summary>Offered.</summary>
    Reserved,

    /// <summary>Accepted: prepared, connected or held.</summary>
    Engaged,

    /// <summary>Over; the work after it.</summary>
    WrapUp,
}

/// <summary>One place of an agent's capacity, taken by a session.</summary>
/// <param name="SessionId">Which.</param>
/// <param name="OfferId">By which offer.</param>
/// <param name="Kind">Call or chat.</param>
/// <param name="Phase">How far.</param>
/// <param name="Until">When the wrap-up runs out; null before it began.</param>
public sealed record Work(Guid SessionId, Guid OfferId, SessionKind Kind, WorkPhase Phase, DateTimeOffset? Until = null);

/// <summary>A number of an agent's own on which they take calls.</summary>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
public sealed record Forwarding(PersonalText PhoneNumber, string? Voice);

/// <summary>The state of one agent: the fold of its events.</summary>
public sealed record Agent
{
    /// <summary>Before the first event.</summary>
    public static Agent Initial { get; } = new();

    /// <summary>The user's id.</summary>
    public Guid Id { get; init; }

    /// <summary>Signed in, paused or not.</summary>
    public Presence Presence { get; init; }

    /// <summary>Why paused, or null.</summary>
    public string? PauseReason { get; init; }

    /// <summary>The adapter's newest stream, or null.</summary>
    public string? Connection { get; init; }

    /// <summary>True while that stream is gone and may still be resumed.</summary>
    public bool IsAdapterLost { get; init; }

    /// <summary>How many sessions at once.</summary>
    public Capacity Capacity { get; init; } = new(0, 0);

    /// <summary>From which channels.</summary>
    public ImmutableArray<Channel> Channels { get; init; } = [];

    /// <summary>The sessions in hand.</summary>
    public ImmutableArray<Work> Work { get; init; } = [];

    /// <summary>Offers in a row that ran out without an answer.</summary>
    public int Unanswered { get; init; }

    /// <summary>Nothing to do since: the longest idle agent is asked first.</summary>
    public DateTimeOffset IdleSince { get; init; }

    /// <summary>In this presence since.</summary>
    public DateTimeOffset PresenceSince { get; init; }

    /// <summary>When the adapter last came back in the moment of being taken for lost; the same return again is no new one.</summary>
    public DateTimeOffset ResumedAt { get; init; }

    /// <summary>The number on which they take calls, or null: in the browser.</summary>
    public Forwarding? Forwarding { get; init; }

    /// <summary>True once signed in for the first time.</summary>
    public bool Exists => Id != Guid.Empty;

    /// <summary>Places of one kind that are free.</summary>
    public int Free(SessionKind kind) => Capacity.For(kind) - Work.Count(w => w.Kind == kind);

    /// <summary>True if the agent is there to be asked, as far as capacity and channels go.</summary>
    public bool TakesOffers => Presence == Presence.Available && !IsAdapterLost;

    /// <summary>True if an offer of this kind and channel may be made now.</summary>
    public bool CanTake(SessionKind kind, Channel channel) => TakesOffers && Channels.Contains(channel) && Free(kind) > 0;

    /// <summary>What a session means to this agent, or null.</summary>
    public Work? WorkOn(Guid sessionId) => Work.FirstOrDefault(w => w.SessionId == sessionId);

    /// <summary>The state after one more event.</summary>
    public Agent Apply(AgentEvent happened) => happened switch
    {
        AgentSignedIn e => this with
        {
            Id = e.AgentId,
            Presence = Presence.Available,
            PauseReason = null,
            IsAdapterLost = false,
            Capacity = e.Capacity,
            Channels = [.. e.Channels],
            Unanswered = 0,
            // Another capacity while signed in costs the agent neither their time nor their place in the line of idle ones.
            PresenceSince = Presence == Presence.Available ? PresenceSince : e.SignedInAt,
            IdleSince = Presence == Presence.Offline ? e.SignedInAt : IdleSince,
        },
        AgentSignedOut e => this with
        {
            Presence = Presence.Offline,
            PauseReason = null,
            Connection = null,
            IsAdapterLost = false,
            PresenceSince = e.SignedOutAt,
        },
        AgentAdapterConnected e => this with { Connection = e.Connection, IsAdapterLost = false },
        AgentAdapterLost => this with { IsAdapterLost = true },
        AgentResumed e => this with { ResumedAt = e.ResumedAt },
        AgentMadeAvailable e => this with
        {
            Presence = Presence.Available,
            PauseReason = null,
            Unanswered = 0,
            IdleSince = e.AvailableAt,
            PresenceSince = e.AvailableAt,
        },
        AgentPaused e => this with { Presence = Presence.Paused, PauseReason = e.Reason, PresenceSince = e.PausedAt },
        AgentReserved e => this with { Work = Work.Add(new Work(e.SessionId, e.OfferId, e.Kind, WorkPhase.Reserved)) },
        // An offer taken back is not the agent's doing: they keep their place in the line of idle ones.
        AgentReservationReleased e => Without(e.SessionId) with
        {
            IdleSince = e.Outcome == OfferOutcome.Withdrawn ? IdleSince : e.ReleasedAt,
            Unanswered = e.Outcome switch
            {
                OfferOutcome.Expired => Unanswered + 1,
                OfferOutcome.Declined => 0,
                _ => Unanswered,
            },
        },
        AgentEngaged e => With(e.SessionId, w => w with { Phase = WorkPhase.Engaged }) with { Unanswered = 0 },
        AgentTookOver e => this with { Work = Work.Add(new Work(e.SessionId, e.OfferId, e.Kind, WorkPhase.Engaged)), Unanswered = 0 },
        AgentWrapUpStarted e => With(e.SessionId, w => w with { Phase = WorkPhase.WrapUp, Until = e.Until }),
        AgentFreed e => Without(e.SessionId) with { IdleSince = e.FreedAt },
        AgentForwardingSet e => this with { Forwarding = new Forwarding(e.PhoneNumber, e.Voice) },
        AgentForwardingCleared => this with { Forwarding = null },
        _ => throw new UnreachableException($"Agent does not know {happened.GetType().Name}."),
    };

    private Agent Without(Guid sessionId) => this with { Work = Work.RemoveAll(w => w.SessionId == sessionId) };

    private Agent With(Guid sessionId, Func<Work, Work> change) =>
        this with { Work = [.. Work.Select(w => w.SessionId == sessionId ? change(w) : w)] };
}
