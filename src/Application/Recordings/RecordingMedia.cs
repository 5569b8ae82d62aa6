using ContactCenter.Application.Media;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Outbox;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Recordings;

/// <summary>What telling and asking about recordings needs of the media engine, and what keys mean (REC-2, REC-3).</summary>
internal static class RecordingMedia
{
    /// <summary>How a consumer answers who presses keys.</summary>
    public const string Keys = "keys";

    private const int PatienceSeconds = 10;

    /// <summary>What a waiting caller hears, and the key that answers it.</summary>
    public static IEnumerable<MediaCommand> CommandsOf(RecordingAnnounced e, Func<string, Guid> id)
    {
        if (e.Greeting is { } greeting)
            yield return Played(id("greeting"), e.SessionId, greeting);
        if (e.Question is not { } question)
            yield break;
        yield return Played(id("question"), e.SessionId, question);
        yield return new CollectDigits(ConsentOf(e.SessionId), e.SessionId, e.SessionId, SpaceKind.Queue, Most: 1, PatienceSeconds);
    }

    /// <summary>The key that answers the question; a call is asked once.</summary>
    public static Guid ConsentOf(Guid sessionId) => DerivedId.Of(sessionId, "recording consent");

    /// <summary>What the caller's key means, or null: nothing.</summary>
    public static RecordingConsent? AnswerOf(string keys) => keys switch
    {
        "1" => RecordingConsent.Granted,
        "2" => RecordingConsent.Denied,
        _ => null,
    };

    /// <summary>The command that a key means, or null.</summary>
    public static ICommand? AnswerOf(DigitsCollected fact) =>
        AnswerOf(fact.Digits) is { } consent ? new AnswerRecordingConsent(fact.SessionId, consent, Keys) : null;

    private static PlayPrompt Played(Guid id, Guid sessionId, Message message) =>
        new(id, sessionId, SpaceKind.Queue, new Prompt(PromptKind.Message, message.Text, AudioId: message.AudioId));
}
