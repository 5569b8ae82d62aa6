using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Voicemails;

/// <summary>
/// The rules of a message that a caller leaves (AHD-3, AHD-4, AHD-8, AHD-10): nothing before the tone is in it, one takes
/// care of it, and an empty one is none. A repeat of something done gives no events.
/// </summary>
public static class VoicemailDecider
{
    /// <summary>How often a caller is asked for a number; then the message is taken without one.</summary>
    public const int MaxAttempts = 2;

    /// <summary>The shortest number that can be called back, in digits with its country code, as everywhere here.</summary>
    public const int MinDigits = 7;

    /// <summary>The most keys of a number: the longest of E.164, with the two zeros before it that stand for the plus.</summary>
    public const int MaxDigits = 17;

    /// <summary>Who fetches the rest of a message within this time of its beginning still listens to it.</summary>
    public static readonly TimeSpan OneListening = RecordingDecider.OneListening;

    /// <summary>The longest transcript, in characters.</summary>
    public const int MaxTranscript = 20_000;

    /// <summary>A call turned to leaving a message, in the same write.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="s">The call.</param>
    /// <param name="queue">The queue chosen.</param>
    /// <param name="words">What the caller hears.</param>
    /// <param name="number">The number they call from, or null.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Start(Voicemail v, Session s, Queue queue, VoicemailWords words, string? number, DateTimeOffset now)
    {
        if (v.Status != VoicemailStatus.None || s.Status != SessionStatus.LeavingMessage)
            return Decision<VoicemailEvent>.Nothing;

        var crmOnly = queue.ParentId is null && queue.Members.IsEmpty;
        var started = new VoicemailStarted(s.Id, s.ConsumerId, queue.Id, s.PathOf(queue), s.Deflection is not null, crmOnly, words, now);
        if (number is not null)
            return Decision<VoicemailEvent>.Happens(started, new VoicemailNumberGiven(s.Id, s.ConsumerId, new PersonalText(number), now), Greet(s.Id, now, words.Greeting));
        if (words.AskNumber is null)
            return Decision<VoicemailEvent>.Happens(started, Greet(s.Id, now, words.Greeting));
        // Only on the telephone a number can be hidden; apps have none to begin with.
        var blocked = s.Channel == Channel.Ivr ? words.NumberBlocked : null;
        return Decision<VoicemailEvent>.Happens(started, new VoicemailNumberAsked(s.Id, Attempt: 1, Heard(blocked, words.AskNumber), now));
    }

    /// <summary>
    /// Keys came that an entrance saw itself, one or many at a time: <c>#</c>, or as many as a number has at most, end the
    /// answer. Keys that nobody asked for do nothing.
    /// </summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="before">Those that came before in answer to the same question.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> PressKeys(Voicemail v, string before, string keys, DateTimeOffset now)
    {
        if (v.Status == VoicemailStatus.None)
            return VoicemailErrors.NotFound;
        if (v.Status != VoicemailStatus.AskingNumber)
            return Decision<VoicemailEvent>.Nothing;
        var end = keys.IndexOf('#', StringComparison.Ordinal);
        var digits = before + (end < 0 ? keys : keys[..end]);
        return end >= 0 || digits.Length >= MaxDigits
            ? Take(v, digits, now)
            : new VoicemailKeysPressed(v.Id, v.ConsumerId, v.Attempt, new PersonalText(keys), v.KeyPresses + 1, now);
    }

    /// <summary>The media engine collected keys, or the time for them ran out. An answer to another question than the open one does nothing.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="attempt">Which question it answers.</param>
    /// <param name="presses">How often keys had come when it began to wait.</param>
    /// <param name="digits">All digits of the answer; empty if there were none.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> EnterNumber(Voicemail v, int attempt, int presses, string digits, DateTimeOffset now)
    {
        if (v.Status == VoicemailStatus.None)
            return VoicemailErrors.NotFound;
        return v.Status == VoicemailStatus.AskingNumber && (attempt, presses) == (v.Attempt, v.KeyPresses)
            ? Take(v, digits, now)
            : Decision<VoicemailEvent>.Nothing;
    }

