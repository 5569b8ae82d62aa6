using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <summary>A fact about somebody in a call who is reached on a telephone number instead of in a browser.</summary>
public abstract record OutsideEvent : SessionEvent
{
    private protected OutsideEvent()
    {
    }
}

/// <summary>
/// The agent takes the call on their own number, which rings now (REC-1). They have the offer until it is answered: only
/// then it is accepted.
/// </summary>
/// <param name="SessionId">The call.</param>
/// <param name="OfferId">By which offer: the leg.</param>
/// <param name="AgentId">Whose number; it is not written down here.</param>
/// <param name="CalledAt">When.</param>
/// <param name="Until">How long it rings.</param>
[EventType("session.agent_called.v1")]
public sealed record AgentCalled(Guid SessionId, Guid OfferId, Guid AgentId, DateTimeOffset CalledAt, DateTimeOffset Until) : OutsideEvent;

/// <summary>The agent gave the call to a telephone number outside, which rings now; the agent is out of it.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="FromAgentId">Who gave it away.</param>
/// <param name="FromOfferId">By which offer they had it.</param>
/// <param name="PartyId">Of the part outside in this call alone: its leg.</param>
/// <param name="ConsumerId">The call's consumer, with whose key the number is encrypted.</param>
/// <param name="PhoneNumber">E.164.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
/// <param name="TransferredAt">When.</param>
[EventType("session.transferred_outside.v1")]
public sealed record TransferredOutside(
    Guid SessionId, Guid FromAgentId, Guid FromOfferId, Guid PartyId, Guid ConsumerId, PersonalText PhoneNumber, string? Voice, DateTimeOffset TransferredAt)
    : OutsideEvent, IPersonalDataEvent;

/// <summary>The number outside answered: the consumer and whoever is there hear each other.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="PartyId">Which part.</param>
/// <param name="JoinedAt">When.</param>
[EventType("session.outside_joined.v1")]
public sealed record OutsideJoined(Guid SessionId, Guid PartyId, DateTimeOffset JoinedAt) : OutsideEvent;

/// <summary>Nobody was reached outside. Where the call goes on is in the same write.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="PartyId">Which part.</param>
/// <param name="Reason">Stable word: <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
/// <param name="FailedAt">When.</param>
[EventType("session.outside_failed.v1")]
public sealed record OutsideFailed(Guid SessionId, Guid PartyId, string Reason, DateTimeOffset FailedAt) : OutsideEvent;
