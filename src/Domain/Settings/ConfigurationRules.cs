using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Settings;

/// <summary>Something that a configuration lacks to be carried out.</summary>
/// <param name="Code">Stable: <c>message_missing</c>.</param>
/// <param name="Path">Where: <c>calls.ivr.queueId</c>, <c>queues.{id}.deflection.mobile</c>.</param>
/// <param name="Message">One sentence that names what is missing.</param>
public sealed record ConfigurationProblem(string Code, string Path, string Message)
{
    /// <summary>What makes it this problem and no other: not the sentence where that holds names, which may change.</summary>
    public string Of { get; init; } = Message;
}

/// <summary>
/// What must hold of the configuration as a whole, whoever changes what: each option has what it needs, and no contact
/// is sent in a circle. An edit is refused when the configuration after it would break a rule, and so is a file that is
/// imported; both are checked here.
/// </summary>
public static class ConfigurationRules
{
    private static readonly MessageKey[] VoicemailMessages =
        [MessageKey.VoicemailNumberBlocked, MessageKey.VoicemailAskNumber, MessageKey.VoicemailNumberEntered];

    // An app has no number that could be blocked, and is asked for one.
    private static readonly MessageKey[] MobileVoicemailMessages =
        [MessageKey.VoicemailGreeting, MessageKey.VoicemailAskNumber, MessageKey.VoicemailNumberEntered];

    /// <summary>
    /// Why the configuration may not become another, or null: everything the change would break, by place. The code is
    /// <c>configuration.</c> and that of the first problem.
    /// </summary>
    /// <param name="before">As it is.</param>
    /// <param name="after">As it would be.</param>
    /// <param name="found">What was found to be wrong with the change already; told first.</param>
    public static UnprocessableError? WhyNot(CenterConfiguration before, CenterConfiguration after, params IReadOnlyList<ConfigurationProblem> found)
    {
        var broken = ProblemsOf(after);
        if (broken.Count > 0)
            broken = [.. broken.ExceptBy(ProblemsOf(before).Select(Identity), Identity)];
        broken = [.. found.Concat(broken).DistinctBy(Identity)];
        return broken.Count == 0 ? null : new UnprocessableError(
            $"configuration.{broken[0].Code}",
            broken[0].Message,
            broken.GroupBy(p => p.Path, p => p.Message, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal));
    }

    /// <summary>Why a queue may not be archived, or null: everything that sends contacts to it, by place, and calls that are booked.</summary>
    public static ConflictError? WhyNotArchived(CenterConfiguration center, Guid queueId, int booked)
    {
        var uses = ConfigurationUses.OfQueues(center).Where(u => u.Id == queueId && u.QueueId != queueId);
        var calls = new Use(queueId, $"queues.{queueId}.scheduledCalls", booked == 1 ? "one scheduled call" : $"{booked} scheduled calls");
        return InUse("queue.in_use", "The queue is in use", booked > 0 ? uses.Append(calls) : uses);
    }

    /// <summary>
    /// Why a message may not be removed, or null: everything that needs it, by place. Chats do with the address alone, but
    /// once there is a message writers in an enabled language are not to get another's for it.
    /// </summary>
    public static UnprocessableError? WhyNotRemoved(CenterConfiguration center, MessageRemoved gone)
    {
        var isWritten = gone.Key == MessageKey.AfterHours && center.Settings.Chats.Enabled && center.Settings.Center.Languages.Contains(gone.Language, StringComparer.OrdinalIgnoreCase);
        return WhyNot(center, center.Apply(gone), isWritten ? [MessageMissing(gone.Key, gone.Language, "chats")] : []);
    }

    /// <summary>Why a recording may not be thrown away, or null: every message that plays it, by place.</summary>
    public static ConflictError? WhyNotThrownAway(CenterConfiguration center, Guid audioId) =>
        InUse("message_audio.in_use", "The recording is in use", ConfigurationUses.OfAudio(center).Where(u => u.Id == audioId));

    /// <summary>Everything that is wrong; empty for a configuration that can be carried out.</summary>
    public static IReadOnlyList<ConfigurationProblem> ProblemsOf(CenterConfiguration center)
    {
        var problems = new List<ConfigurationProblem>();
        OfCenter(center.Settings.Center, problems);
        if (center.Settings.Calls.Enabled)
            OfCalls(center, problems);
        else if (center.Settings.Calls.Ivr.QueueId is { } kept && !center.Queues.ContainsKey(kept))
            // What is off is kept for later, also with a queue that was archived since; but no queue of nowhere.
            problems.Add(new("queue_not_found", "calls.ivr.queueId", $"There never was a queue {kept} here."));
        if (center.Settings.Chats.Enabled && center.Settings.Center.Email is null)
            problems.Add(EmailMissing("chats"));
        foreach (var queue in center.Queues.Values.Where(q => !q.IsArchived).OrderBy(q => q.Id))
            OfQueue(queue, center, problems);
        OfChains(center, problems);
        OfRecording(center, problems);
        OfAudio(center, problems);
        return problems;
    }

