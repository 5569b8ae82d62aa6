using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Recordings;

namespace ContactCenter.Domain.Sessions;

/// <content>What an add-on wrote down of a session that is over (REC-13): late facts.</content>
public static partial class SessionDecider
{
    /// <summary>What was said in a call; only what may be recorded is written down. The same again changes nothing.</summary>
    /// <param name="s">The call, over.</param>
    /// <param name="lines">What was said.</param>
    /// <param name="recorded">While what was recorded.</param>
    /// <param name="known">The transcript so far, or null.</param>
    /// <param name="now">The time.</param>
    public static Decision<SessionEvent> Transcribe(
        Session s, IReadOnlyList<SpokenLine> lines, IReadOnlyList<RecordedStretch> recorded, string? known, DateTimeOffset now)
    {
        if (s.Status != SessionStatus.None && s.Kind != SessionKind.Call)
            return SessionErrors.NotACall;
        if (WhyNotWrittenDown(s, recorded) is { } refusal)
            return refusal;
        if (SpokenText.WhyNot(lines) is { } impossible)
            return impossible;
        var text = SpokenText.Render(lines, recorded);
        return string.Equals(text, known, StringComparison.Ordinal)
            ? Decision<SessionEvent>.Nothing
            : new SessionTranscribed(s.Id, s.ConsumerId, new PersonalText(text), now);
    }

    /// <summary>What a session was about, in short. The same again changes nothing.</summary>
    public static Decision<SessionEvent> Summarize(Session s, string text, IReadOnlyList<RecordedStretch> recorded, string? known, DateTimeOffset now)
    {
        if (WhyNotWrittenDown(s, recorded) is { } refusal)
            return refusal;
        return string.Equals(text, known, StringComparison.Ordinal)
            ? Decision<SessionEvent>.Nothing
            : new SessionSummarized(s.Id, s.ConsumerId, new PersonalText(text), now);
    }

    private static DomainError? WhyNotWrittenDown(Session s, IReadOnlyList<RecordedStretch> recorded) => s switch
    {
        { Status: SessionStatus.None } => SessionErrors.NotFound,
        { Status: not SessionStatus.Ended } => SessionErrors.NotEnded,
        { Kind: SessionKind.Call } when recorded.Count == 0 => SessionErrors.NotRecorded,
        _ => null,
    };
}
