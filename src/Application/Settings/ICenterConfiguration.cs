using ContactCenter.Application.EventSourcing;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Settings;

/// <summary>The configuration as this node knows it, in memory.</summary>
public interface ICenterConfiguration
{
    /// <summary>The configuration, with at least these changes in it; waits for them if need be.</summary>
    /// <param name="revision">The version of the configuration's stream that the caller knows of.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="EventStoreUnavailableException">This node is too far behind.</exception>
    ValueTask<CenterConfiguration> AtLeastAsync(long revision, CancellationToken cancellationToken);
}

/// <summary>Where the configuration begins: the queues there are, at a place of the log.</summary>
public interface IQueueIds
{
    /// <summary>Every queue that the log has up to a position; what came later is read from the log.</summary>
    Task<(LogPosition Position, IReadOnlyList<Guid> Ids)> ReadAsync(CancellationToken cancellationToken);
}
