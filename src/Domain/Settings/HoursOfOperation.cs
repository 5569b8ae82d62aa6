using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Sessions;

namespace ContactCenter.Domain.Settings;

/// <summary>
/// Hours of operation that are not a queue's own (AHD-1). The most specific that is set applies: the queue's, then the
/// channel's, then the language's, then the center's. Where nothing is set it is always open.
/// </summary>
/// <param name="Global">The center's, or null.</param>
/// <param name="Channels">Each channel at most once.</param>
/// <param name="Languages">Each language at most once.</param>
public sealed record HoursOfOperation(HoursSchedule? Global, IReadOnlyList<ChannelHours> Channels, IReadOnlyList<LanguageHours> Languages)
{
    /// <summary>Nothing is set.</summary>
    public static HoursOfOperation None { get; } = new(Global: null, [], []);

    /// <inheritdoc/>
    public bool Equals(HoursOfOperation? other) =>
        other is not null && Equals(Global, other.Global) && Channels.SequenceEqual(other.Channels) && Languages.SequenceEqual(other.Languages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Global, Channels.Count, Languages.Count);
}

/// <summary>The hours of one channel.</summary>
public sealed record ChannelHours(Channel Channel, HoursSchedule Hours);

/// <summary>The hours of one language.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Hours">Its hours.</param>
public sealed record LanguageHours(string Language, HoursSchedule Hours);
