using ContactCenter.Domain.Abstractions;

namespace ContactCenter.Domain.Sessions;

/// <summary>A fact about a consultation: what an agent and whoever they ask say while the consumer is on hold; never recorded (REC-1).</summary>
public abstract record ConsultationEvent : SessionEvent
{
    private protected ConsultationEvent()
    {
    }
}

/// <summary>The agent asks somebody before a transfer: another agent, reserved in the same write, or a telephone number outside, which rings now.</summary>
/// <param name="SessionId">The call; it is on hold.</param>
/// <param name="ConsultationId">Of this consultation: the offer by which the other agent has it, and the leg of whoever is asked.</param>
/// <param name="ByAgentId">Who asks.</param>
/// <param name="ByOfferId">By which offer they have the call: their leg.</param>
/// <param name="AgentId">Who is asked, or null: somebody outside.</param>
/// <param name="QueueId">The queue whose agent was asked for, or null: a certain one was.</param>
/// <param name="ConsumerId">The call's consumer, with whose key the number is encrypted.</param>
/// <param name="PhoneNumber">The number outside, E.164, or null.</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Until">How long it is waited for them.</param>
[EventType("session.consultation_started.v1")]
public sealed record ConsultationStarted(
    Guid SessionId, Guid ConsultationId, Guid ByAgentId, Guid ByOfferId, Guid? AgentId, Guid? QueueId, Guid ConsumerId, PersonalText? PhoneNumber, string? Voice,
    DateTimeOffset StartedAt, DateTimeOffset Until) : ConsultationEvent, IPersonalDataEvent
{
    bool IPersonalDataEvent.HoldsPersonalText => PhoneNumber is not null;
}

/// <summary>The agent asked accepted; their leg is placed.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="ConsultationId">Which consultation: the leg.</param>
/// <param name="AgentId">Who is asked.</param>
/// <param name="OnNumber">True if their own number rings now.</param>
/// <param name="AcceptedAt">When.</param>
/// <param name="Until">How long it is waited for their leg.</param>
[EventType("session.consultation_accepted.v1")]
public sealed record ConsultationAccepted(
    Guid SessionId, Guid ConsultationId, Guid AgentId, bool OnNumber, DateTimeOffset AcceptedAt, DateTimeOffset Until) : ConsultationEvent;

/// <summary>Whoever was asked is there: the two hear each other, and nobody hears them.</summary>
[EventType("session.consultation_joined.v1")]
public sealed record ConsultationJoined(Guid SessionId, Guid ConsultationId, Guid? AgentId, DateTimeOffset JoinedAt) : ConsultationEvent;

/// <summary>The consultation is over, and the agent who asked still has the call, unless the same write says otherwise.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="ConsultationId">Which.</param>
/// <param name="ByOfferId">The leg of who asked.</param>
/// <param name="AgentId">Who was asked, or null: somebody outside.</param>
/// <param name="Reason">Stable word: <c>cancelled</c>, <c>declined</c>, <c>no_answer</c>, <c>busy</c>, <c>failed</c>, <c>left</c>, <c>agent_lost</c>, <c>taken_over</c>,
/// <c>session_ended</c>.</param>
/// <param name="EndedAt">When.</param>
[EventType("session.consultation_ended.v1")]
public sealed record ConsultationEnded(
    Guid SessionId, Guid ConsultationId, Guid ByOfferId, Guid? AgentId, string Reason, DateTimeOffset EndedAt) : ConsultationEvent;

/// <summary>The call is handed over to whoever was asked: they and the consumer hear each other; who asked is out of it.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="ConsultationId">Which: what stands for the offer by which the new agent has the call, and the leg of whoever was asked.</param>
/// <param name="FromAgentId">Who had it.</param>
/// <param name="FromOfferId">By which offer.</param>
/// <param name="AgentId">Who has it now, or null: somebody outside.</param>
/// <param name="CompletedAt">When.</param>
[EventType("session.consultation_completed.v1")]
public sealed record ConsultationCompleted(
    Guid SessionId, Guid ConsultationId, Guid FromAgentId, Guid FromOfferId, Guid? AgentId, DateTimeOffset CompletedAt) : ConsultationEvent;
