using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Recordings;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Settings;

/// <summary>
/// The rules of one page of the settings: its shape. What a page needs from another, or from queues, is checked for the
/// configuration as a whole (<see cref="ConfigurationRules"/>). Each function needs no more of the state than its page's.
/// </summary>
public static class SettingsDecider
{
    /// <summary>The most languages that anything may be there in.</summary>
    internal const int MaxLanguages = 50;

    private static readonly int MaxChannels = Enum.GetValues<Channel>().Length;
    private const int MaxStatuses = 50;
    private const int MaxNumbers = 1_000;
    private const string Consents = "Must be none, opt_in or opt_out.";

    /// <summary>The support center is described anew.</summary>
    public static Decision<SettingsEvent> DescribeSupportCenter(CenterSettings s, SupportCenter center, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        faults.Text("name", center.Name, 100);
        faults.Email("email", center.Email);
        faults.PhoneNumber("phoneNumber", center.PhoneNumber);
        if (!HoursZones.IsKnown(center.TimeZone))
            faults.Add("timeZone", "Not a time zone of the IANA database, such as Europe/Berlin.");
        if (center.Languages.Count is 0 or > MaxLanguages)
            faults.Add("languages", $"Enable 1 to {MaxLanguages} languages.");
        foreach (var (i, language) in center.Languages.Take(MaxLanguages).Index())
            faults.Language($"languages[{i}]", language);
        faults.Different(center.Languages, i => $"languages[{i}]");
        faults.Language("defaultLanguage", center.DefaultLanguage);
        return faults.Error ?? Unless<SettingsEvent>(s.Center == center, new SupportCenterDescribed(center, now));
    }

    /// <summary>Other hours of operation apply: the center's, and those of channels and languages (AHD-1).</summary>
    public static Decision<SettingsEvent> SetHours(CenterSettings s, HoursOfOperation hours, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (hours.Global is not null)
            faults.Add(HoursValidation.WhyNot(hours.Global, "global."));
        if (hours.Channels.Count > MaxChannels)
            faults.Add("channels", $"At most {MaxChannels} channels can have hours of their own.");
        foreach (var (i, channel) in hours.Channels.Take(MaxChannels).Index())
        {
            if (channel is null || !Enum.IsDefined(channel.Channel))
                faults.Add($"channels[{i}]", "Must be hours of ivr, mobile, web or sms.");
            else
                faults.Add(HoursValidation.WhyNot(channel.Hours, $"channels[{i}].hours."));
            if (channel is not null && hours.Channels.Take(i).Any(c => c?.Channel == channel.Channel))
                faults.Add($"channels[{i}].channel", "The channel is there twice.");
        }

        if (hours.Languages.Count > MaxLanguages)
            faults.Add("languages", $"At most {MaxLanguages} languages can have hours of their own.");
        foreach (var (i, language) in hours.Languages.Take(MaxLanguages).Index())
        {
            faults.Language($"languages[{i}].language", language?.Language);
            if (language is not null)
                faults.Add(HoursValidation.WhyNot(language.Hours, $"languages[{i}].hours."));
        }

        faults.Different(hours.Languages.Select(l => l?.Language), i => $"languages[{i}].language");
        return faults.Error ?? Unless<SettingsEvent>(s.Hours == hours, new HoursOfOperationSet(hours, now));
    }

    /// <summary>Calls outside the hours go another way (AHD-2 to AHD-4).</summary>
    public static Decision<SettingsEvent> ConfigureCalls(CenterSettings s, CallDeflection calls, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        faults.PhoneNumber("sdk.phoneNumber", calls.Sdk.PhoneNumber);
        faults.PhoneNumber("ivr.phoneNumber", calls.Ivr.PhoneNumber);
        if (!Enum.IsDefined(calls.Ivr.Option))
            faults.Add("ivr.option", "Must be message_only, queue, phone_number or voicemail.");
        faults.Messages("ivr.greeting", calls.Ivr.Greeting);
        return faults.Error ?? Unless<SettingsEvent>(s.Calls == calls, new CallDeflectionConfigured(calls, now));
    }

