namespace ContactCenter.Domain.Routing;

/// <summary>
/// How long an agent who let a session go is not asked for that one again: without it a sole agent who declines would be
/// asked for it without an end, and those behind it would wait for ever.
/// </summary>
public static class OfferPause
{
    /// <summary>After the first time; it doubles with each further one.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(15);

    /// <summary>The longest: nobody is left waiting for longer while somebody could be asked.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    /// <summary>The pause after letting a session go for the nth time, from 1.</summary>
    public static TimeSpan After(int times)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(times - 1, 0, 10));
        return doubled < Longest ? doubled : Longest;
    }
}
