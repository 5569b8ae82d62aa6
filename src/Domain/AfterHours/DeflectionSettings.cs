using ContactCenter.Domain.Settings;

namespace ContactCenter.Domain.AfterHours;

/// <summary>Where a caller of a telephone menu goes outside the hours (AHD-4).</summary>
public enum IvrOption
{
    /// <summary>The after-hours message is played, then the call ends.</summary>
    MessageOnly,

    /// <summary>Another queue, say one that is always open.</summary>
    Queue,

    /// <summary>Another telephone number.</summary>
    PhoneNumber,

    /// <summary>The caller leaves a message.</summary>
    Voicemail,
}

/// <summary>What happens to calls of a telephone menu outside the hours.</summary>
/// <param name="Option">Which way.</param>
/// <param name="QueueId">Where to, for <see cref="IvrOption.Queue"/>; null otherwise.</param>
/// <param name="PhoneNumber">E.164, for <see cref="IvrOption.PhoneNumber"/>; null otherwise.</param>
/// <param name="Greeting">Played instead of the center's message, per language; empty for the center's own. Only with
/// <see cref="IvrOption.MessageOnly"/> and <see cref="IvrOption.Voicemail"/>.</param>
public sealed record IvrDeflection(
    IvrOption Option, Guid? QueueId = null, string? PhoneNumber = null, IReadOnlyList<LocalMessage>? Greeting = null)
{
    /// <summary>What a new contact center has: the message, then the end.</summary>
    public static IvrDeflection Default { get; } = new(IvrOption.MessageOnly);

    /// <inheritdoc/>
    public bool Equals(IvrDeflection? other) =>
        other is not null && Option == other.Option && QueueId == other.QueueId
        && string.Equals(PhoneNumber, other.PhoneNumber, StringComparison.Ordinal)
        && (Greeting ?? []).SequenceEqual(other.Greeting ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Option, QueueId, PhoneNumber);
}

/// <summary>What the SDKs offer instead of the usual outside the hours (AHD-3).</summary>
/// <param name="ScheduledCall">Free slots inside the queue's hours; only where the queue has scheduled calls.</param>
/// <param name="Email">The support center's address.</param>
/// <param name="PhoneNumber">E.164, or null; mobile only.</param>
/// <param name="Voicemail">For the agents of the chosen queue; mobile only.</param>
public sealed record SdkOptions(bool ScheduledCall = false, bool Email = false, string? PhoneNumber = null, bool Voicemail = false)
{
    /// <summary>True if nothing is offered.</summary>
    public bool IsNone() => !ScheduledCall && !Email && PhoneNumber is null && !Voicemail;
}

/// <summary>Calls outside the hours, for the whole contact center (AHD-2).</summary>
/// <param name="Enabled">Off: a closed queue still takes calls.</param>
/// <param name="AllowTransfers"><c>Allow transfers to queues after hours</c> (AHD-7).</param>
/// <param name="Sdk">For mobile and web.</param>
/// <param name="Ivr">For telephone menus.</param>
public sealed record CallDeflection(bool Enabled, bool AllowTransfers, SdkOptions Sdk, IvrDeflection Ivr)
{
    /// <summary>What a new contact center has: off.</summary>
    public static CallDeflection Default { get; } = new(Enabled: false, AllowTransfers: false, new SdkOptions(), IvrDeflection.Default);
}

/// <summary>Chats outside the hours, for the whole contact center (AHD-5).</summary>
/// <param name="Enabled">Off: a closed queue still takes chats.</param>
/// <param name="AllowTransfers">Counts while deflection is off (AHD-7).</param>
/// <param name="Email">Offers the support center's address instead of a chat; without it the address is shown inside the chat.</param>
public sealed record ChatDeflection(bool Enabled, bool AllowTransfers, bool Email)
{
    /// <summary>What a new contact center has: off.</summary>
    public static ChatDeflection Default { get; } = new(Enabled: false, AllowTransfers: false, Email: false);
}

/// <summary>A mobile queue's own way (AHD-6): either one queue, or one or more options.</summary>
/// <param name="QueueId">Where to, or null for options.</param>
/// <param name="Options">What is offered; nothing with a queue.</param>
public sealed record MobileDeflection(Guid? QueueId = null, SdkOptions? Options = null)
{
    /// <summary>What is offered; nothing with a queue.</summary>
    public SdkOptions Options { get; init; } = Options ?? new();
}

/// <summary>An SMS queue's after-hours message (AHD-6), sent before the chat ends.</summary>
/// <param name="Text">Per language.</param>
public sealed record SmsDeflection(IReadOnlyList<LocalMessage> Text)
{
    /// <inheritdoc/>
    public bool Equals(SmsDeflection? other) => other is not null && Text.SequenceEqual(other.Text);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.Count;
}

/// <summary>
/// A queue's custom after-hours deflection (AHD-6); it overrides the center's, also where that is off. Exactly the one
/// of the queue's channel is set. A web queue has none.
/// </summary>
/// <param name="Ivr">Of a telephone menu's queue.</param>
/// <param name="Mobile">Of a mobile queue.</param>
/// <param name="Sms">Of an SMS queue.</param>
public sealed record QueueDeflection(IvrDeflection? Ivr = null, MobileDeflection? Mobile = null, SmsDeflection? Sms = null)
{
    /// <summary>The queue it may send contacts to, or null.</summary>
    public Guid? TargetQueueId() => Ivr?.QueueId ?? Mobile?.QueueId;
}