    private static Decision<VoicemailEvent> Take(Voicemail v, string digits, DateTimeOffset now)
    {
        if (NumberOf(digits) is { } number)
        {
            return Decision<VoicemailEvent>.Happens(
                new VoicemailNumberGiven(v.Id, v.ConsumerId, new PersonalText(number), now), Greet(v.Id, now, v.Words.NumberEntered, v.Words.Greeting));
        }

        return v.Attempt < MaxAttempts
            ? new VoicemailNumberAsked(v.Id, v.Attempt + 1, Heard(v.Words.AskNumber), now)
            : Greet(v.Id, now, v.Words.Greeting);
    }

    /// <summary>The tone was heard to its end.</summary>
    public static Decision<VoicemailEvent> BeginRecording(Voicemail v, DateTimeOffset now) => v.Status switch
    {
        VoicemailStatus.None => VoicemailErrors.NotFound,
        VoicemailStatus.Greeting => new VoicemailRecordingBegun(v.Id, now, now + Voicemail.MaxLength),
        _ => Decision<VoicemailEvent>.Nothing,
    };

    /// <summary>Whether these keys end the message: <c>#</c> while it is recorded.</summary>
    public static bool EndsMessage(Voicemail v, string keys) => v.Status == VoicemailStatus.Recording && keys.Contains('#', StringComparison.Ordinal);

    /// <summary>Whether the message is over: the engine heard its end, or it is as long as it may be.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="atLimit">True for the timer, which fires whatever happened since.</param>
    /// <param name="now">The time.</param>
    public static bool IsOver(Voicemail v, bool atLimit, DateTimeOffset now) => v.Status == VoicemailStatus.Recording && (!atLimit || now >= v.Until);

    /// <summary>Whether greeting or question take longer than they ever do, so that nobody will say that they are over.</summary>
    public static bool IsOverdue(Voicemail v, DateTimeOffset now) =>
        v.Status is VoicemailStatus.AskingNumber or VoicemailStatus.Greeting && now >= v.StepAt + Voicemail.LongestStep;

    /// <summary>The call is over. A message whose recording began is delivered once it is stored.</summary>
    public static Decision<VoicemailEvent> HangUp(Voicemail v, DateTimeOffset now) =>
        v.Status is VoicemailStatus.AskingNumber or VoicemailStatus.Greeting ? new VoicemailDiscarded(v.Id, now) : Decision<VoicemailEvent>.Nothing;

    /// <summary>The recording is whole in storage: the message goes to the queue's agents.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="seconds">How long it is; 0 if nothing was said.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Deliver(Voicemail v, double seconds, DateTimeOffset now)
    {
        if (v.Status == VoicemailStatus.None)
            return VoicemailErrors.NotFound;
        if (v.Status != VoicemailStatus.Recording)
            return Decision<VoicemailEvent>.Nothing;
        if (seconds <= 0)
            return new VoicemailDiscarded(v.Id, now);
        var left = new VoicemailLeft(v.Id, seconds, now);
        return v.CrmOnly ? left : Decision<VoicemailEvent>.Happens(left, new VoicemailAssigned(v.Id, v.QueueId, now));
    }

    /// <summary>The recording is destroyed. If it was not whole by then, there will be no message.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="wasWhole">Whether the recording was: then the message is delivered, or is on its way.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Lose(Voicemail v, bool wasWhole, DateTimeOffset now) =>
        v.Status == VoicemailStatus.Recording && !wasWhole ? new VoicemailDiscarded(v.Id, now) : Decision<VoicemailEvent>.Nothing;

