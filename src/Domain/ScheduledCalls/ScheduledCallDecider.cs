using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.ScheduledCalls;

/// <summary>What a consumer books.</summary>
/// <param name="ScheduledCallId">The new booking.</param>
/// <param name="ConsumerId">Who is called.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="PhoneNumber">Where, E.164.</param>
/// <param name="NumberId">A keyed hash of the number.</param>
/// <param name="Consent">What was said about being recorded.</param>
/// <param name="Data">Custom data for the session, without reserved names.</param>
/// <param name="Flags">The reserved data attributes for the session.</param>
/// <param name="Voice">Simulated media only.</param>
public sealed record BookingRequest(
    Guid ScheduledCallId,
    Guid ConsumerId,
    string Language,
    PersonalText PhoneNumber,
    Guid NumberId,
    RecordingConsent Consent,
    IReadOnlyDictionary<string, string> Data,
    CustomerFlags Flags,
    string? Voice);

/// <summary>The rules of a booked call (AHD-11, ADRs 0038 and 0039). A repeat of something done gives no events.</summary>
public static class ScheduledCallDecider
{
    /// <summary>
    /// The longest time after a slot's beginning at which its call is still placed; a shorter slot's own length counts. Later
    /// than that nobody sits by the phone any more.
    /// </summary>
    public static readonly TimeSpan PlacedWithin = TimeSpan.FromMinutes(15);

    /// <summary>A consumer books a place. The same id again is the same booking, wherever it was moved since.</summary>
    /// <param name="c">The booking.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="queue">Whose agents are to talk with them.</param>
    /// <param name="isLeaf">Whether the queue is chosen from the menu; one that only leads on takes no bookings.</param>
    /// <param name="slot">The slot that begins at the instant asked for and can be booked now, or null.</param>
    /// <param name="now">The time.</param>
    public static Decision<ScheduledCallEvent> Book(ScheduledCall c, BookingRequest request, Queue queue, bool isLeaf, CallSlot? slot, DateTimeOffset now)
    {
        if (c.Exists)
            return (c.ConsumerId, c.QueueId) == (request.ConsumerId, queue.Id) ? Decision<ScheduledCallEvent>.Nothing : ScheduledCallErrors.IdTaken;
        if (WhyNotIn(queue, isLeaf, slot) is { } refusal)
            return refusal;
        if (SessionData.WhyNot(request.Data) is { } dataRefusal)
            return dataRefusal;

        var (startsAt, minutes) = Place(slot!.Value);
        return new ScheduledCallBooked(
            request.ScheduledCallId, queue.Id, queue.Channel, request.ConsumerId, request.Language, request.PhoneNumber, request.NumberId, startsAt, minutes,
            request.Consent, request.Data.ToDictionary(d => d.Key, d => new PersonalText(d.Value), StringComparer.Ordinal), request.Flags, request.Voice, now);
    }

    /// <summary>The booking leaves its slot for another of the same queue. The slots' own streams are written with it.</summary>
    /// <param name="c">The booking.</param>
    /// <param name="startsAt">The other slot's beginning.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="isLeaf">Whether the queue is chosen from the menu.</param>
    /// <param name="slot">The slot that begins there and can be booked now, or null.</param>
    /// <param name="now">The time.</param>
    public static Decision<ScheduledCallEvent> Move(ScheduledCall c, DateTimeOffset startsAt, Queue queue, bool isLeaf, CallSlot? slot, DateTimeOffset now)
    {
        if (WhyNotOpen(c) is { } closed)
            return closed;
        if (c.StartsAt == startsAt)
            return Decision<ScheduledCallEvent>.Nothing;
        if (WhyNotIn(queue, isLeaf, slot) is { } refusal)
            return refusal;
        var (start, minutes) = Place(slot!.Value);
        return new ScheduledCallMoved(c.Id, c.StartsAt, start, minutes, now);
    }

    /// <summary>The booking is given up, as long as nobody is being called.</summary>
    public static Decision<ScheduledCallEvent> Cancel(ScheduledCall c, DateTimeOffset now)
    {
        if (c.Status == ScheduledCallStatus.Cancelled)
            return Decision<ScheduledCallEvent>.Nothing;
        return WhyNotOpen(c) is { } closed ? closed : new ScheduledCallCancelled(c.Id, c.StartsAt, now);
    }

