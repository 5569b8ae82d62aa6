using System.Collections.Immutable;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>Somebody who wants to come in, or is to be handed on.</summary>
/// <param name="Kind">Call or chat.</param>
/// <param name="Channel">How it enters.</param>
/// <param name="QueueId">The menu entry chosen.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="IsPassedOn">True if a virtual agent passes them on to people: no virtual agent takes them then.</param>
public readonly record struct Contact(SessionKind Kind, Channel Channel, Guid QueueId, string Language, bool IsPassedOn = false);

/// <summary>Where a contact goes.</summary>
public enum Route
{
    /// <summary>Waits in a queue, which may be another than the one chosen.</summary>
    Queue,

    /// <summary>Chooses among options; nothing else is offered (AHD-3).</summary>
    Options,

    /// <summary>Is sent on to another telephone number.</summary>
    PhoneNumber,

    /// <summary>Leaves a message.</summary>
    Voicemail,

    /// <summary>Hears the after-hours message; then the call ends.</summary>
    MessageOnly,

    /// <summary>Is shown the support center's e-mail address inside the chat, which then ends (AHD-5).</summary>
    EmailInChat,

    /// <summary>Gets the queue's after-hours text message; then the chat ends (AHD-6).</summary>
    TextMessage,
}

/// <summary>Something that is offered instead of the usual.</summary>
public enum OptionKind
{
    /// <summary>A call at a time inside the queue's hours.</summary>
    ScheduledCall,

    /// <summary>The support center's e-mail address.</summary>
    Email,

    /// <summary>Another telephone number: "call now".</summary>
    PhoneNumber,

    /// <summary>"Leave a message".</summary>
    Voicemail,
}

/// <summary>One option with what is needed to offer it.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Value">The address or the number (E.164); null for the others.</param>
public readonly record struct DeflectionOption(OptionKind Kind, string? Value);

/// <summary>Which rule spoke.</summary>
public enum Rule
{
    /// <summary>The queue's own hours applied.</summary>
    QueueHours,

    /// <summary>The channel's hours applied.</summary>
    ChannelHours,

    /// <summary>The language's hours applied.</summary>
    LanguageHours,

    /// <summary>The center's hours applied.</summary>
    GlobalHours,

    /// <summary>No hours are set anywhere: always open.</summary>
    NoHours,

    /// <summary>The queue is open.</summary>
    Open,

    /// <summary>The queue is closed.</summary>
    Closed,

    /// <summary>Its virtual agent is always there, so that a closed queue takes the contact (AHD-7).</summary>
    VirtualAgentAlways,

    /// <summary>Deflection is off for the center, and the queue has none of its own: a closed queue takes the contact (AHD-2).</summary>
    DeflectionOff,

    /// <summary>The center's deflection applied.</summary>
    CenterDeflection,

    /// <summary>The queue's own deflection overrode the center's (AHD-6).</summary>
    QueueDeflection,

    /// <summary>An option that is set was left out, and is named: the channel has none such, or it needs what is not there.</summary>
    OptionLeftOut,

    /// <summary>Nothing that is set can be offered to this contact.</summary>
    NothingToOffer,

    /// <summary>The queue does not exist or is archived.</summary>
    QueueGone,

    /// <summary>The contact was sent through as many queues as may be: the call ends with the after-hours message.</summary>
    TooManyQueues,

    /// <summary>The message is not there in the contact's language, and is given in the default one, which is named.</summary>
    OtherLanguage,
}

/// <summary>One step of the why.</summary>
/// <param name="Rule">Which rule spoke.</param>
/// <param name="QueueId">About which queue.</param>
/// <param name="Hours">With <see cref="Rule.Open"/> and <see cref="Rule.Closed"/>: the weekday or exception of the hours that says so; null where
/// there are no hours.</param>
/// <param name="Option">With <see cref="Rule.OptionLeftOut"/>: which one; else null.</param>
/// <param name="Language">With <see cref="Rule.OtherLanguage"/>: the message's, BCP 47; else null.</param>
public readonly record struct Reason(Rule Rule, Guid QueueId, HoursRule? Hours = null, OptionKind? Option = null, string? Language = null);

/// <summary>Where a contact goes at an instant, what it is offered and hears, and why.</summary>
/// <param name="Route">Where.</param>
/// <param name="QueueId">The queue it ends up at: where it waits, or whose deflection spoke.</param>
/// <param name="Path">The queues it came by, the chosen one first; more than one after queue-to-queue deflection (AHD-9).</param>
/// <param name="Options">What is offered, with <see cref="Route.Options"/>.</param>
/// <param name="PhoneNumber">E.164, with <see cref="Route.PhoneNumber"/>.</param>
/// <param name="Email">The support center's address, with <see cref="Route.EmailInChat"/>.</param>
/// <param name="Message">What is played or sent, or null; with <see cref="Route.EmailInChat"/> it stands before the address, and with
/// <see cref="Route.Options"/> it is there for a chat that is passed on and is shown the address.</param>
/// <param name="Why">Each rule that spoke, in order.</param>
public sealed record DeflectionDecision(
    Route Route,
    Guid QueueId,
    ImmutableArray<Guid> Path,
    ImmutableArray<DeflectionOption> Options,
    string? PhoneNumber,
    string? Email,
    Message? Message,
    ImmutableArray<Reason> Why)
{
    /// <summary>True if the contact goes elsewhere than into the queue it chose.</summary>
    public bool IsDeflected => Route != Route.Queue || Path.Length > 1;
}
