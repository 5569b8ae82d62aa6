using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>
/// The one decision about hours and deflection (AHD-1 to AHD-6, AHD-9): where a contact goes at an instant, what it is
/// offered and hears, and why. Pure; who is signed in does not matter to it. The menus of the SDKs, every entrance,
/// transfers and <c>POST /v1/deflection/decide</c> all ask it.
/// </summary>
public static class Deflector
{
    /// <summary>The most queues a contact may be sent through; a longer chain is refused when it is configured.</summary>
    public const int MaxHops = 10;

    private static readonly ImmutableArray<DeflectionOption> NoOptions = [];

    /// <summary>Decides.</summary>
    /// <param name="contact">Who, and which queue they chose.</param>
    /// <param name="center">The configuration.</param>
    /// <param name="at">The instant.</param>
    public static DeflectionDecision Decide(Contact contact, CenterConfiguration center, DateTimeOffset at) =>
        Follow(contact, center, at, keepWhy: true);

    /// <summary>The same without path and why, for a menu that asks hundreds of times and shows neither.</summary>
    internal static DeflectionDecision DecideBriefly(Contact contact, CenterConfiguration center, DateTimeOffset at) =>
        Follow(contact, center, at, keepWhy: false);

    private static DeflectionDecision Follow(Contact contact, CenterConfiguration center, DateTimeOffset at, bool keepWhy)
    {
        var trail = new Trail(keepWhy);
        var queueId = contact.QueueId;
        while (true)
        {
            trail.Enter(queueId);
            if (center.FindLive(queueId) is not { } queue)
                return EndsWithMessage(Rule.QueueGone, contact, center, ref trail);
            if (IsTaken(contact, queue, center, at, ref trail))
                return trail.Ends(Route.Queue);

            var (next, ending) = Deflect(contact, queue, center, ref trail);
            if (ending is not null)
                return ending;
            if (next is null || trail.IsFull)
                return EndsWithMessage(next is null ? Rule.QueueGone : Rule.TooManyQueues, contact, center, ref trail);
            queueId = next.Value;
        }
    }

    /// <summary>Whether the queue is inside the hours that apply to it.</summary>
    public static bool IsOpen(Queue queue, CenterConfiguration center, string language, DateTimeOffset at) =>
        center.HoursOf(queue.Id, queue.Channel, language).Hours?.IsOpen(at) ?? true;

    /// <summary>The virtual agent that answers in the queue now, or null: it is always there, or as long as the queue is open.</summary>
    public static VirtualAgentAssignment? VirtualAgentOf(Queue queue, CenterConfiguration center, string language, DateTimeOffset at) =>
        queue.VirtualAgent is { } assigned && (assigned.Availability == VirtualAgentAvailability.Always || IsOpen(queue, center, language, at)) ? assigned : null;

    /// <summary>Whether contacts of this kind are deflected while the queue is closed: by its own rules, or by the center's.</summary>
    public static bool IsDeflecting(Queue queue, SessionKind kind, CenterConfiguration center) =>
        queue.Deflection is not null || (kind == SessionKind.Call ? center.Settings.Calls.Enabled : center.Settings.Chats.Enabled);

    /// <summary>Whether any of the options that are set can be offered in the queue.</summary>
    internal static bool OffersAnything(SdkOptions set, SessionKind kind, Queue queue, CenterConfiguration center) =>
        (set.ScheduledCall && IsPossible(OptionKind.ScheduledCall, kind, queue, center))
        || (set.Email && IsPossible(OptionKind.Email, kind, queue, center))
        || (set.PhoneNumber is not null && IsPossible(OptionKind.PhoneNumber, kind, queue, center))
        || (set.Voicemail && IsPossible(OptionKind.Voicemail, kind, queue, center));

