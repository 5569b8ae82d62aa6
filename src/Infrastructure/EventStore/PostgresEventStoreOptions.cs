namespace ContactCenter.Infrastructure.EventStore;

/// <summary>The log's limits.</summary>
public sealed record PostgresEventStoreOptions
{
    /// <summary>Group commits that may be under way at once on this node, each on a connection of its own.</summary>
    public int Committers { get; init; } = 1;

    /// <summary>Appends in one group commit.</summary>
    public int MaxBatch { get; init; } = 256;

    /// <summary>Bytes of events in one group commit; a single append may exceed it.</summary>
    public int MaxBatchBytes { get; init; } = 4 << 20;

    /// <summary>Events in one append; far below the 2^20 places of one transaction.</summary>
    public int MaxEventsPerAppend { get; init; } = 10_000;

    /// <summary>Bytes of one append: its events, their metadata, its outbox messages.</summary>
    public long MaxBytesPerAppend { get; init; } = 8 << 20;

    /// <summary>Appends waiting on this node; more are answered "unavailable" instead of growing the queue.</summary>
    public int MaxWaiting { get; init; } = 20_000;

    /// <summary>How long a lost answer is looked for on a new connection before the caller is told that it is lost.</summary>
    public TimeSpan LostAnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);
}
