namespace ContactCenter.Infrastructure.Outbox;

/// <summary>How the outbox is worked off.</summary>
public sealed record OutboxOptions
{
    /// <summary>How long a claim holds without being extended; a dead node's messages go out again after it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take; a receiver that never answers must not hold its key for ever.</summary>
    public TimeSpan LongestAttempt { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Messages of one lane that one node has in flight, each of another key.</summary>
    public int Parallel { get; init; } = 16;

    /// <summary>The time between two looks at the table while there is something to do.</summary>
    public TimeSpan ShortestPoll { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The time between two looks that commits on this node cause while they find nothing.</summary>
    public TimeSpan BusyPoll { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The time after which a node looks that has heard nothing: other nodes' commits, and attempts due again.</summary>
    public TimeSpan IdlePoll { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The first wait after a failure; it doubles with each further one.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest wait after a failure, unless the receiver asked for a longer one.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Lanes that only the node with the lease of the same name works off: calls live in one node's media engine.</summary>
    public IReadOnlySet<string> LeasedLanes { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "media" };

    /// <summary>Lanes that Quartz jobs work off.</summary>
    public IReadOnlySet<string> ScheduledLanes { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "timer", "recording" };

    /// <summary>The wait before another attempt: exponential, half of it by chance so that failures spread.</summary>
    /// <param name="attempts">Failed attempts before this one.</param>
    /// <param name="asked">What the receiver asked for, or null.</param>
    public TimeSpan Backoff(int attempts, TimeSpan? asked)
    {
        var longest = Math.Min(LongestBackoff.TotalMilliseconds, FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(attempts, 30)));
#pragma warning disable CA5394 // spreads load, guards nothing
        var wait = TimeSpan.FromMilliseconds(longest * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
        return asked > wait ? asked.Value : wait;
    }
}
