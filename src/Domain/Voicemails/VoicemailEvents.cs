using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Voicemails;

/// <summary>
/// A fact about a message that a caller leaves (AHD-10). Stream <c>voicemail-{id}</c>; a call leaves at most one, so it
/// has its session's id. Audio is never an event: the message itself is the session's recording.
/// </summary>
public abstract record VoicemailEvent : IDomainEvent
{
    private protected VoicemailEvent()
    {
    }
}

/// <summary>What the caller hears before the tone, in their language; null where the center has no such message (AHD-8).</summary>
/// <param name="Greeting">The queue's own, or the center's.</param>
/// <param name="NumberBlocked">The caller's number is hidden.</param>
/// <param name="AskNumber">Asks the caller to key in a number.</param>
/// <param name="NumberEntered">The number keyed in is taken.</param>
public sealed record VoicemailWords(Message? Greeting, Message? NumberBlocked, Message? AskNumber, Message? NumberEntered);

/// <summary>A caller is about to leave a message, in the same write as the session's turn to it.</summary>
/// <param name="VoicemailId">The voicemail, and its session.</param>
/// <param name="ConsumerId">Who calls.</param>
/// <param name="QueueId">The queue chosen: its agents get the message.</param>
/// <param name="QueuePath">Its menu path at that moment.</param>
/// <param name="FromDeflection">Whether the call was deflected here outside the hours (AHD-4).</param>
/// <param name="CrmOnly">Whether it is in the CRM and nowhere else: a top-level queue without agents (AHD-4).</param>
/// <param name="Words">What the caller hears.</param>
/// <param name="StartedAt">When.</param>
[EventType("voicemail.started.v1")]
public sealed record VoicemailStarted(
    Guid VoicemailId, Guid ConsumerId, Guid QueueId, IReadOnlyList<string> QueuePath, bool FromDeflection, bool CrmOnly, VoicemailWords Words, DateTimeOffset StartedAt)
    : VoicemailEvent;

/// <summary>The caller, whose number is not known, is asked to key one in (AHD-8).</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Attempt">1 or 2.</param>
/// <param name="Played">What they hear first, in order.</param>
/// <param name="AskedAt">When.</param>
[EventType("voicemail.number_asked.v1")]
public sealed record VoicemailNumberAsked(Guid VoicemailId, int Attempt, IReadOnlyList<Message> Played, DateTimeOffset AskedAt) : VoicemailEvent;

/// <summary>Keys came that are a part of the answer: an app sends them as they are pressed. The rest follows, or the time for it runs out.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="ConsumerId">Who calls, with whose key they are encrypted.</param>
/// <param name="Attempt">Which question they answer.</param>
/// <param name="Keys">The keys of this time.</param>
/// <param name="Number">How often keys came in answer to this question, from 1.</param>
/// <param name="PressedAt">When.</param>
[EventType("voicemail.keys_pressed.v1")]
public sealed record VoicemailKeysPressed(
    Guid VoicemailId, Guid ConsumerId, int Attempt, PersonalText Keys, int Number, DateTimeOffset PressedAt) : VoicemailEvent, IPersonalDataEvent;

/// <summary>The number to call back, E.164: keyed in, or the one they call from.</summary>
[EventType("voicemail.number_given.v1")]
public sealed record VoicemailNumberGiven(Guid VoicemailId, Guid ConsumerId, PersonalText Number, DateTimeOffset GivenAt) : VoicemailEvent, IPersonalDataEvent;

/// <summary>The caller hears the greeting, then the tone; what they say after it is recorded.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Played">What they hear before the tone, in order.</param>
/// <param name="GreetedAt">When.</param>
[EventType("voicemail.greeted.v1")]
public sealed record VoicemailGreeted(Guid VoicemailId, IReadOnlyList<Message> Played, DateTimeOffset GreetedAt) : VoicemailEvent;

/// <summary>The tone was heard: recording begins, in the same write as the recording's own start.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="BegunAt">When.</param>
/// <param name="Until">The message ends then at the latest.</param>
[EventType("voicemail.recording_begun.v1")]
public sealed record VoicemailRecordingBegun(Guid VoicemailId, DateTimeOffset BegunAt, DateTimeOffset Until) : VoicemailEvent;

/// <summary>The message is whole in storage, on its way to the ticket.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="LeftAt">When.</param>
[EventType("voicemail.left.v1")]
public sealed record VoicemailLeft(Guid VoicemailId, double Seconds, DateTimeOffset LeftAt) : VoicemailEvent;

/// <summary>
/// Nothing was said after the tone, the caller went before it, or the recording was destroyed before it was whole: there is
/// no message.
/// </summary>
[EventType("voicemail.discarded.v1")]
public sealed record VoicemailDiscarded(Guid VoicemailId, DateTimeOffset DiscardedAt) : VoicemailEvent;

/// <summary>The message is there for the agents of a queue: those of today and those who come.</summary>
[EventType("voicemail.assigned.v1")]
public sealed record VoicemailAssigned(Guid VoicemailId, Guid QueueId, DateTimeOffset AssignedAt) : VoicemailEvent;

/// <summary>Somebody took care of it; for the others it is read.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="ReadBy">The user, or the API key.</param>
/// <param name="ReadAt">When.</param>
[EventType("voicemail.read.v1")]
public sealed record VoicemailRead(Guid VoicemailId, Guid ReadBy, DateTimeOffset ReadAt) : VoicemailEvent;

/// <summary>An add-on wrote down what was said (AHD-10, REC-13); kept with the ticket.</summary>
[EventType("voicemail.transcribed.v1")]
public sealed record VoicemailTranscribed(Guid VoicemailId, Guid ConsumerId, PersonalText Text, DateTimeOffset TranscribedAt) : VoicemailEvent, IPersonalDataEvent;

/// <summary>Somebody played the message (REC-12): once for one listening, however many pieces it is fetched in.</summary>
/// <param name="VoicemailId">The voicemail.</param>
/// <param name="PlayedBy">The user, or the API key.</param>
/// <param name="PlayedAt">When.</param>
[EventType("voicemail.played.v1")]
public sealed record VoicemailPlayed(Guid VoicemailId, Guid PlayedBy, DateTimeOffset PlayedAt) : VoicemailEvent;
