using System.Text.Json.Serialization;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Media;

/// <summary>
/// The one port to real or simulated audio. It knows legs and spaces, not SIP: a leg is one party's audio, a space
/// is a room in which legs hear each other. Only a <see cref="SpaceKind.Conversation"/> or
/// <see cref="SpaceKind.Voicemail"/> space can record, so hold, queue and consultation are absent from every
/// recording by construction (REC-1). Every adapter passes <c>MediaEngineContract</c> in the tests.
/// </summary>
public interface IMediaEngine
{
    /// <summary>The adapter's name, shown in health and on everything it makes: <c>simulated</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Carries out one command. Idempotent by <see cref="MediaCommand.Id"/>; a command about a session or leg that is
    /// gone does nothing. Called only after the event that asks for it is committed.
    /// </summary>
    Task ExecuteAsync(MediaCommand command, CancellationToken cancellationToken);

    /// <summary>
    /// What the conversation of a session sounds like, live, mixed, without being part of it: no leg can tell
    /// (MON-3). Ends with the session. A slow reader loses frames, and never delays the call (MON-8).
    /// </summary>
    IAsyncEnumerable<AudioFrame> ListenAsync(Guid sessionId, CancellationToken cancellationToken);

    /// <summary>True while the engine has a leg of this call; false before its first, after its release, and after its loss.</summary>
    bool Knows(Guid sessionId);
}

/// <summary>20 ms of audio: 160 samples, PCM 16 bit little-endian, mono, 8 kHz.</summary>
/// <param name="Sequence">Counts the session's frames from 0; a gap says frames were lost to this reader.</param>
/// <param name="Timestamp">Since the session's first frame.</param>
/// <param name="Pcm">320 bytes.</param>
public readonly record struct AudioFrame(long Sequence, TimeSpan Timestamp, ReadOnlyMemory<byte> Pcm);

/// <summary>What a space is for; decides who hears whom, what plays, and whether it may record.</summary>
public enum SpaceKind
{
    /// <summary>The consumer waits and hears music.</summary>
    Queue,

    /// <summary>The agent alone hears whisper and countdown (NOT-1).</summary>
    Preparation,

    /// <summary>Consumer and agents hear each other; may record.</summary>
    Conversation,

    /// <summary>The consumer hears music; nobody hears the consumer.</summary>
    Hold,

    /// <summary>An agent and whoever they consult before a warm transfer hear each other; never recorded.</summary>
    Consultation,

    /// <summary>The consumer leaves a message; may record.</summary>
    Voicemail,

    /// <summary>
    /// A supervisor hears the conversation and is heard by its agents alone; never recorded, and not heard by those who
    /// listen (MON-5).
    /// </summary>
    Coaching,
}

/// <summary>Whose audio a leg is.</summary>
public enum Party
{
    /// <summary>The consumer.</summary>
    Consumer,

    /// <summary>An agent.</summary>
    Agent,

    /// <summary>A supervisor who speaks: to the agent alone, or as a visible participant (MON-5).</summary>
    Supervisor,

    /// <summary>A virtual agent; what gives it a voice and ears is the engine's.</summary>
    VirtualAgent,

    /// <summary>Somebody on a telephone number outside.</summary>
    Outside,
}

/// <summary>A command to the media engine.</summary>
/// <param name="Id">Idempotency id, the outbox message's id.</param>
/// <param name="SessionId">The call.</param>
public abstract record MediaCommand(Guid Id, Guid SessionId);

/// <summary>
/// Connect a party and put it into a space. Reports <see cref="LegAnswered"/> or <see cref="LegEnded"/>. A leg that is there
/// already stays as and where it is.
/// </summary>
/// <param name="Id">Idempotency id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">The new leg.</param>
/// <param name="Party">Whose audio.</param>
/// <param name="Space">Where it starts.</param>
/// <param name="Voice">Simulated engines only: what the party says; a WAV file's name under the engine's voices
/// folder, <c>tone:</c> and a frequency in Hz, or null for a tone of the party's own; for a
/// party who is called also <c>line:</c> and the cause with which nobody answers.</param>
public sealed record PlaceLeg(Guid Id, Guid SessionId, Guid LegId, Party Party, SpaceKind Space, string? Voice) : MediaCommand(Id, SessionId)
{
    /// <summary>The booked call for which the party is called, or null for one who called.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ScheduledCallId { get; init; }

    /// <summary>The agent who is called on their own number, or null for one in a browser.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Guid? ForwardedAgentId { get; init; }

    /// <summary>
    /// Where the party is called, E.164; null for one who called. Never written down: it is looked up when the command goes
    /// out. The engine lets it ring for at most a minute, then reports <c>no_answer</c>.
    /// </summary>
    [JsonIgnore]
    public string? PhoneNumber { get; init; }

