namespace ContactCenter.Testing;

/// <summary>The real time plus what the test has skipped.</summary>
public sealed class SkippingClock : TimeProvider
{
    private long skipped;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref skipped));

    public void Skip(TimeSpan time) => Interlocked.Add(ref skipped, time.Ticks);
}
