using ContactCenter.Domain.Queues;

namespace ContactCenter.Domain.Settings;

/// <summary>A place of the configuration that names a queue or a recording.</summary>
/// <param name="Id">What is named.</param>
/// <param name="Path">Where: <c>calls.ivr.queueId</c>.</param>
/// <param name="By">The same for people: <c>the queue "Billing > Bills"</c>.</param>
/// <param name="QueueId">The queue it belongs to, or null for the center.</param>
internal sealed record Use(Guid Id, string Path, string By, Guid? QueueId = null);

/// <summary>What in the configuration names what.</summary>
internal static class ConfigurationUses
{
    /// <summary>Queues that contacts are sent to; the center's own target only while its deflection is on.</summary>
    public static IEnumerable<Use> OfQueues(CenterConfiguration center)
    {
        if (center.Settings.Calls is { Enabled: true, Ivr.QueueId: { } target })
            yield return new Use(target, "calls.ivr.queueId", "the deflection of calls");
        foreach (var queue in Deflecting(center))
        {
            if (queue.Deflection!.TargetQueueId() is { } next)
                yield return new Use(next, $"queues.{queue.Id}.deflection.{(queue.Deflection.Ivr?.QueueId is null ? "mobile" : "ivr")}.queueId", ByQueue(queue), queue.Id);
        }
    }

    /// <summary>Recordings that messages play, whether deflection is on or off.</summary>
    public static IEnumerable<Use> OfAudio(CenterConfiguration center)
    {
        foreach (var (key, language, message) in center.Settings.Messages.All())
        {
            if (message.AudioId is { } audioId)
                yield return new Use(audioId, $"messages.{NameOf(key)}.{language}", $"the message {NameOf(key)} in {language}");
        }

        foreach (var audioId in In(center.Settings.Calls.Ivr.Greeting))
            yield return new Use(audioId, "calls.ivr.greeting", "the greeting of the deflection of calls");
        foreach (var queue in Deflecting(center))
        {
            foreach (var audioId in In(queue.Deflection!.Ivr?.Greeting))
                yield return new Use(audioId, $"queues.{queue.Id}.deflection.ivr.greeting", ByQueue(queue), queue.Id);
            foreach (var audioId in In(queue.Deflection.Sms?.Text))
                yield return new Use(audioId, $"queues.{queue.Id}.deflection.sms.text", ByQueue(queue), queue.Id);
        }
    }

    /// <summary>A queue as people find it: its menu path in quotes.</summary>
    public static string Named(Queue queue) => $"\"{string.Join(" > ", queue.Path)}\"";

    /// <summary>A message's name on the wire.</summary>
    public static string NameOf(MessageKey key) => key switch
    {
        MessageKey.AfterHours => "after_hours",
        MessageKey.VoicemailGreeting => "voicemail_greeting",
        MessageKey.VoicemailNumberBlocked => "voicemail_number_blocked",
        MessageKey.VoicemailAskNumber => "voicemail_ask_number",
        MessageKey.VoicemailNumberEntered => "voicemail_number_entered",
        MessageKey.RecordingGreeting => "recording_greeting",
        MessageKey.RecordingOptIn => "recording_opt_in",
        _ => "recording_opt_out",
    };

    private static string ByQueue(Queue queue) => $"the queue {Named(queue)}";

    private static IEnumerable<Queue> Deflecting(CenterConfiguration center) =>
        center.Queues.Values.Where(q => !q.IsArchived && q.Deflection is not null).OrderBy(q => q.Id);

    private static IEnumerable<Guid> In(IReadOnlyList<LocalMessage>? messages) =>
        (messages ?? []).Where(m => m.Message.AudioId is not null).Select(m => m.Message.AudioId!.Value);
}