    /// <summary>Chats outside the hours go another way (AHD-5).</summary>
    public static Decision<SettingsEvent> ConfigureChats(CenterSettings s, ChatDeflection chats, DateTimeOffset now) =>
        Unless<SettingsEvent>(s.Chats == chats, new ChatDeflectionConfigured(chats, now));

    /// <summary>A message of the center says this in one language (AHD-8).</summary>
    public static Decision<SettingsEvent> SetMessage(CenterSettings s, MessageKey key, string language, Message message, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (!Enum.IsDefined(key))
            faults.Add("key", "There is no such message.");
        faults.Language("language", language);
        faults.Message(string.Empty, message);
        return faults.Error ?? Unless<SettingsEvent>(
            s.Messages.Find(key, language) == message, new MessageSet(key, Languages.Normal(language), message, now));
    }

    /// <summary>The center has no such message in this language any more.</summary>
    public static Decision<SettingsEvent> RemoveMessage(CenterSettings s, MessageKey key, string language, DateTimeOffset now) =>
        Unless<SettingsEvent>(s.Messages.Find(key, language) is null, new MessageRemoved(key, Languages.Normal(language), now));

    /// <summary>The same by somebody who removes this message alone: refused while anything that is on gives it in this language.</summary>
    /// <param name="s">The page of messages.</param>
    /// <param name="center">The configuration it is part of.</param>
    /// <param name="key">Which message.</param>
    /// <param name="language">BCP 47.</param>
    /// <param name="now">The time.</param>
    public static Decision<SettingsEvent> RemoveMessage(CenterSettings s, CenterConfiguration center, MessageKey key, string language, DateTimeOffset now)
    {
        var removed = RemoveMessage(s, key, language, now);
        return removed.Events is [MessageRemoved gone] && ConfigurationRules.WhyNotRemoved(center, gone) is { } inUse ? inUse : removed;
    }

    /// <summary>A recording for messages is kept. The same sound again is the same recording, whatever it is called.</summary>
    /// <param name="s">The page of recordings.</param>
    /// <param name="audio">The recording, found to be playable.</param>
    /// <param name="now">The time.</param>
    public static Decision<SettingsEvent> KeepAudio(CenterSettings s, MessageAudio audio, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        faults.Text("name", audio.Name, 100);
        return faults.Error ?? Unless<SettingsEvent>(s.Audio.ContainsKey(audio.AudioId), new MessageAudioUploaded(audio, now));
    }

    /// <summary>A recording is thrown away; refused while a message anywhere in the configuration plays it.</summary>
    public static Decision<SettingsEvent> RemoveAudio(CenterSettings s, CenterConfiguration center, Guid audioId, DateTimeOffset now)
    {
        if (!s.Audio.TryGetValue(audioId, out var audio))
            return Decision<SettingsEvent>.Nothing;
        return ConfigurationRules.WhyNotThrownAway(center, audioId) is { } inUse ? inUse : new MessageAudioRemoved(audioId, audio.ContentId, now);
    }

    /// <summary>The monitoring pages go by other limits (END-4).</summary>
    public static Decision<SettingsEvent> ConfigureMonitoring(CenterSettings s, MonitoringRules rules, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (rules.StuckAfterMinutes is < 1 or > MonitoringRules.MostStuckMinutes)
            faults.Add("stuckAfterMinutes", $"Must be from 1 to {MonitoringRules.MostStuckMinutes}.");
        if (!MonitoringRules.ServiceTargets.Contains(rules.ServiceLevelSeconds))
            faults.Add("serviceLevelSeconds", $"Must be one of {string.Join(", ", MonitoringRules.ServiceTargets)}.");
        return faults.Error ?? Unless<SettingsEvent>(s.Monitoring == rules, new MonitoringConfigured(rules, now));
    }

