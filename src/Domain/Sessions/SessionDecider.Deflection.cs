using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;

namespace ContactCenter.Domain.Sessions;

/// <content>What follows from the decision about hours and deflection (AHD-2 to AHD-6).</content>
public static partial class SessionDecider
{
    /// <summary>
    /// Why a deflected call is over once its message was heard or it was handed on: the reason it ends with, or null
    /// while there is nothing to end.
    /// </summary>
    public static string? WhyOver(Session s) => s is { Status: SessionStatus.Requested, Deflection.Route: var route } ? ReasonOf(route) : null;

    /// <summary>What is written into a chat: the message, then the address; empty if there is neither.</summary>
    public static string TextOf(DeflectionDecision decision) =>
        string.Join('\n', new[] { decision.Message?.Text, decision.Email }.Where(part => !string.IsNullOrWhiteSpace(part)));

    private static Decision<SessionEvent> Arrive(Session s, Arrival arrival, OptionKind? choice, DateTimeOffset now)
    {
        var decision = arrival.Decision;
        if (WhyNotChosen(decision, choice) is { } refusal)
            return refusal;
        SessionEvent[] deflected = decision.IsDeflected ? [Deflected(s, decision, choice, now)] : [];
        var whyTaken = WhyTakenThoughClosed(decision);
        var follows = decision.Route switch
        {
            Route.Queue when arrival.VirtualAgent is { } seat =>
                new VirtualAgentJoined(s.Id, s.Kind, seat.Id, seat.Name, seat.Connector, arrival.Queue.Id, s.PathOf(arrival.Queue), now, whyTaken),
            Route.Queue => new SessionQueued(s.Id, s.Kind, arrival.Queue.Id, s.PathOf(arrival.Queue), now, whyTaken),
            Route.Options => TakeUp(s, decision, choice!.Value, now),
            Route.Voicemail => LeaveMessage(s, decision, now),
            Route.PhoneNumber => new SessionRedirected(s.Id, decision.QueueId, decision.PhoneNumber!, now),
            Route.MessageOnly when s.Kind == SessionKind.Call && decision.Message is not null => Decision<SessionEvent>.Nothing,
            Route.EmailInChat or Route.TextMessage => Written(s, arrival, now),
            _ => Over(s, decision.Route, now),
        };
        return follows.Rejection is not null ? follows : Decision<SessionEvent>.Happens([.. deflected, .. follows.Events]);
    }

    /// <summary>
    /// What the consumer chose. Leaving a message begins here; a call is booked instead; the others are the consumer's to do,
    /// and known.
    /// </summary>
    private static Decision<SessionEvent> TakeUp(Session s, DeflectionDecision decision, OptionKind choice, DateTimeOffset now) => choice switch
    {
        OptionKind.Voicemail => LeaveMessage(s, decision, now),
        OptionKind.ScheduledCall => SessionErrors.BookASlot,
        _ => Over(s, Route.Options, now),
    };

    /// <summary>
    /// Who speaks after the greeting and the tone agrees to be recorded; who said no before is not even asked to (REC-3). The
    /// message is for the queue that was chosen, or passed on to, whatever queue that deflects to.
    /// </summary>
    private static Decision<SessionEvent> LeaveMessage(Session s, DeflectionDecision decision, DateTimeOffset now)
    {
        if (s.Kind != SessionKind.Call)
            return SessionErrors.VoicemailNotPossible;
        return s.Consent == RecordingConsent.Denied ? SessionErrors.VoicemailNotConsented : new SessionVoicemailStarted(s.Id, decision.Path[0], now);
    }

    private static DomainError? WhyNotChosen(DeflectionDecision decision, OptionKind? choice) => (decision.Route, choice) switch
    {
        (Route.Options, null) => SessionErrors.AfterHours,
        (Route.Options, { } chosen) => decision.Options.Any(o => o.Kind == chosen) ? null : SessionErrors.NotOffered,
        (Route.Queue, not null) => SessionErrors.NotDeflected,
        (_, not null) => SessionErrors.NotOffered,
        _ => null,
    };

    /// <summary>What a deflected session keeps with its deflection, one that a closed queue takes all the same keeps with its waiting.</summary>
    private static IReadOnlyList<DeflectionStep>? WhyTakenThoughClosed(DeflectionDecision decision) =>
        !decision.IsDeflected && decision.Why.Any(w => w.Rule == Rule.Closed) ? DeflectionStep.Of(decision) : null;

    private static SessionDeflected Deflected(Session s, DeflectionDecision decision, OptionKind? choice, DateTimeOffset now)
    {
        var chosen = decision.Options.FirstOrDefault(o => o.Kind == choice).Value;
        return new SessionDeflected(
            s.Id, s.Kind, decision.Route, decision.QueueId, [.. decision.Path], [.. decision.Options.Select(o => o.Kind)], choice,
            choice == OptionKind.PhoneNumber ? chosen : decision.PhoneNumber,
            choice == OptionKind.Email ? chosen : decision.Email,
            decision.Message, DeflectionStep.Of(decision), now);
    }

    private static Decision<SessionEvent> Written(Session s, Arrival arrival, DateTimeOffset now)
    {
        var text = TextOf(arrival.Decision);
        var over = Over(s, arrival.Decision.Route, now);
        if (text.Length == 0)
            return over;
        return Decision<SessionEvent>.Happens(
            new MessageSent(s.Id, s.ConsumerId, arrival.MessageId, s.Messages.Count + 1, SessionParty.System, AuthorId: Guid.Empty, new PersonalText(text), now), over);
    }

    private static SessionEnded Over(Session s, Route route, DateTimeOffset now) => new(
        s.Id, s.Kind, AgentId: null, OfferId: null, SessionParty.System, ById: null, ReasonOf(route) ?? "deflected", Answered: s.ConnectedAt is not null, now);

    private static string? ReasonOf(Route route) => route switch
    {
        Route.MessageOnly => "deflected_message",
        Route.PhoneNumber => "redirected",
        _ => null,
    };
}
