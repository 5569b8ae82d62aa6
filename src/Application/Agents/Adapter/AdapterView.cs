using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Agents;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Agents.Adapter;

/// <summary>
/// Turns the events that concern one agent, in log order, into what the agent's adapter is told: one event, at most
/// one update. A pure fold but for the sessions handed to it, so that a resume tells exactly what was missed.
/// </summary>
internal sealed class AdapterView
{
    private readonly Dictionary<Guid, SessionInHand> sessions = [];
    private readonly Dictionary<Guid, VoicemailReceived> voicemails = [];

    /// <summary>What is in hand now.</summary>
    public IReadOnlyCollection<SessionInHand> Sessions => sessions.Values;

    /// <summary>Takes a session into view as it was at the offer, or later.</summary>
    public void Take(SessionInHand session) => sessions[session.SessionId] = session;

    /// <summary>Messages that wait, oldest first.</summary>
    public IEnumerable<VoicemailReceived> Voicemails => voicemails.Values.OrderBy(v => v.ReceivedAt);

    /// <summary>Takes a message into view that waits already: its arrival is not told again.</summary>
    public void Take(VoicemailReceived voicemail) => voicemails[voicemail.VoicemailId] = voicemail;

    /// <summary>What one event means to this agent, or null.</summary>
    public AdapterUpdate? Tell(StoredEvent stored) => stored.Data switch
    {
        AgentEvent e => TellOfAgent(stored, e),
        SessionEvent e => TellOfSession(stored, e),
        RecordingEvent e => TellOfRecording(stored, e),
        VoicemailReceived e => voicemails.TryAdd(e.VoicemailId, e) ? new VoicemailWaiting(stored.Position, stored.RecordedAt, e) : null,
        VoicemailTaken e => TellOfTaken(stored, e),
        _ => null,
    };

    private AdapterUpdate? TellOfAgent(StoredEvent stored, AgentEvent happened)
    {
        var (position, at) = (stored.Position, stored.RecordedAt);
        switch (happened)
        {
            case AgentReserved e:
                return sessions.TryGetValue(e.SessionId, out var offered) ? new Offered(position, at, offered) : null;
            case AgentTookOver e:
                return sessions.TryGetValue(e.SessionId, out var taken) ? new SessionChanged(position, at, taken, taken.Transcript) : null;
            case AgentReservationReleased e:
                sessions.Remove(e.SessionId);
                return new OfferClosed(position, at, e.SessionId, e.OfferId, e.Outcome);
            case AgentWrapUpStarted e:
                return new WrapUpBegan(position, at, e.SessionId, e.Until);
            case AgentFreed e:
                sessions.Remove(e.SessionId);
                return new WorkDone(position, at, e.SessionId);
            case AgentSignedIn or AgentMadeAvailable:
                return new PresenceChanged(position, at, Presence.Available, Reason: null);
            case AgentPaused e:
                return new PresenceChanged(position, at, Presence.Paused, e.Reason);
            case AgentSignedOut e:
                return new PresenceChanged(position, at, Presence.Offline, e.Reason);
            default:
                return null;
        }
    }

    private AdapterUpdate? TellOfSession(StoredEvent stored, SessionEvent happened)
    {
        if (!sessions.TryGetValue(stored.Stream.Id, out var before) || (before.HasLeft && happened is not TicketLinked))
            return null;
        var now = After(before, happened);
        sessions[now.SessionId] = Leaves(before, happened) ? now.Leave() : now;
        switch (happened)
        {
            case MessageSent message:
                return before.Status == SessionStatus.Connected ? new MessageArrived(stored.Position, stored.RecordedAt, message) : null;
            case SessionConnected:
                return new SessionChanged(stored.Position, stored.RecordedAt, now, now.Transcript);
            case OfferAccepted or SessionHeld or SessionResumed or SessionFlagged or TicketLinked or SessionTransferred or SessionReturned or SessionEnded
                or OutsideEvent or ConsultationEvent or SessionTakenOver or SupervisorJoined or SupervisorLeft:
                return new SessionChanged(stored.Position, stored.RecordedAt, now, []);
            default:
                return null;
        }
    }

    /// <summary>Who loses it to somebody else keeps the offer by which they had it, and so does whoever is consulted.</summary>
    private static SessionInHand After(SessionInHand before, SessionEvent happened) => happened switch
    {
        SessionTakenOver => before,
        ConsultationCompleted when !before.IsConsulted => before with { Consultation = before.Consultation?.HandedOver() },
        _ => before.Apply(happened),
    };

    private static bool Leaves(SessionInHand before, SessionEvent happened) => happened switch
    {
        SessionTransferred or SessionReturned or SessionTakenOver or TransferredOutside => true,
        ConsultationCompleted => !before.IsConsulted,
        ConsultationEnded => before.IsConsulted,
        _ => false,
    };

    private VoicemailGone TellOfTaken(StoredEvent stored, VoicemailTaken taken)
    {
        voicemails.Remove(taken.VoicemailId);
        return new VoicemailGone(stored.Position, stored.RecordedAt, taken);
    }

    private RecordingChanged? TellOfRecording(StoredEvent stored, RecordingEvent happened)
    {
        var (sessionId, state) = happened switch
        {
            RecordingStarted e => (e.SessionId, "recording"),
            RecordingPaused e => (e.SessionId, "paused"),
            RecordingResumed e => (e.SessionId, "recording"),
            RecordingStopped e => (e.SessionId, "stopped"),
            RecordingPauseForgotten e => (e.SessionId, "pause_forgotten"),
            _ => (Guid.Empty, string.Empty),
        };
        return sessions.TryGetValue(sessionId, out var session) && !session.HasLeft ? new RecordingChanged(stored.Position, stored.RecordedAt, sessionId, state) : null;
    }
}