    /// <summary>Never the number, so that it cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(PlaceLeg)}({SessionId}, {LegId}, {Party})";
}

/// <summary>Move a leg into another space of the same call.</summary>
public sealed record MoveLeg(Guid Id, Guid SessionId, Guid LegId, SpaceKind Space) : MediaCommand(Id, SessionId);

/// <summary>Play a prompt to a space. Reports <see cref="PromptFinished"/>.</summary>
/// <param name="Id">Idempotency id; the fact names it.</param>
/// <param name="SessionId">The call.</param>
/// <param name="Space">Who hears it.</param>
/// <param name="Prompt">What is said or played.</param>
public sealed record PlayPrompt(Guid Id, Guid SessionId, SpaceKind Space, Prompt Prompt) : MediaCommand(Id, SessionId);

/// <summary>Something to be heard.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">For speech: what is said.</param>
/// <param name="Speed">1 is normal; 0.5 to 2.</param>
/// <param name="AudioId">Uploaded audio that is played instead of speech, or null.</param>
public sealed record Prompt(PromptKind Kind, string? Text, double Speed = 1, Guid? AudioId = null)
{
    /// <summary>What <see cref="AudioId"/> names, put in when the command is handed to the engine; in no message.</summary>
    [JsonIgnore]
    public PromptAudio? Audio { get; init; }
}

/// <summary>An uploaded recording that is played (AHD-8).</summary>
/// <param name="Content">The file.</param>
/// <param name="Format">How it is encoded.</param>
/// <param name="DurationSeconds">How long it plays.</param>
public sealed record PromptAudio(ReadOnlyMemory<byte> Content, AudioFormat Format, double DurationSeconds);

/// <summary>Kinds of prompts.</summary>
public enum PromptKind
{
    /// <summary>The whisper announcement to the agent (NOT-1).</summary>
    Whisper,

    /// <summary>"Your turn: the call starts in 3, 2, 1" (NOT-1).</summary>
    Countdown,

    /// <summary>The tone that tells both sides that recording begins (REC-2).</summary>
    RecordingTone,

    /// <summary>A greeting or message to the consumer.</summary>
    Message,
}

/// <summary>
/// Begin a recording segment of a conversation or voicemail space; any other is refused with
/// <see cref="ArgumentException"/>. Everything before it is not in it, nor is anything said while the consumer is not in
/// the space. A segment number is used once.
/// </summary>
public sealed record StartSegment(Guid Id, Guid SessionId, Guid RecordingId, int Segment, SpaceKind Space) : MediaCommand(Id, SessionId)
{
    /// <summary>The instant from which it is recorded; null: from when the command comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }
}

/// <summary>
/// End a segment: cut at the sample of <see cref="At"/>, however late the command comes. What is said after that instant is
/// on no disk either, for none is given audio of a time for which an end may be on its way (<see cref="IMediaBacklog"/>). Does
/// not wait for the disk, so that what the call is asked next does not either; <see cref="StoreSegment"/> does.
/// </summary>
public sealed record StopSegment(Guid Id, Guid SessionId, Guid RecordingId, int Segment) : MediaCommand(Id, SessionId)
{
    /// <summary>The instant from which nothing is recorded; null: from when the command comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }
}

/// <summary>
/// See a segment into storage: ends it, if it is not ended, and returns once it is whole there and
/// <see cref="SegmentClosed"/> is reported, so that a crash in between only means it is asked again. While storage does not
/// take it, and while it has yet to begin, a <see cref="Outbox.RetryLaterException"/> says so. Answered also for a call the
/// engine no longer knows: with what storage has of the segment, which after a crash is all but the last second, and what was not cleared for the disk.
/// </summary>
public sealed record StoreSegment(Guid Id, Guid SessionId, Guid RecordingId, int Segment) : MediaCommand(Id, SessionId)
{
    /// <summary>As <see cref="StopSegment.At"/>, which it may overtake.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }
}

/// <summary>
/// Hand a party on to a telephone number outside: an outbound leg is placed, joined with the party's, and both leave the
/// engine's hands. Reports <see cref="LegHandedOver"/>, or <see cref="LegEnded"/> if the party is lost on the way.
/// </summary>
/// <param name="Id">Idempotency id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">Whose leg.</param>
/// <param name="PhoneNumber">Where to, E.164.</param>
public sealed record TransferOut(Guid Id, Guid SessionId, Guid LegId, string PhoneNumber) : MediaCommand(Id, SessionId);

