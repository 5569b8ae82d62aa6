using System.Globalization;

namespace ContactCenter.Application.EventSourcing;

/// <summary>
/// A place in the log. One number that orders all events for all readers: the appending transaction's id
/// (64 bits of PostgreSQL's xid8, shifted by the log's restore offset) times 2^20 plus the event's ordinal in that
/// transaction (ADR 0007). Every event below a position that a reader has seen is visible: no reader misses one.
/// </summary>
/// <param name="Value">Positive, or 0 for the beginning. On JSON wires a string: it exceeds 2^53 in time.</param>
public readonly record struct LogPosition(long Value) : IComparable<LogPosition>
{
    /// <summary>Before the first event.</summary>
    public static LogPosition Start => default;

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) => Value.CompareTo(other.Value);

    /// <summary>Order in the log.</summary>
    public static bool operator <(LogPosition left, LogPosition right) => left.Value < right.Value;

    /// <summary>Order in the log.</summary>
    public static bool operator >(LogPosition left, LogPosition right) => left.Value > right.Value;

    /// <summary>Order in the log.</summary>
    public static bool operator <=(LogPosition left, LogPosition right) => left.Value <= right.Value;

    /// <summary>Order in the log.</summary>
    public static bool operator >=(LogPosition left, LogPosition right) => left.Value >= right.Value;

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(string? text, out LogPosition position)
    {
        var ok = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        position = new LogPosition(value);
        return ok;
    }

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
