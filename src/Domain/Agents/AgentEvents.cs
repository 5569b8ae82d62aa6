using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Agents;

/// <summary>A fact about one agent's presence and work. Stream <c>agent-{user id}</c>.</summary>
public abstract record AgentEvent : IDomainEvent
{
    private protected AgentEvent()
    {
    }

    /// <summary>Who.</summary>
    public abstract Guid AgentId { get; init; }
}

/// <summary>How many sessions of each kind an agent takes at once.</summary>
/// <param name="Calls">0 or 1.</param>
/// <param name="Chats">0 to 50.</param>
public sealed record Capacity(int Calls, int Chats)
{
    /// <summary>The capacity for one kind.</summary>
    public int For(SessionKind kind) => kind == SessionKind.Call ? Calls : Chats;
}

/// <summary>The agent's adapter signed in; the agent is available.</summary>
[EventType("agent.signed_in.v1")]
public sealed record AgentSignedIn(Guid AgentId, Capacity Capacity, IReadOnlyList<Channel> Channels, DateTimeOffset SignedInAt) : AgentEvent;

/// <summary>The agent is gone. Who signed out may still finish what is in hand; who is lost loses it.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Reason"><c>signed_out</c>, <c>adapter_lost</c>, <c>deactivated</c>, <c>forced</c>.</param>
/// <param name="SignedOutAt">When.</param>
/// <param name="Words">Why, in the words of the supervisor who did it, or null: what somebody says of the agent, and encrypted as other texts are.</param>
/// <param name="ConsumerId">Whose key the words are encrypted with: the agent's own; empty without words.</param>
[EventType("agent.signed_out.v2")]
public sealed record AgentSignedOut(Guid AgentId, string Reason, DateTimeOffset SignedOutAt, PersonalText? Words = null, Guid ConsumerId = default)
    : AgentEvent, IPersonalDataEvent
{
    /// <inheritdoc/>
    bool IPersonalDataEvent.HoldsPersonalText => Words is not null;
}

/// <summary>The agent's adapter came back in the moment in which it was taken for lost: the agent stays.</summary>
[EventType("agent.resumed.v1")]
public sealed record AgentResumed(Guid AgentId, DateTimeOffset ResumedAt) : AgentEvent;

/// <summary>An adapter's stream is open, on some node: the agent can be asked.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Connection">The stream's own name; a loss of another one changes nothing.</param>
/// <param name="ConnectedAt">When.</param>
[EventType("agent.adapter_connected.v1")]
public sealed record AgentAdapterConnected(Guid AgentId, string Connection, DateTimeOffset ConnectedAt) : AgentEvent;

/// <summary>The adapter's stream ended without a sign-out: nothing is offered until it is back.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Connection">Which stream.</param>
/// <param name="LostAt">When.</param>
[EventType("agent.adapter_lost.v1")]
public sealed record AgentAdapterLost(Guid AgentId, string Connection, DateTimeOffset LostAt) : AgentEvent;

/// <summary>The agent takes offers again.</summary>
[EventType("agent.made_available.v1")]
public sealed record AgentMadeAvailable(Guid AgentId, DateTimeOffset AvailableAt) : AgentEvent;

/// <summary>The agent takes no offers for now.</summary>
/// <param name="AgentId">Who.</param>
/// <param name="Reason"><c>break</c>, <c>meal</c>, <c>unavailable</c>, or a custom word; <c>unresponsive</c> for who
/// let several offers in a row run out.</param>
/// <param name="PausedAt">When.</param>
[EventType("agent.paused.v1")]
public sealed record AgentPaused(Guid AgentId, string Reason, DateTimeOffset PausedAt) : AgentEvent;

/// <summary>A place of the agent's capacity is taken by an offer, in the same write as <see cref="SessionOffered"/>.</summary>
[EventType("agent.reserved.v1")]
public sealed record AgentReserved(Guid AgentId, Guid SessionId, Guid OfferId, SessionKind Kind, DateTimeOffset ReservedAt) : AgentEvent;

/// <summary>The offer came to nothing; the place is free.</summary>
[EventType("agent.reservation_released.v1")]
public sealed record AgentReservationReleased(Guid AgentId, Guid SessionId, Guid OfferId, OfferOutcome Outcome, DateTimeOffset ReleasedAt) : AgentEvent;

/// <summary>The agent accepted: the reservation became work.</summary>
[EventType("agent.engaged.v1")]
public sealed record AgentEngaged(Guid AgentId, Guid SessionId, Guid OfferId, SessionKind Kind, DateTimeOffset EngagedAt) : AgentEvent;

/// <summary>A supervisor took a session over from its agent: it takes a place of theirs at once, in the same write as <see cref="SessionTakenOver"/>.</summary>
[EventType("agent.took_over.v1")]
public sealed record AgentTookOver(Guid AgentId, Guid SessionId, Guid OfferId, SessionKind Kind, DateTimeOffset TookOverAt) : AgentEvent;

/// <summary>The session is over for this agent; time for the work after it. The place stays taken.</summary>
[EventType("agent.wrap_up_started.v1")]
public sealed record AgentWrapUpStarted(Guid AgentId, Guid SessionId, DateTimeOffset StartedAt, DateTimeOffset Until) : AgentEvent;

/// <summary>The place that a session took is free again.</summary>
[EventType("agent.freed.v1")]
public sealed record AgentFreed(Guid AgentId, Guid SessionId, DateTimeOffset FreedAt) : AgentEvent;

/// <summary>The agent takes calls on a telephone number of their own instead of in the browser (REC-1).</summary>
/// <param name="AgentId">Who.</param>
/// <param name="ConsumerId">The agent's own id: with whose key the number is encrypted.</param>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers, and what is said there.</param>
/// <param name="SetAt">When.</param>
[EventType("agent.forwarding_set.v1")]
public sealed record AgentForwardingSet(Guid AgentId, Guid ConsumerId, PersonalText PhoneNumber, string? Voice, DateTimeOffset SetAt) : AgentEvent, IPersonalDataEvent;

/// <summary>The agent takes calls in the browser again.</summary>
[EventType("agent.forwarding_cleared.v1")]
public sealed record AgentForwardingCleared(Guid AgentId, DateTimeOffset ClearedAt) : AgentEvent;