    private static (string Code, string Path, string Of) Identity(ConfigurationProblem problem) => (problem.Code, problem.Path, problem.Of);

    private static ConflictError? InUse(string code, string sentence, IEnumerable<Use> found)
    {
        var uses = found.ToList();
        return uses.Count == 0 ? null : new ConflictError(
            code,
            $"{sentence}: by {string.Join(", ", uses.Select(u => u.By).Distinct(StringComparer.Ordinal))}.",
            uses.GroupBy(u => u.Path, u => $"In use by {u.By}.", StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Distinct().ToArray(), StringComparer.Ordinal));
    }

    private static void OfCenter(SupportCenter center, List<ConfigurationProblem> problems)
    {
        if (!center.Languages.Contains(center.DefaultLanguage, StringComparer.OrdinalIgnoreCase))
            problems.Add(new("language_not_enabled", "supportCenter.defaultLanguage", $"The default language {center.DefaultLanguage} is not one of the enabled languages."));
    }

    private static void OfCalls(CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        var calls = center.Settings.Calls;
        if (calls.Sdk.Email && center.Settings.Center.Email is null)
            problems.Add(EmailMissing("calls.sdk.email"));
        if (calls.Sdk.Voicemail)
            OfMessages(MobileVoicemailMessages, "calls.sdk.voicemail", center, problems);
        OfTelephone(calls.Ivr, "calls.ivr", from: null, center, problems);
        foreach (var queue in center.Queues.Values.Where(q => IsWithoutOffer(q, center)).OrderBy(q => q.Id))
        {
            var problem = new ConfigurationProblem(
                "nothing_to_offer", "calls.sdk",
                $"Calls would be offered nothing while the queue {ConfigurationUses.Named(queue)} is closed: choose an option that its channel has.");
            problems.Add(problem with { Of = queue.Id.ToString() });
        }
    }

    private static bool IsWithoutOffer(Queue queue, CenterConfiguration center) =>
        queue is { Channel: Channel.Mobile or Channel.Web, IsArchived: false, Deflection: null }
        && center.IsLeaf(queue.Id)
        && !Deflector.OffersAnything(center.Settings.Calls.Sdk, SessionKind.Call, queue, center)
        && DeflectionChains.IsEverClosed(queue, center);

    private static void OfQueue(Queue queue, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        if (queue.Deflection is not { } deflection)
            return;
        var path = $"queues.{queue.Id}.deflection";
        if (WrongChannel(queue.Channel, deflection) is { } wrong)
        {
            problems.Add(new(wrong.Code, path, wrong.Message));
            return;
        }

        switch (deflection)
        {
            case { Ivr: { } ivr }:
                OfTelephone(ivr, $"{path}.ivr", queue, center, problems);
                break;
            case { Mobile: { } mobile }:
                OfMobile(mobile, $"{path}.mobile", queue, center, problems);
                break;
            case { Sms: { } sms }:
                OfLocal(sms.Text, $"{path}.sms.text", center, problems);
                if (sms.Text.Any(m => m.Message.AudioId is not null))
                    problems.Add(new("message_not_text", $"{path}.sms.text", "What is sent by SMS is text."));
                break;
        }
    }

    private static (string Code, string Message)? WrongChannel(Channel channel, QueueDeflection deflection) => channel switch
    {
        Channel.Web => ("web_has_none", "A web queue has no after-hours deflection of its own; the center's applies."),
        Channel.Ivr when deflection is { Ivr: not null, Mobile: null, Sms: null } => null,
        Channel.Mobile when deflection is { Mobile: not null, Ivr: null, Sms: null } => null,
        Channel.Sms when deflection is { Sms: not null, Ivr: null, Mobile: null } => null,
        _ => ("wrong_channel", "Set exactly what belongs to the queue's channel: ivr, mobile or sms."),
    };

    private static void OfTelephone(IvrDeflection way, string path, Queue? from, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        if ((way.QueueId is not null) != (way.Option == IvrOption.Queue))
            problems.Add(new("queue_missing", $"{path}.queueId", "Name a queue with the option queue, and only with it."));
        else if (way.QueueId is { } target)
            OfTarget(target, Channel.Ivr, $"{path}.queueId", from, center, problems);
        if ((way.PhoneNumber is not null) != (way.Option == IvrOption.PhoneNumber))
            problems.Add(new("phone_number_missing", $"{path}.phoneNumber", "Give a number with the option phone_number, and only with it."));
        if (way.Greeting is { Count: > 0 } greeting)
        {
            if (way.Option is not (IvrOption.MessageOnly or IvrOption.Voicemail))
                problems.Add(new("greeting_not_possible", $"{path}.greeting", "A greeting goes with message_only and voicemail only."));
            OfLocal(greeting, $"{path}.greeting", center, problems);
        }
        else if (way.Option is IvrOption.MessageOnly)
        {
            OfMessage(MessageKey.AfterHours, path, center, problems);
        }
        else if (way.Option is IvrOption.Voicemail)
        {
            OfMessage(MessageKey.VoicemailGreeting, path, center, problems);
        }

        if (way.Option is IvrOption.Voicemail)
            OfMessages(VoicemailMessages, path, center, problems);
    }

