namespace ContactCenter.Infrastructure.Recordings.S3;

/// <summary>What is written on this machine's disk before it reaches the bucket.</summary>
public interface IRecordingSpool
{
    /// <summary>
    /// Takes up what a node that ended has left here: what is purged by now is deleted, all else goes to the bucket. What is
    /// being written is left alone, and what cannot be taken up holds up nothing else.
    /// </summary>
    /// <exception cref="AggregateException">Something is left; take it up again.</exception>
    Task TakeUpAsync(CancellationToken cancellationToken);
}
