namespace ContactCenter.Testing;

/// <summary>A clock that stands still until it is advanced. Its timers are the system's: it is for code that asks the time.</summary>
public sealed class ManualClock(DateTimeOffset? start = null) : TimeProvider
{
    private long ticks = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);
}