    /// <summary>True if a timer for this instant has something to do: the booking is open and was not moved since.</summary>
    public static bool IsDue(ScheduledCall c, DateTimeOffset startsAt) => c.Status == ScheduledCallStatus.Booked && c.StartsAt == startsAt;

    /// <summary>
    /// A slot's beginning has come: the consumer is called, or the call is missed. What was booked stands, whatever hours and
    /// rules the queue has by now; only an archived queue calls nobody.
    /// </summary>
    /// <param name="c">The booking.</param>
    /// <param name="startsAt">The instant whose timer fired.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="session">The session it becomes; there is none yet.</param>
    /// <param name="sessionId">That session's id.</param>
    /// <param name="hasNumber">False once the consumer was forgotten.</param>
    /// <param name="now">The time.</param>
    public static Decision<ScheduledCallEvent> Place(
        ScheduledCall c, DateTimeOffset startsAt, Queue queue, Session session, Guid sessionId, bool hasNumber, DateTimeOffset now)
    {
        if (!IsDue(c, startsAt))
            return Decision<ScheduledCallEvent>.Nothing;
        var reason =
            now > c.StartsAt + Patience(c) ? "too_late"
            : !queue.Exists || queue.IsArchived ? "queue_archived"
            : !hasNumber ? "consumer_forgotten"
            : session.Status != SessionStatus.None ? "session_taken"
            : null;
        return reason is null
            ? new ScheduledCallPlaced(c.Id, sessionId, c.StartsAt, now)
            : new ScheduledCallMissed(c.Id, c.StartsAt, reason, now);
    }

    /// <summary>The consumer answered.</summary>
    public static Decision<ScheduledCallEvent> Reach(ScheduledCall c, DateTimeOffset now) => c.Status == ScheduledCallStatus.Calling
        ? new ScheduledCallReached(c.Id, c.SessionId!.Value, now)
        : Decision<ScheduledCallEvent>.Nothing;

    /// <summary>The session ended before the consumer answered.</summary>
    /// <param name="c">The booking.</param>
    /// <param name="ended">How.</param>
    public static Decision<ScheduledCallEvent> Lose(ScheduledCall c, SessionEnded ended) => c.Status == ScheduledCallStatus.Calling
        ? new ScheduledCallNotReached(c.Id, ended.SessionId, ended.By is SessionParty.Supervisor or SessionParty.Agent ? "ended" : ended.Reason, ended.EndedAt)
        : Decision<ScheduledCallEvent>.Nothing;

    /// <summary>Why there is nothing to move or cancel, or null.</summary>
    public static DomainError? WhyNotOpen(ScheduledCall c) => c.Status switch
    {
        ScheduledCallStatus.None => ScheduledCallErrors.NotFound,
        ScheduledCallStatus.Booked => null,
        _ => ScheduledCallErrors.NotOpen,
    };

    /// <summary>Why no call of this queue can be booked, or null.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="isLeaf">Whether it is chosen from the menu.</param>
    public static DomainError? WhyNotBookable(Queue queue, bool isLeaf) =>
        SessionDecider.WhyNotThere(SessionKind.Call, queue.Channel, queue) ?? (queue.ScheduledCalls.Enabled && isLeaf ? null : ScheduledCallErrors.NotEnabled);

    /// <summary>A number for lists: its last two digits.</summary>
    public static string? Masked(PersonalText number) => number.Value is { Length: > 2 } clear ? "…" + clear[^2..] : null;

    private static TimeSpan Patience(ScheduledCall c)
    {
        var length = TimeSpan.FromMinutes(c.Minutes);
        return length < PlacedWithin ? length : PlacedWithin;
    }

    private static DomainError? WhyNotIn(Queue queue, bool isLeaf, CallSlot? slot) =>
        WhyNotBookable(queue, isLeaf) ?? (slot is null ? ScheduledCallErrors.NoSuchSlot : null);

    private static (DateTimeOffset StartsAt, int Minutes) Place(CallSlot slot) =>
        (slot.StartsAt.ToUniversalTime(), (int)(slot.EndsAt - slot.StartsAt).TotalMinutes);
}
