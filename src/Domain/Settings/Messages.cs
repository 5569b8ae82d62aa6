using System.Collections.Immutable;

namespace ContactCenter.Domain.Settings;

/// <summary>What consumers hear or read from the contact center itself (AHD-8).</summary>
public enum MessageKey
{
    /// <summary>Played to callers outside the hours.</summary>
    AfterHours,

    /// <summary>Played before a caller leaves a message.</summary>
    VoicemailGreeting,

    /// <summary>The caller's number is hidden.</summary>
    VoicemailNumberBlocked,

    /// <summary>Asks the caller to key in a number.</summary>
    VoicemailAskNumber,

    /// <summary>The number keyed in is taken.</summary>
    VoicemailNumberEntered,

    /// <summary>Tells callers that the call may be recorded, in place of the built-in one (REC-2).</summary>
    RecordingGreeting,

    /// <summary>Asks a caller to press 1 to be recorded, or 2 not to be (REC-3).</summary>
    RecordingOptIn,

    /// <summary>Tells a caller to press 2 not to be recorded (REC-3).</summary>
    RecordingOptOut,
}

/// <summary>A message: text, kept for speech, or uploaded audio. Exactly one of the two.</summary>
/// <param name="Text">1 to 1,000 characters, or null.</param>
/// <param name="AudioId">An uploaded recording, or null.</param>
public sealed record Message(string? Text = null, Guid? AudioId = null)
{
    /// <summary>The longest text, in characters.</summary>
    public const int MaxText = 1_000;

    /// <summary>True if exactly one of the two is there, and within its limits.</summary>
    public bool IsWhole() => Text is null
        ? AudioId is not null
        : AudioId is null && !string.IsNullOrWhiteSpace(Text) && Text.Length <= MaxText;
}

/// <summary>A message in one language.</summary>
/// <param name="Language">BCP 47, one of the support center's.</param>
/// <param name="Message">The message.</param>
public sealed record LocalMessage(string Language, Message Message) : IInLanguage;

/// <summary>A message of the center in one language.</summary>
/// <param name="Key">Which.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Message">The message.</param>
public sealed record CenterMessage(MessageKey Key, string Language, Message Message);

/// <summary>How a recording for messages is encoded.</summary>
public enum AudioFormat
{
    /// <summary>RIFF WAVE with PCM samples.</summary>
    Wav,

    /// <summary>MPEG audio, layer III.</summary>
    Mp3,
}

/// <summary>An uploaded recording that messages may play (AHD-8). Made by people of the center: no personal data.</summary>
/// <param name="AudioId">Follows from its bytes, so that the same recording has the same id in every center.</param>
/// <param name="Name">What it is called in lists, 1 to 100 characters.</param>
/// <param name="Format">How it is encoded.</param>
/// <param name="Length">In bytes.</param>
/// <param name="DurationSeconds">How long it plays.</param>
/// <param name="ContentId">Where its bytes are kept; another with every upload.</param>
public sealed record MessageAudio(Guid AudioId, string Name, AudioFormat Format, long Length, double DurationSeconds, Guid ContentId);

/// <summary>The center's messages by language.</summary>
public sealed record MessageCatalog
{
    /// <summary>None yet.</summary>
    public static MessageCatalog Empty { get; } = new();

    private ImmutableDictionary<MessageKey, IReadOnlyList<LocalMessage>> Entries { get; init; } =
        ImmutableDictionary<MessageKey, IReadOnlyList<LocalMessage>>.Empty;

    /// <summary>With one message more, or in place of another.</summary>
    public MessageCatalog With(MessageKey key, string language, Message message) =>
        this with { Entries = Entries.SetItem(key, [.. Others(key, language).Append(new(Languages.Normal(language), message)).OrderBy(m => m.Language, StringComparer.Ordinal)]) };

    /// <summary>Without one message.</summary>
    public MessageCatalog Without(MessageKey key, string language) => this with { Entries = Entries.SetItem(key, [.. Others(key, language)]) };

    /// <summary>One message in each language that has it, by tag in lower case.</summary>
    public IReadOnlyList<LocalMessage> Of(MessageKey key) => Entries.GetValueOrDefault(key, []);

    /// <summary>All messages, by key and language.</summary>
    public IEnumerable<CenterMessage> All() =>
        Entries.OrderBy(e => e.Key).SelectMany(e => e.Value.Select(m => new CenterMessage(e.Key, m.Language, m.Message)));

    /// <summary>The message in this very language, or null.</summary>
    public Message? Find(MessageKey key, string language) => Languages.Find(language, Of(key))?.Message;

    private IEnumerable<LocalMessage> Others(MessageKey key, string language) => Of(key).Where(m => !Languages.AreSame(m.Language, language));
}