    private static bool IsPossible(OptionKind option, SessionKind kind, Queue queue, CenterConfiguration center) => option switch
    {
        OptionKind.ScheduledCall => queue.ScheduledCalls.Enabled,
        OptionKind.Email => center.Settings.Center.Email is not null,
        OptionKind.PhoneNumber => queue.Channel == Channel.Mobile,
        _ => queue.Channel == Channel.Mobile && kind == SessionKind.Call,
    };

    /// <summary>A broken configuration, which was never to be: the center's message is what is left for who calls.</summary>
    private static DeflectionDecision EndsWithMessage(Rule rule, Contact contact, CenterConfiguration center, ref Trail trail)
    {
        trail.Because(rule);
        return trail.Ends(Route.MessageOnly, message: contact.Kind == SessionKind.Call ? Heard(MessageKey.AfterHours, contact, center, ref trail) : null);
    }

    private static bool IsTaken(Contact contact, Queue queue, CenterConfiguration center, DateTimeOffset at, ref Trail trail)
    {
        var (hours, level) = center.HoursOf(queue.Id, queue.Channel, contact.Language);
        trail.Because(level);
        var answer = hours?.WhatApplies(at);
        if (answer is not { IsOpen: false })
        {
            trail.Because(Rule.Open, answer?.Rule);
            return true;
        }

        trail.Because(Rule.Closed, answer.Value.Rule);
        if (!contact.IsPassedOn && queue.VirtualAgent is { Availability: VirtualAgentAvailability.Always })
        {
            trail.Because(Rule.VirtualAgentAlways);
            return true;
        }

        if (IsDeflecting(queue, contact.Kind, center))
        {
            trail.Because(queue.Deflection is null ? Rule.CenterDeflection : Rule.QueueDeflection);
            return false;
        }

        trail.Because(Rule.DeflectionOff);
        return true;
    }

    private static (Guid? Next, DeflectionDecision? Ending) Deflect(Contact contact, Queue queue, CenterConfiguration center, ref Trail trail) => queue switch
    {
        { Deflection.Ivr: { } own } => ByTelephone(own, contact, center, ref trail),
        { Deflection.Mobile: { QueueId: { } next } } => (next, null),
        { Deflection.Mobile: { } own } => (null, ByOptions(own.Options, contact, queue, center, ref trail)),
        { Deflection.Sms: { } own } => (null, trail.Ends(Route.TextMessage, message: Best(own.Text, contact, center, ref trail))),
        _ when contact.Kind == SessionKind.Chat => (null, ByEmail(contact, queue, center, ref trail)),
        { Channel: Channel.Ivr } => ByTelephone(center.Settings.Calls.Ivr, contact, center, ref trail),
        _ => (null, ByOptions(center.Settings.Calls.Sdk, contact, queue, center, ref trail)),
    };

    private static (Guid? Next, DeflectionDecision? Ending) ByTelephone(IvrDeflection way, Contact contact, CenterConfiguration center, ref Trail trail) => way.Option switch
    {
        IvrOption.Queue => (way.QueueId, null),
        IvrOption.PhoneNumber => (null, trail.Ends(Route.PhoneNumber, phoneNumber: way.PhoneNumber)),
        IvrOption.Voicemail => (null, trail.Ends(Route.Voicemail, message: Heard(MessageKey.VoicemailGreeting, contact, center, ref trail, way.Greeting))),
        _ => (null, trail.Ends(Route.MessageOnly, message: Heard(MessageKey.AfterHours, contact, center, ref trail, way.Greeting))),
    };

    private static DeflectionDecision ByEmail(Contact contact, Queue queue, CenterConfiguration center, ref Trail trail)
    {
        var email = center.Settings.Center.Email;
        return center.Settings.Chats.Email && queue.Channel != Channel.Sms && email is not null
            ? trail.Ends(Route.Options, [new DeflectionOption(OptionKind.Email, email)], message: BeforeAddress(contact, center, ref trail))
            : trail.Ends(Route.EmailInChat, email: email, message: Heard(MessageKey.AfterHours, contact, center, ref trail));
    }

