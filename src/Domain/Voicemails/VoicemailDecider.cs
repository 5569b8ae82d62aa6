using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
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

    /// <summary>The shortest number that can be called back, in digits.</summary>
    public const int MinDigits = 6;

    /// <summary>The longest, as in E.164, with the two zeros that may stand before it.</summary>
    public const int MaxDigits = 17;

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
        var started = new VoicemailStarted(s.Id, s.ConsumerId, queue.Id, queue.Path, s.Deflection is not null, crmOnly, words, now);
        // Who comes through an app is known to it; only on the telephone a number can be hidden.
        if (number is not null)
            return Decision<VoicemailEvent>.Happens(started, new VoicemailNumberGiven(s.Id, s.ConsumerId, new PersonalText(number), now), Greet(s.Id, now, words.Greeting));
        return s.Channel == Channel.Ivr && words.AskNumber is not null
            ? Decision<VoicemailEvent>.Happens(started, new VoicemailNumberAsked(s.Id, Attempt: 1, Heard(words.NumberBlocked, words.AskNumber), now))
            : Decision<VoicemailEvent>.Happens(started, Greet(s.Id, now, words.Greeting));
    }

    /// <summary>Keys were pressed, or the time for it ran out. Keys that nobody asked for do nothing.</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="attempt">Which question they answer, or null for the one that is open.</param>
    /// <param name="digits">The digits; empty if there were none.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> EnterNumber(Voicemail v, int? attempt, string digits, DateTimeOffset now)
    {
        if (v.Status == VoicemailStatus.None)
            return VoicemailErrors.NotFound;
        if (v.Status != VoicemailStatus.AskingNumber || (attempt ?? v.Attempt) != v.Attempt)
            return Decision<VoicemailEvent>.Nothing;
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

    /// <summary>Whether the message is as long as it may be.</summary>
    public static bool IsAtLimit(Voicemail v, DateTimeOffset now) => v.Status == VoicemailStatus.Recording && now >= v.Until;

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

    /// <summary>Somebody plays it: told of each time (REC-12).</summary>
    /// <param name="v">The voicemail.</param>
    /// <param name="isAttached">Whether its ticket holds it; what waits here nobody can open (REC-10).</param>
    /// <param name="by">Who.</param>
    /// <param name="now">The time.</param>
    public static Decision<VoicemailEvent> Play(Voicemail v, bool isAttached, Guid by, DateTimeOffset now)
    {
        if (v.Status is VoicemailStatus.None or VoicemailStatus.Discarded)
            return VoicemailErrors.NotFound;
        return v.IsLeft && isAttached ? new VoicemailPlayed(v.Id, by, now) : VoicemailErrors.NotReady;
    }

    private static VoicemailGreeted Greet(Guid id, DateTimeOffset now, params Message?[] words) => new(id, Heard(words), now);

    private static IReadOnlyList<Message> Heard(params Message?[] words) => [.. words.OfType<Message>()];

    /// <summary>What was keyed in as it is called back: two zeros before it are a plus. Null if it can be no number.</summary>
    private static string? NumberOf(string digits)
    {
        if (digits.Length is < MinDigits or > MaxDigits || !digits.All(char.IsAsciiDigit))
            return null;
        return digits.StartsWith("00", StringComparison.Ordinal) ? $"+{digits[2..]}" : digits;
    }
}
