using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Queues;

/// <summary>What an agent hears before a call of a queue (NOT-1, NOT-3).</summary>
public static class Whisper
{
    /// <summary>What is said unless the queue has its own text; both words are replaced there too.</summary>
    public const string DefaultText = "{Call Type} from {Queue Name}";

    /// <summary>The preparation of an offer; a chat has none.</summary>
    public static Preparation For(Queue queue, SessionKind kind, bool isScheduled = false)
    {
        var rules = queue.Whisper;
        if (kind == SessionKind.Chat || !(rules.WhisperEnabled || rules.Countdown))
            return Preparation.None;

        var text = (rules.WhisperText ?? DefaultText)
            .Replace("{Call Type}", isScheduled ? "Scheduled call" : CallType(queue.Channel), StringComparison.OrdinalIgnoreCase)
            .Replace("{Queue Name}", queue.Name, StringComparison.OrdinalIgnoreCase);
        return new Preparation(rules.WhisperEnabled ? text : null, rules.Speed, rules.Countdown);
    }

    private static string CallType(Channel channel) => channel switch
    {
        Channel.Ivr => "IVR call",
        Channel.Mobile => "Mobile call",
        Channel.Web => "Web call",
        _ => "Call",
    };
}