    /// <summary>Who chooses the address reads nothing before it; who is passed on is shown it, and reads why.</summary>
    private static Message? BeforeAddress(Contact contact, CenterConfiguration center, ref Trail trail) =>
        contact is { IsPassedOn: true, Kind: SessionKind.Chat } ? Heard(MessageKey.AfterHours, contact, center, ref trail) : null;

    private static DeflectionDecision ByOptions(SdkOptions offered, Contact contact, Queue queue, CenterConfiguration center, ref Trail trail)
    {
        var options = default(OptionBuffer);
        var count = 0;
        Add(offered.ScheduledCall, OptionKind.ScheduledCall, value: null, ref options, ref trail);
        Add(offered.Email, OptionKind.Email, center.Settings.Center.Email, ref options, ref trail);
        Add(offered.PhoneNumber is not null, OptionKind.PhoneNumber, offered.PhoneNumber, ref options, ref trail);
        Add(offered.Voicemail, OptionKind.Voicemail, value: null, ref options, ref trail);
        if (count == 0)
            trail.Because(Rule.NothingToOffer);
        var isShown = offered.Email && center.Settings.Center.Email is not null;
        return trail.Ends(
            Route.Options, ImmutableArray.Create(((ReadOnlySpan<DeflectionOption>)options)[..count]), message: isShown ? BeforeAddress(contact, center, ref trail) : null);

        void Add(bool isSet, OptionKind kind, string? value, ref OptionBuffer into, ref Trail why)
        {
            if (isSet && IsPossible(kind, contact.Kind, queue, center))
                into[count++] = new DeflectionOption(kind, value);
            else if (isSet)
                why.Because(Rule.OptionLeftOut, option: kind);
        }
    }

    private static Message? Heard(MessageKey key, Contact contact, CenterConfiguration center, ref Trail trail, IReadOnlyList<LocalMessage>? greeting = null) =>
        Best(greeting is { Count: > 0 } ? greeting : center.Settings.Messages.Of(key), contact, center, ref trail);

    private static Message? Best(IReadOnlyList<LocalMessage> there, Contact contact, CenterConfiguration center, ref Trail trail)
    {
        var best = Languages.Best(contact.Language, center.Settings.Center.DefaultLanguage, there);
        if (best is not null && !Languages.IsFor(contact.Language, best.Language))
            trail.Because(Rule.OtherLanguage, language: best.Language);
        return best?.Message;
    }

    [InlineArray(4)]
    private struct OptionBuffer
    {
        private DeflectionOption first;
    }

    [InlineArray(MaxHops + 1)]
    private struct PathBuffer
    {
        private Guid first;
    }

    [InlineArray((MaxHops + 1) * 6)]
    private struct ReasonBuffer
    {
        private Reason first;
    }

    /// <summary>Collects the path and the why on the stack: only the answer is allocated.</summary>
    private ref struct Trail(bool keepWhy)
    {
        private readonly bool keepWhy = keepWhy;
        private PathBuffer path;
        private ReasonBuffer reasons;
        private int pathLength;
        private int reasonCount;

        public readonly bool IsFull => pathLength == MaxHops + 1;

        public void Enter(Guid queueId) => path[pathLength++] = queueId;

        public void Because(Rule rule, HoursRule? hours = null, OptionKind? option = null, string? language = null) =>
            reasons[reasonCount++] = new Reason(rule, path[pathLength - 1], hours, option, language);

        public readonly DeflectionDecision Ends(
            Route route, ImmutableArray<DeflectionOption> options = default, string? phoneNumber = null, string? email = null, Message? message = null) =>
            new(
                route,
                path[pathLength - 1],
                keepWhy ? ImmutableArray.Create(((ReadOnlySpan<Guid>)path)[..pathLength]) : [],
                options.IsDefault ? NoOptions : options,
                phoneNumber,
                email,
                message,
                keepWhy ? ImmutableArray.Create(((ReadOnlySpan<Reason>)reasons)[..reasonCount]) : []);
    }
}
