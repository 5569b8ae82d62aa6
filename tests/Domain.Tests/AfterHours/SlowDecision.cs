using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.Tests.AfterHours;

/// <summary>
/// The requirements AHD-1 to AHD-6 and AHD-9, written down sentence by sentence and not for speed: what
/// <see cref="Deflector"/> is to agree with, the why included. Its hours watch the clock minute by minute.
/// </summary>
internal sealed class SlowDecision(AnyCenter any)
{
    private readonly CenterConfiguration center = any.Center;
    private readonly List<string> why = [];

    public static string Of(Contact contact, AnyCenter any, DateTimeOffset at) => new SlowDecision(any).Of(contact, contact.QueueId, [], at);

    /// <summary>Who answers first: the virtual agent that is always there, or that keeps business hours while the queue is open.</summary>
    public static string? VirtualAgentOf(Queue queue, AnyCenter any, string language, DateTimeOffset at)
    {
        var isOpen = new SlowDecision(any).Opens(queue, language, at).IsOpen;
        return queue.VirtualAgent is { } agent && (isOpen || agent.Availability == VirtualAgentAvailability.Always) ? agent.Name : null;
    }

    public static string Text(DeflectionDecision d) => Say(
        d.Route, d.Path, d.Why.Select(w => Step(w.Rule, w.QueueId, TextOf(w.Hours), w.Option, w.Language)),
        [.. d.Options.Select(o => (o.Kind, o.Value))], d.PhoneNumber, d.Email, d.Message?.Text);

    private string Of(Contact contact, Guid queueId, List<Guid> before, DateTimeOffset at)
    {
        List<Guid> path = [.. before, queueId];
        if (!center.Queues.TryGetValue(queueId, out var queue) || queue.IsArchived)
            return Broken(Rule.QueueGone);
        var (isOpen, level, rule) = Opens(queue, contact.Language, at);
        Because(level);
        Because(isOpen ? Rule.Open : Rule.Closed, rule);
        if (isOpen)
            return Ends(Route.Queue);
        if (queue.VirtualAgent?.Availability == VirtualAgentAvailability.Always && !contact.IsPassedOn)
            return Ends(Route.Queue, Rule.VirtualAgentAlways);
        var (calls, chats) = (center.Settings.Calls, center.Settings.Chats);
        var isCall = contact.Kind == SessionKind.Call;
        if (queue.Deflection is null && !(isCall ? calls.Enabled : chats.Enabled))
            return Ends(Route.Queue, Rule.DeflectionOff);
        Because(queue.Deflection is null ? Rule.CenterDeflection : Rule.QueueDeflection);

        // AHD-6: the queue's own overrides the center's.
        if (queue.Deflection?.Sms is { } sms)
            return Ends(Route.TextMessage, message: In(sms.Text.ToDictionary(t => t.Language, t => t.Message)));
        if (queue.Deflection?.Mobile is { } mobile)
            return mobile.QueueId is { } target ? On(target) : Options(Offered(mobile.Options));
        if (queue.Deflection?.Ivr is { } own)
            return Telephone(own);

        // AHD-5, then AHD-4 and AHD-3.
        if (!isCall)
        {
            return chats.Email && queue.Channel != Channel.Sms && center.Settings.Center.Email is { } address
                ? Options([(OptionKind.Email, address)])
                : Ends(Route.EmailInChat, email: center.Settings.Center.Email, message: Central(MessageKey.AfterHours));
        }

        return queue.Channel == Channel.Ivr ? Telephone(calls.Ivr) : Options(Offered(calls.Sdk));

        void Because(Rule spoke, string hours = "", OptionKind? option = null, string? language = null) => why.Add(Step(spoke, queueId, hours, option, language));

        // Nobody chooses for a writer whom a virtual agent passes on: they are shown the address, and why.
        string Options(List<(OptionKind Kind, string?)> offered) => Ends(
            Route.Options, options: offered,
            message: contact.IsPassedOn && !isCall && offered.Exists(o => o.Kind == OptionKind.Email) ? Central(MessageKey.AfterHours) : null);

        string Ends(
            Route route, Rule? spoke = null, List<(OptionKind, string?)>? options = null, string? phone = null, string? email = null, string? message = null)
        {
            if (spoke is { } last)
                Because(last);
            return Say(route, path, why, options, phone, email, message);
        }

        string On(Guid target) => path.Count > Deflector.MaxHops ? Broken(Rule.TooManyQueues) : Of(contact, target, path, at);

        // What was never to be: who calls hears the center's message all the same.
        string Broken(Rule rule)
        {
            Because(rule);
            return Ends(Route.MessageOnly, message: contact.Kind == SessionKind.Call ? Central(MessageKey.AfterHours) : null);
        }

        string Telephone(IvrDeflection way)
        {
            string? Greeting(MessageKey key) => way.Greeting is { Count: > 0 } own ? In(own.ToDictionary(t => t.Language, t => t.Message)) : Central(key);
            return way.Option switch
            {
                IvrOption.Queue => On(way.QueueId!.Value),
                IvrOption.PhoneNumber => Ends(Route.PhoneNumber, phone: way.PhoneNumber),
                IvrOption.Voicemail => Ends(Route.Voicemail, message: Greeting(MessageKey.VoicemailGreeting)),
                _ => Ends(Route.MessageOnly, message: Greeting(MessageKey.AfterHours)),
            };
        }

        string? Central(MessageKey key) => In(new[] { "en", "de", "fr-CA" }
            .Where(l => center.Settings.Messages.Find(key, l) is not null).ToDictionary(l => l, l => center.Settings.Messages.Find(key, l)!));

        // Whoever does not get their own language is told which they get.
        string? In(Dictionary<string, Message> there)
        {
            var byDefault = center.Settings.Center.DefaultLanguage;
            var theirs = Tags(contact.Language).SelectMany(tag => there.Where(m => Same(m.Key, tag))).Select(m => m.Value).FirstOrDefault();
            var other = there.FirstOrDefault(m => Same(m.Key, byDefault)).Value;
            if (theirs is null && other is not null)
                Because(Rule.OtherLanguage, language: there.Keys.First(l => Same(l, byDefault)));
            return (theirs ?? other)?.Text;
        }

        List<(OptionKind, string?)> Offered(SdkOptions set)
        {
            List<(OptionKind, string?)> offered = [];
            var isMobile = queue.Channel == Channel.Mobile;
            Offer(set.ScheduledCall, queue.ScheduledCalls.Enabled, (OptionKind.ScheduledCall, null));
            Offer(set.Email, center.Settings.Center.Email is not null, (OptionKind.Email, center.Settings.Center.Email));
            Offer(set.PhoneNumber is not null, isMobile, (OptionKind.PhoneNumber, set.PhoneNumber));
            // A message is spoken: there is none in a chat.
            Offer(set.Voicemail, isMobile && isCall, (OptionKind.Voicemail, null));
            if (offered.Count == 0)
                Because(Rule.NothingToOffer);
            return offered;

            void Offer(bool isSet, bool isPossible, (OptionKind Kind, string? Value) option)
            {
                if (isSet && isPossible)
                    offered.Add(option);
                else if (isSet)
                    Because(Rule.OptionLeftOut, option: option.Kind);
            }
        }
    }

