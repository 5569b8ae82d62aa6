using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Sessions;

/// <content>Being recorded: who is told, who is asked, and who may pause it.</content>
public static partial class SessionDecider
{
    /// <summary>Why there is nothing to listen to (MON-2), or null: only calls, and only while an agent is in them.</summary>
    public static DomainError? WhyNotHeard(Session s) =>
        WhyNotLive(s) ?? (s.Kind != SessionKind.Call ? SessionErrors.NotACall : WhyNotConnected(s));

    /// <summary>Why this agent may not pause or resume the recording of this call now, or null (REC-4).</summary>
    public static DomainError? WhyNotRecordedBy(Session s, Guid agentId) => WhyNotInCall(s, agentId);

    /// <summary>
    /// Who calls and waits for an agent is told once that the call may be recorded, and asked where that needs an answer
    /// that nobody has given. Whom the contact center calls, the agent tells (REC-2, REC-3).
    /// </summary>
    /// <param name="s">The session.</param>
    /// <param name="greeting">What is to be heard.</param>
    /// <param name="question">What there is to be asked, or null.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> AnnounceRecording(Session s, Message greeting, Message? question, DateTimeOffset now)
    {
        var isToBeTold = s is { Kind: SessionKind.Call, Status: SessionStatus.Queued, ScheduledCallId: null, IsRecordingAnnounced: false, Recording.Enabled: true }
            && s.Consent != RecordingConsent.Denied;
        if (!isToBeTold)
            return Decision<SessionEvent>.Nothing;
        var asked = s.Consent == RecordingConsent.NotAsked && s.Recording.Consent != ConsentMode.None ? question : null;
        return new RecordingAnnounced(s.Id, greeting, asked, now);
    }

    /// <summary>The consumer says whether they want to be recorded; they may change their mind until the end (REC-3).</summary>
    /// <param name="s">The session.</param>
    /// <param name="consent">Granted or denied.</param>
    /// <param name="source">Stable word for how they said so.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> AnswerRecordingConsent(Session s, RecordingConsent consent, string source, DateTimeOffset now)
    {
        if (WhyNotLive(s) is { } refusal)
            return refusal;
        if (s.Kind != SessionKind.Call)
            return SessionErrors.NotACall;
        if (consent is not (RecordingConsent.Granted or RecordingConsent.Denied))
            return ValidationError.Field("consent", "Must be granted or denied.");
        return s.Consent == consent ? Decision<SessionEvent>.Nothing : new RecordingConsentAnswered(s.Id, consent, source, now);
    }
}
