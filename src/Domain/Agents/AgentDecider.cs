using System.Collections.Immutable;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Agents;

/// <summary>
/// The rules of an agent's presence and work: never offered more than the capacity allows. Each place is taken by an
/// offer, kept through the conversation and the work after it, and then free again.
/// </summary>
public static partial class AgentDecider
{
    /// <summary>Who lets so many offers in a row run out is not there: paused, until they say otherwise.</summary>
    public const int MostUnanswered = 3;

    /// <summary>The reason of a sign-out that a supervisor did.</summary>
    public const string Forced = "forced";

    /// <summary>The reason of a sign-out of an agent whose adapter is gone.</summary>
    public const string AdapterLost = "adapter_lost";

    /// <summary>The reason of that pause.</summary>
    public const string Unresponsive = "unresponsive";

    /// <summary>
    /// The agent's adapter signs in and takes offers. Again with the same capacity and channels changes nothing; with
    /// others they apply from now on, and a paused agent stays paused.
    /// </summary>
    public static Decision<AgentEvent> SignIn(
        Agent a, Guid agentId, Capacity capacity, IReadOnlyList<Channel> channels, DateTimeOffset now)
    {
        if (capacity.Calls is < 0 or > 1)
            return ValidationError.Field("capacity.calls", "Must be 0 or 1.");
        if (capacity.Chats is < 0 or > 50)
            return ValidationError.Field("capacity.chats", "Must be from 0 to 50.");
        if (capacity is { Calls: 0, Chats: 0 })
            return ValidationError.Field("capacity", "Must be more than nothing.");
        if (channels.Count == 0 || !channels.All(Enum.IsDefined))
            return ValidationError.Field("channels", "Must name one or more of ivr, mobile, web and sms.");

        ImmutableArray<Channel> sorted = [.. channels.Distinct().Order()];
        if (a.Presence != Presence.Offline && a.Capacity == capacity && a.Channels.SequenceEqual(sorted))
            return Decision<AgentEvent>.Nothing;

        var signedIn = new AgentSignedIn(agentId, capacity, sorted, now);
        return a.Presence == Presence.Paused
            ? Decision<AgentEvent>.Happens(signedIn, new AgentPaused(agentId, a.PauseReason!, a.PresenceSince))
            : signedIn;
    }

