namespace ContactCenter.Infrastructure.Projections;

/// <summary>How projections run. The defaults are what <c>./bench projections</c> found best.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Rows kept in memory per projection; at most twice as many.</summary>
    public int CachedRows { get; init; } = 50_000;

    /// <summary>Rows in a batch, at most.</summary>
    public int MaxBatch { get; init; } = 10_000;

    /// <summary>
    /// Events in a page of the log. Larger ones outlive the collector's youngest generation, and the server takes the
    /// memory for each anew.
    /// </summary>
    public int Page { get; init; } = 2_048;

    /// <summary>Batches of the live feed begin at least this far apart, so that a busy log costs few transactions.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A batch is made smaller when its write took longer, but not below two thousand rows: an open write transaction
    /// holds back the log's readers, but many small ones, which write the same rows again and again, do so for longer.
    /// </summary>
    public TimeSpan WriteTarget { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How often a position without changed rows is written, and the leader looks for what an admin asked for.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);
}
