namespace ContactCenter.Domain.Settings;

/// <summary>What consumers hear where the center has set no message of its own: text, for speech.</summary>
public static class BuiltInMessages
{
    private const string Fallback = "en";

    private static readonly LocalMessage[] RecordingGreetings =
    [
        new(Fallback, new("This call may be recorded.")),
        new("de", new("Dieses Gespräch kann aufgezeichnet werden.")),
        new("es", new("Esta llamada puede ser grabada.")),
        new("fr", new("Cet appel peut être enregistré.")),
        new("it", new("Questa chiamata può essere registrata.")),
        new("ja", new("この通話は録音される場合があります。")),
        new("nl", new("Dit gesprek kan worden opgenomen.")),
        new("pt", new("Esta chamada pode ser gravada.")),
        new("zh", new("本次通话可能会被录音。")),
    ];

    /// <summary>Tells a caller that the call may be recorded (REC-2); in English where it is not there in their language.</summary>
    /// <param name="language">BCP 47.</param>
    public static Message RecordingGreeting(string language) => Languages.Best(language, Fallback, RecordingGreetings)!.Message;
}
