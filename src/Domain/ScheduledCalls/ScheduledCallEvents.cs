using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>A fact about a call that a consumer booked (AHD-11). Stream <c>scheduledcall-{id}</c>. Who did it is in the metadata.</summary>
public abstract record ScheduledCallEvent : IDomainEvent
{
    private protected ScheduledCallEvent()
    {
    }
}

/// <summary>A consumer has a place in a slot: they will be called at its beginning.</summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="QueueId">Whose agents talk with them.</param>
/// <param name="Channel">The queue's channel.</param>
/// <param name="ConsumerId">Who is called.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="PhoneNumber">Where they are called, E.164.</param>
/// <param name="NumberId">A keyed hash of the number; tells nothing about it.</param>
/// <param name="StartsAt">The slot's beginning: when the call is placed.</param>
/// <param name="Minutes">The slot's length.</param>
/// <param name="Consent">What was said about being recorded (REC-3).</param>
/// <param name="Data">Custom data for the session, without reserved names.</param>
/// <param name="Flags">The reserved data attributes for the session (DAT-1).</param>
/// <param name="Voice">Simulated media only: how the line answers.</param>
/// <param name="BookedAt">When.</param>
[EventType("scheduled_call.booked.v1")]
public sealed record ScheduledCallBooked(
    Guid ScheduledCallId,
    Guid QueueId,
    Channel Channel,
    Guid ConsumerId,
    string Language,
    PersonalText PhoneNumber,
    Guid NumberId,
    DateTimeOffset StartsAt,
    int Minutes,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, PersonalText> Data,
    CustomerFlags Flags,
    string? Voice,
    DateTimeOffset BookedAt) : ScheduledCallEvent, IPersonalDataEvent;

/// <summary>The booking left its slot for another, in the same write.</summary>
[EventType("scheduled_call.moved.v1")]
public sealed record ScheduledCallMoved(
    Guid ScheduledCallId, DateTimeOffset FromStartsAt, DateTimeOffset StartsAt, int Minutes, DateTimeOffset MovedAt) : ScheduledCallEvent;

/// <summary>The booking was given up before it was placed.</summary>
[EventType("scheduled_call.cancelled.v1")]
public sealed record ScheduledCallCancelled(Guid ScheduledCallId, DateTimeOffset StartsAt, DateTimeOffset CancelledAt) : ScheduledCallEvent;

/// <summary>The consumer is being called: the session was requested in the same write, and rings.</summary>
[EventType("scheduled_call.placed.v1")]
public sealed record ScheduledCallPlaced(Guid ScheduledCallId, Guid SessionId, DateTimeOffset StartsAt, DateTimeOffset PlacedAt) : ScheduledCallEvent;

/// <summary>The consumer answered and waits in the queue.</summary>
[EventType("scheduled_call.reached.v1")]
public sealed record ScheduledCallReached(Guid ScheduledCallId, Guid SessionId, DateTimeOffset ReachedAt) : ScheduledCallEvent;

/// <summary>The session ended before the consumer answered.</summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Reason">Stable word: <c>busy</c>, <c>no_answer</c>, <c>failed</c>, <c>media_lost</c>, <c>left</c>, <c>ended</c> (by a supervisor).</param>
/// <param name="EndedAt">When.</param>
[EventType("scheduled_call.not_reached.v1")]
public sealed record ScheduledCallNotReached(Guid ScheduledCallId, Guid SessionId, string Reason, DateTimeOffset EndedAt) : ScheduledCallEvent;

/// <summary>The call was not placed. The ticket system is told, so that somebody calls (ADR 0039).</summary>
/// <param name="ScheduledCallId">The booking.</param>
/// <param name="StartsAt">When it should have been placed.</param>
/// <param name="Reason">Stable word: <c>too_late</c>, <c>queue_archived</c>, <c>consumer_forgotten</c>, <c>session_taken</c>.</param>
/// <param name="MissedAt">When that was found.</param>
[EventType("scheduled_call.missed.v1")]
public sealed record ScheduledCallMissed(Guid ScheduledCallId, DateTimeOffset StartsAt, string Reason, DateTimeOffset MissedAt) : ScheduledCallEvent;
