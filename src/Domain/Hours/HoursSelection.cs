namespace ContactCenter.Domain.Hours;

/// <summary>Whose hours spoke, the most specific first.</summary>
public enum HoursLevel
{
    /// <summary>The queue's own.</summary>
    Queue,

    /// <summary>Those of the contact's channel.</summary>
    Channel,

    /// <summary>Those of the contact's language.</summary>
    Language,

    /// <summary>Those of the contact center.</summary>
    Global,
}

/// <summary>The hours that apply to a contact, and whose they are. Nothing of less specific ones is mixed in: not even their holidays.</summary>
/// <param name="Level">Whose they are.</param>
/// <param name="Hours">The hours.</param>
public readonly record struct HoursSelection(HoursLevel Level, CompiledHours Hours)
{
    /// <summary>The most specific that is set: the queue's, then the channel's, then the language's, then the global ones (AHD-1).</summary>
    public static HoursSelection Of(CompiledHours? queue, CompiledHours? channel, CompiledHours? language, CompiledHours global) =>
        queue is not null ? new(HoursLevel.Queue, queue)
        : channel is not null ? new(HoursLevel.Channel, channel)
        : language is not null ? new(HoursLevel.Language, language)
        : new(HoursLevel.Global, global);
}