    /// <summary>Somebody takes care of it. Who comes second finds it done.</summary>
    public static Decision<VoicemailEvent> Read(Voicemail v, Guid by, DateTimeOffset now) => v.Status switch
    {
        VoicemailStatus.None => VoicemailErrors.NotFound,
        VoicemailStatus.Unread => new VoicemailRead(v.Id, by, now),
        VoicemailStatus.Read => Decision<VoicemailEvent>.Nothing,
        VoicemailStatus.Left => VoicemailErrors.CrmOnly,
        _ => VoicemailErrors.NotLeft,
    };

    /// <summary>An add-on wrote down what was said, 1 to 20,000 characters. One transcript; the same again is the same.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="text">What was said.</param>
    /// <param name="known">What was written down before, if anything was.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Transcribe(Voicemail v, string text, PersonalText? known, DateTimeOffset now)
    {
        if (v.Status == VoicemailStatus.None)
            return VoicemailErrors.NotFound;
        if (!v.IsLeft)
            return VoicemailErrors.NotLeft;
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxTranscript)
            return ValidationError.Field("text", "Must have 1 to 20,000 characters.");
        if (v.HasTranscript)
            return string.Equals(known?.Value, text, StringComparison.Ordinal) ? Decision<VoicemailEvent>.Nothing : VoicemailErrors.Transcribed;
        return new VoicemailTranscribed(v.Id, v.ConsumerId, new PersonalText(text), now);
    }

    /// <summary>The same, of what has no times: of a message with gaps nobody can tell what of it was recorded.</summary>
    public static Decision<VoicemailEvent> Transcribe(Voicemail v, Recording recording, string text, PersonalText? known, DateTimeOffset now) =>
        v.IsLeft && recording.HasGaps ? VoicemailErrors.HasGaps : Transcribe(v, text, known, now);

    /// <summary>The same, line by line: what was said while nothing was recorded is redacted, as in a call (REC-13).</summary>
    public static Decision<VoicemailEvent> Transcribe(
        Voicemail v, IReadOnlyList<SpokenLine> lines, IReadOnlyList<RecordedStretch> recorded, PersonalText? known, DateTimeOffset now) =>
        SpokenText.WhyNot(lines) is { } impossible ? impossible : Transcribe(v, SpokenText.Render(lines, recorded), known, now);

    /// <summary>
    /// Somebody plays it: told of each time (REC-12). Players fetch in pieces: a piece that is not the beginning belongs to the
    /// listening that began before, if one did.
    /// </summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="place">Where its audio is.</param>
    /// <param name="fromStart">Whether the beginning is asked for.</param>
    /// <param name="by">Who.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Play(Voicemail v, MessagePlace place, bool fromStart, Guid by, DateTimeOffset now)
    {
        if (v.Status is VoicemailStatus.None or VoicemailStatus.Discarded)
            return VoicemailErrors.NotFound;
        if (!v.IsLeft || place == MessagePlace.OnItsWay)
            return VoicemailErrors.NotReady;
        if (place == MessagePlace.Elsewhere)
            return VoicemailErrors.Elsewhere;
        if (place == MessagePlace.Gone)
            return VoicemailErrors.Gone;
        var isListening = v.PlayedAt.TryGetValue(by, out var began) && now < began + OneListening;
        return fromStart || !isListening ? new VoicemailPlayed(v.Id, by, now) : Decision<VoicemailEvent>.Nothing;
    }

    private static VoicemailGreeted Greet(Guid id, DateTimeOffset now, params Message?[] words) => new(id, Heard(words), now);

    private static IReadOnlyList<Message> Heard(params Message?[] words) => [.. words.OfType<Message>()];

    /// <summary>
    /// What was keyed in as E.164: two zeros and a country code come first. Null for anything else: from where a shorter
    /// number was called nobody here knows.
    /// </summary>
    private static string? NumberOf(string digits) =>
        digits.Length is >= MinDigits + 2 and <= MaxDigits && digits.All(char.IsAsciiDigit) && digits is ['0', '0', not '0', ..] ? $"+{digits[2..]}" : null;
}