/// <summary>
/// Collect the keys that a party presses, from the end of the prompts that are to be heard, or from the first key: whoever
/// knows the question need not hear it out. Ends with <c>#</c>, with as many keys as asked for, or when nothing is pressed
/// for a while. Reports <see cref="DigitsCollected"/>. A call collects one thing at a time: the newest. Keys are no audio:
/// they are never in a recording.
/// </summary>
/// <param name="Id">Idempotency id; the fact names it.</param>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">Whose keys.</param>
/// <param name="Space">Whose prompts come first.</param>
/// <param name="Most">Ends with so many keys, or, with null, with <c>#</c> alone.</param>
/// <param name="PatienceSeconds">How long without a key, or null for as long as the call lasts.</param>
public sealed record CollectDigits(Guid Id, Guid SessionId, Guid LegId, SpaceKind Space, int? Most, int? PatienceSeconds) : MediaCommand(Id, SessionId);

/// <summary>Nobody waits for keys any more: what was asked is answered, or no longer asked. Prompts go on.</summary>
public sealed record StopCollecting(Guid Id, Guid SessionId) : MediaCommand(Id, SessionId);

/// <summary>Disconnect one leg.</summary>
public sealed record HangUpLeg(Guid Id, Guid SessionId, Guid LegId) : MediaCommand(Id, SessionId);

/// <summary>
/// Disconnect every leg at once, close open segments as <see cref="StoreSegment"/> does, and forget the call when they are
/// closed. For a call the engine does not know it does nothing: what is open of its recording is taken from storage.
/// </summary>
public sealed record ReleaseCall(Guid Id, Guid SessionId) : MediaCommand(Id, SessionId)
{
    /// <summary>When the call ended: an open segment is cut there; null: when the command comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }
}

/// <summary>Something the media engine saw happen.</summary>
/// <param name="Id">Unique: the same fact may be reported twice.</param>
/// <param name="SessionId">The call.</param>
public abstract record MediaFact(Guid Id, Guid SessionId);

/// <summary>A party answered.</summary>
public sealed record LegAnswered(Guid Id, Guid SessionId, Guid LegId) : MediaFact(Id, SessionId);

/// <summary>A party is gone: hung up, rejected, failed.</summary>
/// <param name="Id">Fact id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">Which leg.</param>
/// <param name="Cause">Stable word: <c>hung_up</c>, <c>busy</c>, <c>no_answer</c>, <c>failed</c>.</param>
public sealed record LegEnded(Guid Id, Guid SessionId, Guid LegId, string Cause) : MediaFact(Id, SessionId);

/// <summary>A party was handed on to a number outside and is in the engine's hands no more.</summary>
/// <param name="Id">Fact id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="LegId">Which leg it was.</param>
/// <param name="By">The engine's name: <c>simulated</c> says that nobody was called.</param>
public sealed record LegHandedOver(Guid Id, Guid SessionId, Guid LegId, string By) : MediaFact(Id, SessionId);

/// <summary>A prompt was heard to its end.</summary>
public sealed record PromptFinished(Guid Id, Guid SessionId, Guid PromptId) : MediaFact(Id, SessionId);

/// <summary>A party pressed keys, or did not in time.</summary>
/// <param name="Id">Fact id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="CollectId">The command.</param>
/// <param name="Digits">The keys without the <c>#</c>; may be empty.</param>
/// <param name="IsComplete">False if time ran out.</param>
public sealed record DigitsCollected(Guid Id, Guid SessionId, Guid CollectId, string Digits, bool IsComplete) : MediaFact(Id, SessionId)
{
    /// <summary>Never the digits, so that they cannot slip into a log line.</summary>
    public override string ToString() => $"{nameof(DigitsCollected)}({SessionId})";
}

/// <summary>A segment is whole in encrypted storage.</summary>
/// <param name="Id">Fact id.</param>
/// <param name="SessionId">The call.</param>
/// <param name="RecordingId">The recording.</param>
/// <param name="Segment">Which segment, from 1.</param>
/// <param name="Samples">Its length at 8 kHz; 0 if nothing of it is in storage, so there may be no object.</param>
/// <param name="Sha256">Of the plain PCM, hexadecimal; empty if there is no object.</param>
public sealed record SegmentClosed(Guid Id, Guid SessionId, Guid RecordingId, int Segment, long Samples, string Sha256) : MediaFact(Id, SessionId);

/// <summary>The engine lost the call (its process died).</summary>
public sealed record MediaLost(Guid Id, Guid SessionId) : MediaFact(Id, SessionId);

/// <summary>Where a media engine reports its facts; each becomes a command.</summary>
public interface IMediaFacts
{
    /// <summary>Reports one fact. Returns when it is durable or known already.</summary>
    Task ReportAsync(MediaFact fact, CancellationToken cancellationToken);
}