    /// <summary>AHD-1: queue, then channel, then language, then global; nothing set is open.</summary>
    private (bool IsOpen, Rule Level, string Rule) Opens(Queue queue, string language, DateTimeOffset at)
    {
        var set = center.Settings.Hours;
        (HoursSchedule? Hours, Rule Level)[] levels =
        [
            (queue.Hours, Rule.QueueHours),
            (set.Channels.FirstOrDefault(c => c.Channel == queue.Channel)?.Hours, Rule.ChannelHours),
            (Tags(language).Select(tag => set.Languages.FirstOrDefault(l => Same(l.Language, tag))?.Hours).FirstOrDefault(h => h is not null), Rule.LanguageHours),
            (set.Global, Rule.GlobalHours),
        ];
        var (hours, level) = levels.FirstOrDefault(l => l.Hours is not null, (null, Rule.NoHours));
        if (hours is null)
            return (true, level, string.Empty);
        var (isOpen, rule) = any.Watched(hours).WhatApplies(NodaTime.Instant.FromDateTimeOffset(at));
        return (isOpen, level, rule);
    }

    private static IEnumerable<string> Tags(string language)
    {
        var parts = language.Split('-');
        return Enumerable.Range(0, parts.Length).Select(dropped => string.Join('-', parts[..^dropped]));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string TextOf(HoursRule? hours) =>
        hours is null ? string.Empty : hours.Exception?.Name ?? (hours.Kind == HoursRuleKind.AroundTheClock ? "around the clock" : $"{hours.Weekday}");

    private static string Step(Rule rule, Guid queueId, string hours, OptionKind? option, string? language) => $"{rule} {queueId} {hours} {option} {language?.ToLowerInvariant()}";

    private static string Say(
        Route route, IEnumerable<Guid> path, IEnumerable<string> why, List<(OptionKind, string?)>? options, string? phone, string? email, string? message) =>
        $"{route} by {string.Join(',', path)} [{string.Join(',', options ?? [])}] {phone} {email} {message}\nsince {string.Join("\nsince ", why)}";
}
