using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Monitoring;
using ContactCenter.Application.Outbox;
using ContactCenter.Application.Recordings;
using ContactCenter.Application.Voicemails;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Monitoring;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Media;

/// <summary>
/// What calls and their recordings ask of the media engine. The consumer's leg has the session's id, the agent's the
/// offer's, a virtual agent's its part's, a supervisor's the monitoring's, who is consulted the consultation's: a leg can be named from the event alone, and the leg of an earlier offer is never taken for a later one.
/// </summary>
public sealed class MediaEffects : IEffects
{
    /// <summary>The prompt whose end connects the parties, or null if nothing is played (NOT-1).</summary>
    public static Guid? LastPromptOf(Guid offerId, Preparation preparation) =>
        preparation.Countdown ? CountdownOf(offerId) : preparation.WhisperText is not null ? WhisperOf(offerId) : null;

    /// <summary>The message of a call that ends with it (AHD-4); a call has at most one.</summary>
    public static Guid AfterHoursPromptOf(Guid sessionId) => DerivedId.Of(sessionId, "after hours");

    /// <inheritdoc/>
    public IEnumerable<OutboxMessage> Of(NewEvent happened, DateTimeOffset now)
    {
        Guid Id(string purpose) => DerivedId.Of(happened.Id, purpose);
        return CommandsOf(happened, Id).Select(command => new OutboxMessage(
            command.Id, MediaKinds.Of(command), MediaKinds.KeyOf(command), OutboxJson.Write<object>(command), now));
    }

    private static IEnumerable<MediaCommand> CommandsOf(NewEvent happened, Func<string, Guid> id) => happened.Data switch
    {
        // Who chose an address or a number instead is not called.
        SessionRequested { Kind: SessionKind.Call, Choice: null or OptionKind.Voicemail } e =>
            [new PlaceLeg(id("consumer"), e.SessionId, e.SessionId, Party.Consumer, SpaceKind.Queue, e.Voice) { ScheduledCallId = e.ScheduledCallId }],
        SessionDeflected { Kind: SessionKind.Call, Route: Route.MessageOnly, Message: { } message } e =>
            [new PlayPrompt(AfterHoursPromptOf(e.SessionId), e.SessionId, SpaceKind.Queue, new Prompt(PromptKind.Message, message.Text, AudioId: message.AudioId))],
        SessionRedirected e => [new TransferOut(id("redirect"), e.SessionId, e.SessionId, e.PhoneNumber)],
        OfferAccepted { Kind: SessionKind.Call } e => Prepare(e, id),
        SessionConnected { Kind: SessionKind.Call } e =>
        [
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Conversation),
            new MoveLeg(id("agent"), e.SessionId, e.OfferId, SpaceKind.Conversation),
        ],
        // The session's kind is not in these; for a chat, and for an agent who has no leg yet, the engine does nothing.
        OfferFailed e => [new HangUpLeg(id("agent"), e.SessionId, e.OfferId)],
        SessionHeld e => [new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Hold)],
        SessionResumed e => [new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Conversation)],
        SessionTransferred { Kind: SessionKind.Call } e =>
        [
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Queue),
            new HangUpLeg(id("agent"), e.SessionId, e.FromOfferId),
        ],
        SessionReturned { Kind: SessionKind.Call } e =>
        [
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Queue),
            new HangUpLeg(id("agent"), e.SessionId, e.FromOfferId),
        ],
        // Its leg has the id of its part. Nothing is recorded before an agent is connected, so nothing of this either (REC-1).
        VirtualAgentJoined { Kind: SessionKind.Call } e =>
        [
            new PlaceLeg(id("virtual agent"), e.SessionId, e.VirtualAgentId, Party.VirtualAgent, SpaceKind.Conversation, Voice: null),
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Conversation),
        ],
        VirtualAgentLeft { Kind: SessionKind.Call } e =>
        [
            new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Queue),
            new HangUpLeg(id("virtual agent"), e.SessionId, e.VirtualAgentId),
        ],
        SessionTakenOver { Kind: SessionKind.Call } e =>
        [
            new HangUpLeg(id("agent before"), e.SessionId, e.FromOfferId),
            new PlaceLeg(id("agent"), e.SessionId, e.OfferId, Party.Agent, SpaceKind.Conversation, Voice: null),
        ],
        // Where they left by themselves, their monitoring says so too.
        SupervisorLeft { Kind: SessionKind.Call, Reason: SessionDecider.AgentLeft } e => [new HangUpLeg(id("supervisor"), e.SessionId, e.MonitorId)],
        OutsideEvent e => PartyMedia.CommandsOf(e, id),
        ConsultationEvent e => PartyMedia.CommandsOf(e, id),
        MonitorEvent e => MonitorMedia.CommandsOf(e, id),
        SessionEnded { Kind: SessionKind.Call } e => [new ReleaseCall(id("release"), e.SessionId) { At = e.EndedAt }],
        RecordingAnnounced e => RecordingMedia.CommandsOf(e, id),
        SessionVoicemailStarted e => [new MoveLeg(id("consumer"), e.SessionId, e.SessionId, SpaceKind.Voicemail)],
        VoicemailEvent e => VoicemailMedia.CommandsOf(e, id),
        RecordingStarted { Space: RecordedSpace.Voicemail } e => [Begun(e, id)],
        RecordingStarted e =>
        [
            new PlayPrompt(id("tone"), e.SessionId, SpaceKind.Conversation, new Prompt(PromptKind.RecordingTone, Text: null)),
            Begun(e, id),
        ],
        RecordingPaused e =>
        [
            new StopSegment(id("segment"), e.SessionId, e.RecordingId, e.Segment) { At = e.PausedAt },
            new StoreSegment(id("stored segment"), e.SessionId, e.RecordingId, e.Segment) { At = e.PausedAt },
        ],
        RecordingResumed e => [new StartSegment(id("segment"), e.SessionId, e.RecordingId, e.Segment, SpaceOf(e.Space)) { At = e.ResumedAt }],
        _ => [],
    };

    private static StartSegment Begun(RecordingStarted e, Func<string, Guid> id) =>
        new(id("segment"), e.SessionId, e.RecordingId, Segment: 1, SpaceOf(e.Space)) { At = e.StartedAt };

    private static SpaceKind SpaceOf(RecordedSpace space) => space == RecordedSpace.Voicemail ? SpaceKind.Voicemail : SpaceKind.Conversation;

    private static IEnumerable<MediaCommand> Prepare(OfferAccepted e, Func<string, Guid> id)
    {
        var (session, preparation) = (e.SessionId, e.Preparation);
        yield return new PlaceLeg(
            id("agent"), session, e.OfferId, Party.Agent, preparation.IsNone() ? SpaceKind.Conversation : SpaceKind.Preparation, Voice: null);
        if (preparation.WhisperText is { } text)
            yield return new PlayPrompt(WhisperOf(e.OfferId), session, SpaceKind.Preparation, new Prompt(PromptKind.Whisper, text, preparation.Speed));
        if (preparation.Countdown)
            yield return new PlayPrompt(CountdownOf(e.OfferId), session, SpaceKind.Preparation, new Prompt(PromptKind.Countdown, Text: null, preparation.Speed));
    }

    private static Guid WhisperOf(Guid offerId) => DerivedId.Of(offerId, "whisper");

    private static Guid CountdownOf(Guid offerId) => DerivedId.Of(offerId, "countdown");
}