    private static void OfMobile(MobileDeflection way, string path, Queue queue, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        if ((way.QueueId is null) == way.Options.IsNone())
            problems.Add(new("one_queue_or_options", path, "Choose either one queue, or one or more options."));
        if (way.QueueId is { } target)
            OfTarget(target, Channel.Mobile, $"{path}.queueId", queue, center, problems);
        if (way.Options.Email && center.Settings.Center.Email is null)
            problems.Add(EmailMissing($"{path}.options.email"));
        if (way.Options.Voicemail)
            OfMessages(MobileVoicemailMessages, $"{path}.options.voicemail", center, problems);
        if (way.Options.ScheduledCall && !queue.ScheduledCalls.Enabled)
            problems.Add(new("scheduled_calls_off", $"{path}.options.scheduledCall", "Scheduled calls are not enabled for the queue."));
    }

    private static void OfTarget(Guid targetId, Channel channel, string path, Queue? from, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        if (center.FindLive(targetId) is not { } target)
            problems.Add(new("queue_not_found", path, "There is no such queue, or it is archived."));
        else if (target.Channel != channel)
            problems.Add(new("queue_of_other_channel", path, "The queue belongs to the menu of another channel."));
        else if (!center.IsLeaf(targetId))
            problems.Add(new("queue_leads_on", path, "The queue only leads on to those below it: choose one of them.") { Of = targetId.ToString() });
        // The center's own target never closes or deflects by rules of its own, which helps: any other would be sent to itself, a circle.
        else if (from is not null && targetId != from.Id && !DeflectionChains.IsOpenWhileClosed(target, from, center))
            problems.Add(new("queue_never_open_then", path, "The queue is never open while this one is closed, in no language, and does not take contacts then either."));
    }

    private static void OfLocal(IReadOnlyList<LocalMessage> messages, string path, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        foreach (var language in center.Settings.Center.Languages)
        {
            if (!messages.Any(m => string.Equals(m.Language, language, StringComparison.OrdinalIgnoreCase)))
                problems.Add(new("message_missing", path, $"The message is missing in {language}."));
        }

        foreach (var repeated in messages.CountBy(m => Languages.Normal(m.Language), StringComparer.Ordinal).Where(m => m.Value > 1))
            problems.Add(new("message_repeated", path, $"There are {repeated.Value} messages in {repeated.Key}."));
        if (messages.Any(m => !m.Message.IsWhole()))
            problems.Add(new("message_not_whole", path, $"A message is text of 1 to {Message.MaxText} characters or uploaded audio, and not both."));
    }

    private static void OfMessages(IReadOnlyList<MessageKey> keys, string path, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        foreach (var key in keys)
            OfMessage(key, path, center, problems);
    }

    private static void OfMessage(MessageKey key, string path, CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        foreach (var language in center.Settings.Center.Languages)
        {
            if (center.Settings.Messages.Find(key, language) is null)
                problems.Add(MessageMissing(key, language, path));
        }
    }

    private static ConfigurationProblem MessageMissing(MessageKey key, string language, string path) =>
        new("message_missing", path, $"The message {ConfigurationUses.NameOf(key)} is missing in {language}.");

    private static void OfChains(CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        foreach (var (queueId, isCycle, path) in DeflectionChains.Broken(center))
        {
            var way = string.Join(" → ", path.Select(ConfigurationUses.Named));
            var problem = isCycle
                ? new ConfigurationProblem("deflection_cycle", $"queues.{queueId}.deflection", $"Contacts would be sent in a circle: {way}.")
                : new("deflection_too_long", $"queues.{queueId}.deflection", $"Contacts would be sent through more than {Deflector.MaxHops} queues: {way}.");
            problems.Add(problem with { Of = string.Join(' ', path.Select(q => q.Id)) });
        }
    }

    /// <summary>Who must be asked must be asked in their language (REC-3).</summary>
    private static void OfRecording(CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        var policies = center.Settings.Lines.Numbers.Select((line, i) => (Path: $"phoneNumbers.numbers[{i}].recording", Policy: line.Recording))
            .Prepend(("recording.consent", new RecordingPolicy(center.Settings.Recording.Enabled, center.Settings.Recording.Consent)));
        foreach (var (path, policy) in policies)
        {
            if (policy is { Enabled: true, Consent: var consent and not ConsentMode.None })
                OfMessage(consent == ConsentMode.OptIn ? MessageKey.RecordingOptIn : MessageKey.RecordingOptOut, path, center, problems);
        }
    }

    // Audio must be there wherever it is named, also where deflection is off.
    private static void OfAudio(CenterConfiguration center, List<ConfigurationProblem> problems)
    {
        foreach (var use in ConfigurationUses.OfAudio(center).Where(u => !center.Settings.Audio.ContainsKey(u.Id)))
            problems.Add(new("audio_not_found", use.Path, $"The audio {use.Id} that the message plays does not exist."));
    }

    private static ConfigurationProblem EmailMissing(string path) => new("support_email_missing", path, "The support center has no e-mail address.");
}
