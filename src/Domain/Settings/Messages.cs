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

    /// <summary>Tells callers that the call is recorded (REC-2); where it is not set, only the tone does.</summary>
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
public sealed record LocalMessage(string Language, Message Message);

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

    /// <summary>What each message says, by language in lower case.</summary>
    public ImmutableDictionary<MessageKey, ImmutableDictionary<string, Message>> Entries { get; private init; } =
        ImmutableDictionary<MessageKey, ImmutableDictionary<string, Message>>.Empty;

    /// <summary>With one message more, or in place of another.</summary>
    public MessageCatalog With(MessageKey key, string language, Message message) =>
        this with { Entries = Entries.SetItem(key, Of(key).SetItem(Languages.Normal(language), message)) };

    /// <summary>Without one message.</summary>
    public MessageCatalog Without(MessageKey key, string language) =>
        this with { Entries = Entries.SetItem(key, Of(key).Remove(Languages.Normal(language))) };

    /// <summary>One message by language, in lower case.</summary>
    public ImmutableDictionary<string, Message> Of(MessageKey key) => Entries.GetValueOrDefault(key, ImmutableDictionary<string, Message>.Empty);

    /// <summary>All messages, by key and language.</summary>
    public IEnumerable<CenterMessage> All() =>
        Entries.OrderBy(e => e.Key).SelectMany(e => e.Value.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => new CenterMessage(e.Key, m.Key, m.Value)));

    /// <summary>The message in this very language, or null.</summary>
    public Message? Find(MessageKey key, string language) => Of(key).GetValueOrDefault(Languages.Normal(language));
}

/// <summary>Tags of languages, BCP 47.</summary>
public static class Languages
{
    /// <summary>The form in which tags are compared: lower case.</summary>
    public static string Normal(string language) => IsNormal(language) ? language : language.ToLowerInvariant();

    /// <summary>
    /// The best of what there is for somebody's language: the very tag, then its base (<c>de</c> for <c>de-AT</c>), then
    /// the default; null if there is none of them.
    /// </summary>
    public static T? Best<T>(string wanted, string? byDefault, IReadOnlyDictionary<string, T> there)
        where T : class
    {
        for (var tag = Normal(wanted); ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (there.TryGetValue(tag, out var found))
                return found;
            if (!tag.Contains('-', StringComparison.Ordinal))
                return byDefault is null ? null : there.GetValueOrDefault(Normal(byDefault));
        }
    }

    /// <summary>The best message of a list for somebody's language, as above.</summary>
    public static Message? Best(string wanted, string byDefault, IReadOnlyList<LocalMessage> there)
    {
        for (var tag = wanted.AsSpan(); ; tag = tag[..tag.LastIndexOf('-')])
        {
            if (In(tag, there) is { } found)
                return found;
            if (!tag.Contains('-'))
                return In(byDefault, there);
        }
    }

    private static Message? In(ReadOnlySpan<char> language, IReadOnlyList<LocalMessage> there)
    {
        for (var i = 0; i < there.Count; i++)
        {
            if (language.Equals(there[i].Language, StringComparison.OrdinalIgnoreCase))
                return there[i].Message;
        }

        return null;
    }

    private static bool IsNormal(string language)
    {
        foreach (var c in language)
        {
            if (char.IsUpper(c))
                return false;
        }

        return true;
    }
}