    /// <summary>The agent is gone. What becomes of the sessions in hand, <see cref="Lose"/> says where they are lost.</summary>
    public static Decision<AgentEvent> SignOut(Agent a, string reason, DateTimeOffset now, string? words = null)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        if (a.Presence == Presence.Offline)
            return Decision<AgentEvent>.Nothing;
        return words is null ? new AgentSignedOut(a.Id, reason, now) : new AgentSignedOut(a.Id, reason, now, new PersonalText(words), a.Id);
    }

    /// <summary>
    /// The adapter is back although it was about to be taken for lost. As a fact in the agent's stream it contradicts
    /// whoever decides at the same moment that the agent is gone; one who was signed out before has to sign in.
    /// </summary>
    public static Decision<AgentEvent> Resume(Agent a, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        var isGone = a.Presence == Presence.Offline && a.Work.IsEmpty;
        return isGone || a.ResumedAt == now ? Decision<AgentEvent>.Nothing : new AgentResumed(a.Id, now);
    }

    /// <summary>The agent's adapter has an open stream; its name tells it from the ones before.</summary>
    public static Decision<AgentEvent> ConnectAdapter(Agent a, string connection, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        return IsConnectedBy(a, connection) ? Decision<AgentEvent>.Nothing : new AgentAdapterConnected(a.Id, connection, now);
    }

    /// <summary>
    /// A stream ended. Nodes tell it late and in any order: only the newest stream counts, and who signed out has none.
    /// </summary>
    public static Decision<AgentEvent> LoseAdapter(Agent a, string connection, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        return a.Presence != Presence.Offline && IsConnectedBy(a, connection)
            ? new AgentAdapterLost(a.Id, connection, now)
            : Decision<AgentEvent>.Nothing;
    }

    /// <summary>The agent takes offers again.</summary>
    public static Decision<AgentEvent> MakeAvailable(Agent a, DateTimeOffset now)
    {
        if (WhyNotSignedIn(a) is { } refusal)
            return refusal;
        return a.Presence == Presence.Available ? Decision<AgentEvent>.Nothing : new AgentMadeAvailable(a.Id, now);
    }

    /// <summary>The agent takes no offers for now. Another reason than before is a new fact.</summary>
    /// <param name="a">The agent.</param>
    /// <param name="reason">The status: one that every center has, or one of the center's own.</param>
    /// <param name="statuses">Those of the center's own.</param>
    /// <param name="now">The time.</param>
    public static Decision<AgentEvent> Pause(Agent a, string reason, AgentStatuses statuses, DateTimeOffset now)
    {
        if (WhyNotSignedIn(a) is { } refusal)
            return refusal;
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 50)
            return ValidationError.Field("reason", "Must have 1 to 50 characters.");
        if (!statuses.Knows(reason))
            return AgentErrors.StatusUnknown;
        return string.Equals(a.PauseReason, reason, StringComparison.Ordinal)
            ? Decision<AgentEvent>.Nothing
            : new AgentPaused(a.Id, reason, now);
    }

    /// <summary>
    /// An offer takes a place. Appended together with the session's offer. A session that comes back to an agent who
    /// still wraps it up ends that wrap-up.
    /// </summary>
    public static Decision<AgentEvent> Reserve(
        Agent a, Guid sessionId, Guid offerId, SessionKind kind, Channel channel, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;

        var work = a.WorkOn(sessionId);
        if (work?.OfferId == offerId)
            return Decision<AgentEvent>.Nothing;
        if (work is { Phase: not WorkPhase.WrapUp } || !a.TakesOffers || !a.Channels.Contains(channel))
            return AgentErrors.NotAvailable;

        var reserved = new AgentReserved(a.Id, sessionId, offerId, kind, now);
        if (work is not null)
            return Decision<AgentEvent>.Happens(new AgentFreed(a.Id, sessionId, now), reserved);
        return a.Free(kind) > 0 ? reserved : AgentErrors.AtCapacity;
    }

    /// <summary>
    /// The offer came to nothing and its place is free. An accepted one is only released when the agent is lost or the
    /// session is withdrawn; what is not reserved any more stays as it is. With the last of <see cref="MostUnanswered"/>
    /// that ran out in a row the agent is paused, so that consumers do not wait for somebody who is not there.
    /// </summary>
    public static Decision<AgentEvent> Release(Agent a, Guid sessionId, Guid offerId, OfferOutcome outcome, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;

        var work = a.WorkOn(sessionId);
        var isReleasable = work?.Phase == WorkPhase.Reserved
            || (work?.Phase == WorkPhase.Engaged && outcome is OfferOutcome.AgentLost or OfferOutcome.Withdrawn);
        if (!isReleasable || work?.OfferId != offerId)
            return Decision<AgentEvent>.Nothing;

        var released = new AgentReservationReleased(a.Id, sessionId, offerId, outcome, now);
        var after = a.Apply(released);
        return after is { Presence: Presence.Available, Unanswered: >= MostUnanswered } && outcome == OfferOutcome.Expired
            ? Decision<AgentEvent>.Happens(released, new AgentPaused(a.Id, Unresponsive, now))
            : released;
    }

    /// <summary>The agent accepted: the reservation is work now.</summary>
    public static Decision<AgentEvent> Engage(Agent a, Guid sessionId, Guid offerId, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        if (a.WorkOn(sessionId) is not { } work || work.OfferId != offerId || work.Phase == WorkPhase.WrapUp)
            return AgentErrors.NotReserved;
        return work.Phase == WorkPhase.Engaged
            ? Decision<AgentEvent>.Nothing
            : new AgentEngaged(a.Id, sessionId, offerId, work.Kind, now);
    }

    /// <summary>
    /// A supervisor takes a session over: they need an adapter and a free place, as any agent. A pause does not matter, for
    /// nobody offers it to them; a wrap-up of the same session ends.
    /// </summary>
    public static Decision<AgentEvent> TakeOver(Agent a, Guid sessionId, Guid offerId, SessionKind kind, DateTimeOffset now)
    {
        if (a.Presence == Presence.Offline || a.IsAdapterLost)
            return AgentErrors.NotSignedIn;
        var work = a.WorkOn(sessionId);
        if (work is { Phase: not WorkPhase.WrapUp })
            return Decision<AgentEvent>.Nothing;
        var tookOver = new AgentTookOver(a.Id, sessionId, offerId, kind, now);
        if (work is not null)
            return Decision<AgentEvent>.Happens(new AgentFreed(a.Id, sessionId, now), tookOver);
        return a.Free(kind) > 0 ? tookOver : AgentErrors.AtCapacity;
    }

    /// <summary>
    /// The agent lost a session, or is gone: the place is free at once, for nobody is left to do the work after it. A
    /// conversation is lost as it is; of an offer this is the release.
    /// </summary>
    public static Decision<AgentEvent> Lose(Agent a, Session s, Guid offerId, DateTimeOffset now)
    {
        if (!s.IsInConversation)
            return Release(a, s.Id, offerId, OfferOutcome.AgentLost, now);
        if (!a.Exists)
            return AgentErrors.NotFound;
        return a.WorkOn(s.Id) is { Phase: WorkPhase.Engaged } work && work.OfferId == offerId
            ? new AgentFreed(a.Id, s.Id, now)
            : Decision<AgentEvent>.Nothing;
    }

    /// <summary>
    /// The consultation for which the agent was asked is over: the place is free at once, for they did not speak with the
    /// consumer. One that came to nothing is an offer that did.
    /// </summary>
    public static Decision<AgentEvent> LeaveConsultation(Agent a, ConsultationEnded ended, DateTimeOffset now)
    {
        if (a.WorkOn(ended.SessionId) is { Phase: WorkPhase.Engaged } work && work.OfferId == ended.ConsultationId)
            return new AgentFreed(a.Id, ended.SessionId, now);
        return Release(a, ended.SessionId, ended.ConsultationId, OutcomeOf(ended.Reason), now);
    }

    private static OfferOutcome OutcomeOf(string reason) => reason switch
    {
        "declined" => OfferOutcome.Declined,
        "no_answer" or "busy" or "failed" => OfferOutcome.Expired,
        "agent_lost" => OfferOutcome.AgentLost,
        _ => OfferOutcome.Withdrawn,
    };

    /// <summary>
    /// The session is over for this agent, who keeps the place for the work after it; without time for that, or with
    /// the agent gone, the place is free at once.
    /// </summary>
    public static Decision<AgentEvent> StartWrapUp(Agent a, Guid sessionId, TimeSpan wrapUp, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        return a.WorkOn(sessionId)?.Phase switch
        {
            null or WorkPhase.WrapUp => Decision<AgentEvent>.Nothing,
            WorkPhase.Reserved => AgentErrors.NotEngaged,
            _ when wrapUp <= TimeSpan.Zero || a.Presence == Presence.Offline => new AgentFreed(a.Id, sessionId, now),
            _ => new AgentWrapUpStarted(a.Id, sessionId, now, now + wrapUp),
        };
    }

    /// <summary>The work after the session is done.</summary>
    /// <param name="a">The agent.</param>
    /// <param name="sessionId">Which session.</param>
    /// <param name="onlyIfDue">True for the timer, which fires whatever happened since: nothing happens before the time is up.</param>
    /// <param name="now">The time.</param>
    public static Decision<AgentEvent> FinishWrapUp(Agent a, Guid sessionId, bool onlyIfDue, DateTimeOffset now)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        if (a.WorkOn(sessionId) is not { } work)
            return Decision<AgentEvent>.Nothing;
        if (work.Phase == WorkPhase.WrapUp && !(onlyIfDue && now < work.Until))
            return new AgentFreed(a.Id, sessionId, now);
        return onlyIfDue ? Decision<AgentEvent>.Nothing : AgentErrors.NotWrappingUp;
    }

    private static bool IsConnectedBy(Agent a, string connection) =>
        !a.IsAdapterLost && string.Equals(a.Connection, connection, StringComparison.Ordinal);

    private static DomainError? WhyNotSignedIn(Agent a)
    {
        if (!a.Exists)
            return AgentErrors.NotFound;
        return a.Presence == Presence.Offline ? AgentErrors.NotSignedIn : null;
    }
}
