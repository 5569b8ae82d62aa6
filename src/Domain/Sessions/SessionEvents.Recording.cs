using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Sessions;

/// <summary>The waiting caller is told that the call may be recorded, and asked if they must be (REC-2, REC-3).</summary>
/// <param name="SessionId">The call.</param>
/// <param name="Greeting">What they hear, or null.</param>
/// <param name="Question">What they are asked, or null: they answered before, or need not be asked.</param>
/// <param name="AnnouncedAt">When.</param>
[EventType("session.recording_announced.v1")]
public sealed record RecordingAnnounced(Guid SessionId, Message? Greeting, Message? Question, DateTimeOffset AnnouncedAt) : SessionEvent;

/// <summary>The consumer said whether they want to be recorded (REC-3). The last word counts.</summary>
/// <param name="SessionId">The call.</param>
/// <param name="Consent">Granted or denied.</param>
/// <param name="Source">Stable word: <c>keys</c>, <c>sdk</c>.</param>
/// <param name="AnsweredAt">When.</param>
[EventType("session.recording_consent_answered.v1")]
public sealed record RecordingConsentAnswered(Guid SessionId, RecordingConsent Consent, string Source, DateTimeOffset AnsweredAt) : SessionEvent;
