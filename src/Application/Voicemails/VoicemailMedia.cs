using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Settings;
using ContactCenter.Domain.Voicemails;

namespace ContactCenter.Application.Voicemails;

/// <summary>What voicemails ask of the media engine, and what its answers mean.</summary>
internal static class VoicemailMedia
{
    private const int PatienceSeconds = 10;

    /// <summary>The tone after which the caller speaks.</summary>
    public static Guid ToneOf(Guid voicemailId) => DerivedId.Of(voicemailId, "voicemail tone");

    /// <summary>The commands of one event, in order.</summary>
    public static IEnumerable<MediaCommand> CommandsOf(VoicemailEvent happened, Func<string, Guid> id) => happened switch
    {
        VoicemailNumberAsked e => Played(e.VoicemailId, e.Played, id)
            .Append(Collect(NumberOf(e.VoicemailId, e.Attempt, presses: 0), e.VoicemailId, VoicemailDecider.MaxDigits, PatienceSeconds)),
        // Who is keying in a number has as long for each key as for the first.
        VoicemailKeysPressed e => [Collect(NumberOf(e.VoicemailId, e.Attempt, e.Number), e.VoicemailId, VoicemailDecider.MaxDigits, PatienceSeconds)],
        // A late key must not cut the greeting short, and the tone with it.
        VoicemailGreeted e => Played(e.VoicemailId, e.Played, id)
            .Prepend(new StopCollecting(id("answered"), e.VoicemailId))
            .Append(new PlayPrompt(ToneOf(e.VoicemailId), e.VoicemailId, SpaceKind.Voicemail, new Prompt(PromptKind.RecordingTone, Text: null))),
        VoicemailRecordingBegun e => [Collect(EndKeyOf(e.VoicemailId), e.VoicemailId, most: null, patience: null)],
        _ => [],
    };

    /// <summary>What keys mean that were pressed, or that were not in time; null for what was asked by nobody here.</summary>
    public static ICommand? AnswerOf(DigitsCollected fact)
    {
        if (fact.CollectId == EndKeyOf(fact.SessionId))
            return fact.IsComplete ? new FinishVoicemail(fact.SessionId, AtLimit: false) : null;
        for (var attempt = 1; attempt <= VoicemailDecider.MaxAttempts; attempt++)
        {
            for (var presses = 0; presses < VoicemailDecider.MaxDigits; presses++)
            {
                if (fact.CollectId == NumberOf(fact.SessionId, attempt, presses))
                    return new EnterVoicemailNumber(fact.SessionId, attempt, presses, fact.Digits);
            }
        }

        return null;
    }

    private static Guid NumberOf(Guid voicemailId, int attempt, int presses) =>
        DerivedId.Of(voicemailId, presses == 0 ? $"voicemail number {attempt}" : $"voicemail number {attempt} after {presses}");

    private static Guid EndKeyOf(Guid voicemailId) => DerivedId.Of(voicemailId, "voicemail end key");

    private static CollectDigits Collect(Guid id, Guid voicemailId, int? most, int? patience) =>
        new(id, voicemailId, voicemailId, SpaceKind.Voicemail, most, patience);

    private static IEnumerable<MediaCommand> Played(Guid voicemailId, IReadOnlyList<Message> words, Func<string, Guid> id) => words.Select(
        MediaCommand (message, i) => new PlayPrompt(
            id($"words {i}"), voicemailId, SpaceKind.Voicemail, new Prompt(PromptKind.Message, message.Text, AudioId: message.AudioId)));
}