    /// <summary>Agents may choose other statuses; who is in one that is gone stays in it until they choose again.</summary>
    public static Decision<SettingsEvent> DefineAgentStatuses(CenterSettings s, AgentStatuses statuses, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (statuses.Custom.Count > MaxStatuses)
            faults.Add("custom", $"At most {MaxStatuses} statuses.");
        foreach (var (i, status) in statuses.Custom.Take(MaxStatuses).Index())
        {
            if (status?.Name is not { Length: > 0 and <= 50 } name || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
                faults.Add($"custom[{i}].name", "Must be 1 to 50 lower-case letters, digits and underscores.");
            else if (AgentStatuses.Reserved.Contains(name))
                faults.Add($"custom[{i}].name", "Every center has this one.");
            else if (statuses.Custom.Take(i).Any(other => other?.Name == name))
                faults.Add($"custom[{i}].name", "The status is there twice.");
            faults.Text($"custom[{i}].label", status?.Label, 100);
        }

        return faults.Error ?? Unless<SettingsEvent>(s.Statuses == statuses, new AgentStatusesDefined(statuses, now));
    }

    /// <summary>Calls are recorded, or not, by other rules (REC-3, REC-4).</summary>
    public static Decision<SettingsEvent> ConfigureRecording(CenterSettings s, RecordingRules rules, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (!Enum.IsDefined(rules.Consent))
            faults.Add("consent", Consents);
        foreach (var (field, seconds) in new[] { ("redactionSeconds", rules.RedactionSeconds), ("pauseSeconds", rules.PauseSeconds) })
        {
            if (seconds is < RecordingRules.LeastSeconds or > RecordingRules.MostSeconds)
                faults.Add(field, $"Must be from {RecordingRules.LeastSeconds} to {RecordingRules.MostSeconds}.");
        }

        OfRetention(rules.Retention, faults);

        return faults.Error ?? Unless<SettingsEvent>(s.Recording == rules, new RecordingConfigured(rules, now));
    }

    private static void OfRetention(RecordingRetention? retention, FieldFaults faults)
    {
        if (retention is null)
            faults.Add("retention", "Must not be empty.");
        else if (!Enum.IsDefined(retention.Policy))
            faults.Add("retention.policy", "Must be crm or hosted.");
        else if (retention.DeleteAfterDays is < 1 or > RecordingRetention.MostDays)
            faults.Add("retention.deleteAfterDays", $"Must be from 1 to {RecordingRetention.MostDays}, or null.");
    }

    /// <summary>The center has other telephone numbers, or they are recorded by other rules (REC-3).</summary>
    public static Decision<SettingsEvent> ConfigurePhoneNumbers(CenterSettings s, PhoneLines lines, DateTimeOffset now)
    {
        var faults = new FieldFaults();
        if (lines.Numbers.Count > MaxNumbers)
            faults.Add("numbers", $"At most {MaxNumbers} numbers.");
        foreach (var (i, line) in lines.Numbers.Take(MaxNumbers).Index())
        {
            if (line?.Number is null)
                faults.Add($"numbers[{i}].number", "Must not be empty.");
            else
                faults.PhoneNumber($"numbers[{i}].number", line.Number);
            faults.Text($"numbers[{i}].label", line?.Label, 100);
            if (line?.Recording is { } recording && !Enum.IsDefined(recording.Consent))
                faults.Add($"numbers[{i}].recording.consent", Consents);
        }

        foreach (var (i, line) in lines.Numbers.Take(MaxNumbers).Index())
        {
            if (lines.Numbers.Take(i).Any(other => other?.Number == line?.Number))
                faults.Add($"numbers[{i}].number", "The number is there twice.");
        }

        return faults.Error ?? Unless<SettingsEvent>(s.Lines == lines, new PhoneNumbersConfigured(lines, now));
    }

    private static Decision<TEvent> Unless<TEvent>(bool isSo, TEvent happened)
        where TEvent : IDomainEvent => isSo ? Decision<TEvent>.Nothing : happened;
}
