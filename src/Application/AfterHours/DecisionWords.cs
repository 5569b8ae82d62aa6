using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.AfterHours;

/// <summary>An option as an SDK offers it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">The address or the number (E.164), or null.</param>
/// <param name="ShownAs"><c>slots</c>, <c>address</c> (web), <c>mail_client</c> (mobile: with app version and device in the body),
/// <c>call_now</c>, <c>leave_a_message</c>.</param>
/// <param name="Href">For a scheduled call: where its free slots are; else null.</param>
public sealed record OfferedOption(OptionKind Kind, string? Value, string ShownAs, string? Href)
{
    /// <summary>Of what was decided.</summary>
    public static OfferedOption Of(DeflectionOption option, Channel channel, Guid queueId) => new(
        option.Kind,
        option.Value,
        option.Kind switch
        {
            OptionKind.ScheduledCall => "slots",
            OptionKind.Email => channel == Channel.Mobile ? "mail_client" : "address",
            OptionKind.PhoneNumber => "call_now",
            _ => "leave_a_message",
        },
        option.Kind == OptionKind.ScheduledCall ? SlotsOf(queueId) : null);

    /// <summary>Where a queue's free slots are.</summary>
    public static string SlotsOf(Guid queueId) => $"/v1/queues/{queueId:D}/slots";
}

/// <summary>One rule that spoke.</summary>
/// <param name="Rule">Which.</param>
/// <param name="QueueId">About which queue.</param>
/// <param name="QueueName">Its name, or null where there is no such queue.</param>
/// <param name="Exception">The dated exception that says whether it is open, or null.</param>
/// <param name="Words">The same for people.</param>
/// <param name="Weekday">The weekday whose hours say whether it is open, or null.</param>
/// <param name="Option">The option that is left out, or null.</param>
/// <param name="Language">The language the message is given in, where it is not the contact's; or null.</param>
public sealed record ReasonView(
    Rule Rule, Guid QueueId, string? QueueName, string? Exception, string Words, DayOfWeek? Weekday = null, OptionKind? Option = null, string? Language = null)
{
    /// <summary>Of one step.</summary>
    public static ReasonView Of(Reason reason, CenterConfiguration center)
    {
        var name = center.Queues.GetValueOrDefault(reason.QueueId)?.Name;
        return new ReasonView(
            reason.Rule, reason.QueueId, name, reason.Hours?.Exception?.Name, $"{name ?? "The queue"}: {WordsOf(reason)}", reason.Hours?.Weekday, reason.Option,
            reason.Language);
    }

    private static string WordsOf(Reason reason) => reason.Rule switch
    {
        Rule.QueueHours => "its own hours apply; they override those of channel, language and center.",
        Rule.ChannelHours => "it has no hours of its own; the channel's apply and override those of language and center.",
        Rule.LanguageHours => "neither it nor the channel has hours; the language's apply and override the center's.",
        Rule.GlobalHours => "the center's hours apply; nothing more specific is set.",
        Rule.NoHours => "no hours are set anywhere, so it is always open.",
        Rule.Open => reason.Hours is null ? "open." : $"open by {SourceOf(reason.Hours)}.",
        Rule.Closed => $"closed by {SourceOf(reason.Hours!)}.",
        Rule.VirtualAgentAlways => "its virtual agent is always there and takes the contact.",
        Rule.DeflectionOff => "deflection is off, for the center and for it; it takes contacts while closed.",
        Rule.CenterDeflection => "it has no deflection of its own; the center's applies.",
        Rule.QueueDeflection => "its own deflection applies and overrides the center's.",
        Rule.OptionLeftOut => reason.Option switch
        {
            OptionKind.ScheduledCall => "scheduled_call is set and left out: scheduled calls are not enabled in the queue.",
            OptionKind.Email => "email is set and left out: the support center has no e-mail address.",
            OptionKind.PhoneNumber => "phone_number is set and left out: only mobile has it.",
            _ => "voicemail is set and left out: only calls from mobile have it.",
        },
        Rule.NothingToOffer => "nothing that is set can be offered here.",
        Rule.OtherLanguage => $"the message is not there in the contact's language; it is given in {reason.Language}.",
        Rule.TooManyQueues => "the contact was sent through too many queues.",
        _ => "it does not exist or is archived.",
    };

    private static string SourceOf(HoursRule hours) => hours switch
    {
        { Exception: { } exception } => $"the exception \"{exception.Name}\"",
        { Kind: HoursRuleKind.AroundTheClock } => "being open 24 hours",
        _ => $"the hours of {hours.Weekday}",
    };
}
