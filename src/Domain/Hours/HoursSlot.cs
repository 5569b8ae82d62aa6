using System.Diagnostics.CodeAnalysis;

namespace ContactCenter.Domain.Hours;

/// <summary>An interval in ticks since its date's midnight on the wall clock; <paramref name="To"/> exceeds a day past midnight.</summary>
internal readonly record struct HoursSlot(long From, long To, HoursInterval Source)
{
    public bool RunsPastMidnight => To > TimeSpan.TicksPerDay;

    public static HoursSlot Of(HoursInterval interval) =>
        TryRead(interval, out var slot) ? slot : throw new ArgumentException($"Not an interval: {interval}.", nameof(interval));

    public static bool TryRead([NotNullWhen(true)] HoursInterval? interval, out HoursSlot slot)
    {
        slot = default;
        if (!IsOpening(interval?.Opens, out var from) || !IsClosing(interval?.Closes, out var to) || from == to)
            return false;

        slot = new HoursSlot(from, to > from ? to : to + TimeSpan.TicksPerDay, interval!);
        return true;
    }

    public static bool IsOpening(string? text, out long ticks) => IsClosing(text, out ticks) && ticks < TimeSpan.TicksPerDay;

    public static bool IsClosing(string? text, out long ticks)
    {
        ticks = 0;
        if (text is not [>= '0' and <= '2', >= '0' and <= '9', ':', >= '0' and <= '5', >= '0' and <= '9'])
            return false;

        var minutes = (((text[0] - '0') * 10) + text[1] - '0') * 60 + ((text[3] - '0') * 10) + text[4] - '0';
        ticks = minutes * TimeSpan.TicksPerMinute;
        return ticks <= TimeSpan.TicksPerDay;
    }
}
