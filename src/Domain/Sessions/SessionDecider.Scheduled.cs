using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.Sessions;

/// <content>Calls that a consumer booked: the contact center calls, and they wait in the queue once they have answered (AHD-11).</content>
public static partial class SessionDecider
{
    /// <summary>A booked call is placed. It waits in no queue before the consumer has answered.</summary>
    /// <param name="s">The session; there is none yet.</param>
    /// <param name="request">What was booked.</param>
    /// <param name="scheduledCallId">The booking.</param>
    /// <param name="queue">The queue it was booked for.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> PlaceScheduled(Session s, SessionRequest request, Guid scheduledCallId, Queue queue, DateTimeOffset now)
    {
        if (s.Status != SessionStatus.None)
            return SessionErrors.IdTaken;
        var requested = new SessionRequested(
            request.SessionId, request.Kind, request.Channel, request.ConsumerId, queue.Id, request.Language, request.Consent,
            request.Data.ToDictionary(d => d.Key, d => new PersonalText(d.Value), StringComparer.Ordinal), request.Voice, now,
            Choice: null, scheduledCallId, queue.Path, request.Line, request.Recording);
        return request.Flags.IsNone()
            ? requested
            : Decision<SessionEvent>.Happens(requested, Flagged(request.SessionId, request.Flags, "sdk", now));
    }

    /// <summary>The consumer of a booked call answered: they wait in the queue they booked for, whatever its hours are by now.</summary>
    public static Decision<SessionEvent> AnswerScheduled(Session s, Queue queue, DateTimeOffset now) => IsRinging(s)
        ? new SessionQueued(s.Id, s.Kind, s.QueueId, s.PathOf(queue), now)
        : Decision<SessionEvent>.Nothing;

    /// <summary>True while a booked call's consumer has not answered.</summary>
    public static bool IsRinging(Session s) =>
        s is { Status: SessionStatus.Requested, ScheduledCallId: not null } && s.QueuedAt == default;
}
