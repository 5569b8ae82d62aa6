using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>
/// The requirements AHD-1 to AHD-6 and AHD-9, written down sentence by sentence and not for speed: what
/// <see cref="Deflector"/> is to agree with. Reads the schedules of <see cref="AnyCenter"/>, which are in UTC.
/// </summary>
internal static class SlowDecision
{
    public static string Of(Contact contact, CenterConfiguration center, DateTimeOffset at) => Of(contact, contact.QueueId, [], center, at);

    public static string Text(DeflectionDecision d) => Say(
        d.Route, d.Path, [.. d.Options.Select(o => (o.Kind, o.Value))], d.PhoneNumber, d.Email, d.Message?.Text);

    private static string Of(Contact contact, Guid queueId, List<Guid> before, CenterConfiguration center, DateTimeOffset at)
    {
        List<Guid> path = [.. before, queueId];
        if (!center.Queues.TryGetValue(queueId, out var queue) || queue.IsArchived)
            return Say(Route.MessageOnly, path);
        if (IsOpen(queue, contact, center, at) || queue.VirtualAgent?.Availability == VirtualAgentAvailability.Always)
            return Say(Route.Queue, path);
        var (calls, chats) = (center.Settings.Calls, center.Settings.Chats);
        var isCall = contact.Kind == SessionKind.Call;
        if (queue.Deflection is null && !(isCall ? calls.Enabled : chats.Enabled))
            return Say(Route.Queue, path);

        // AHD-6: the queue's own overrides the center's.
        if (queue.Deflection?.Sms is { } sms)
            return Say(Route.TextMessage, path, message: In(contact.Language, center, sms.Text.ToDictionary(t => t.Language, t => t.Message)));
        if (queue.Deflection?.Mobile is { } mobile)
            return mobile.QueueId is { } target ? On(target) : Say(Route.Options, path, Offered(mobile.Options));
        if (queue.Deflection?.Ivr is { } own)
            return Telephone(own);

        // AHD-5, then AHD-4 and AHD-3.
        if (!isCall)
        {
            return chats.Email && queue.Channel != Channel.Sms && center.Settings.Center.Email is { } address
                ? Say(Route.Options, path, [(OptionKind.Email, address)])
                : Say(Route.EmailInChat, path, email: center.Settings.Center.Email, message: Central(MessageKey.AfterHours));
        }

        return queue.Channel == Channel.Ivr ? Telephone(calls.Ivr) : Say(Route.Options, path, Offered(calls.Sdk));

        string On(Guid target) => path.Count > Deflector.MaxHops ? Say(Route.MessageOnly, path) : Of(contact, target, path, center, at);

        string Telephone(IvrDeflection way)
        {
            var greeting = way.Greeting is { Count: > 0 } g ? In(contact.Language, center, g.ToDictionary(t => t.Language, t => t.Message)) : null;
            var isOwn = way.Greeting is { Count: > 0 };
            return way.Option switch
            {
                IvrOption.Queue => On(way.QueueId!.Value),
                IvrOption.PhoneNumber => Say(Route.PhoneNumber, path, phone: way.PhoneNumber),
                IvrOption.Voicemail => Say(Route.Voicemail, path, message: isOwn ? greeting : Central(MessageKey.VoicemailGreeting)),
                _ => Say(Route.MessageOnly, path, message: isOwn ? greeting : Central(MessageKey.AfterHours)),
            };
        }

        string? Central(MessageKey key) => In(
            contact.Language, center, new[] { "en", "de", "fr-CA" }
                .Where(l => center.Settings.Messages.Find(key, l) is not null).ToDictionary(l => l, l => center.Settings.Messages.Find(key, l)!));

        List<(OptionKind, string?)> Offered(SdkOptions set)
        {
            List<(OptionKind, string?)> offered = [];
            if (set.ScheduledCall && queue.ScheduledCalls.Enabled)
                offered.Add((OptionKind.ScheduledCall, null));
            if (set.Email && center.Settings.Center.Email is { } address)
                offered.Add((OptionKind.Email, address));
            if (queue.Channel == Channel.Mobile && set.PhoneNumber is { } number)
                offered.Add((OptionKind.PhoneNumber, number));
            // A message is spoken: there is none in a chat.
            if (queue.Channel == Channel.Mobile && set.Voicemail && isCall)
                offered.Add((OptionKind.Voicemail, null));
            return offered;
        }
    }

    /// <summary>AHD-1: queue, then channel, then language, then global; nothing set is open.</summary>
    private static bool IsOpen(Queue queue, Contact contact, CenterConfiguration center, DateTimeOffset at)
    {
        var set = center.Settings.Hours;
        var hours = queue.Hours
            ?? set.Channels.FirstOrDefault(c => c.Channel == queue.Channel)?.Hours
            ?? Tags(contact.Language).Select(tag => set.Languages.FirstOrDefault(l => Same(l.Language, tag))?.Hours).FirstOrDefault(h => h is not null)
            ?? set.Global;
        if (hours is null || hours.Open24Hours)
            return true;
        if (hours.Exceptions.Any(e => e.From == DateOnly.FromDateTime(at.UtcDateTime)))
            return false;
        var minute = at.UtcDateTime.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        return hours.Weekly.On(at.UtcDateTime.DayOfWeek)
            .Any(i => string.CompareOrdinal(i.Opens, minute) <= 0 && string.CompareOrdinal(minute, i.Closes) < 0);
    }

    private static string? In(string language, CenterConfiguration center, Dictionary<string, Message> there) => Tags(language)
        .Append(center.Settings.Center.DefaultLanguage)
        .Select(tag => there.FirstOrDefault(m => Same(m.Key, tag)).Value).FirstOrDefault(m => m is not null)?.Text;

    private static IEnumerable<string> Tags(string language)
    {
        var parts = language.Split('-');
        return Enumerable.Range(0, parts.Length).Select(dropped => string.Join('-', parts[..^dropped]));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Say(
        Route route, IEnumerable<Guid> path, List<(OptionKind, string?)>? options = null, string? phone = null, string? email = null, string? message = null) =>
        $"{route} by {string.Join(',', path)} [{string.Join(',', options ?? [])}] {phone} {email} {message}";
}
