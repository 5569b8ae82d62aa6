using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Leases;
using ContactCenter.Application.Projections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>Runs one projection on whichever node holds its lease.</summary>
public interface IProjectionRunner
{
    /// <summary>Which.</summary>
    IProjection Projection { get; }

    /// <summary>Runs until cancelled.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>
/// While it holds the lease of a projection's version: makes its first table, keeps each of its tables up to date, and
/// picks up what an admin asked for (retry, skip, rebuild) from the checkpoints' rows, where any node may have put it.
/// </summary>
/// <param name="projection">The projection; its version is this build's.</param>
/// <param name="leases">Who runs.</param>
/// <param name="dataSource">Where the tables are.</param>
/// <param name="store">The log.</param>
/// <param name="feed">The log's live end.</param>
/// <param name="time">The clock.</param>
/// <param name="options">How.</param>
/// <param name="log">Where it says so.</param>
public sealed class ProjectionRunner<TView>(
    Projection<TView> projection,
    ILeases leases,
    NpgsqlDataSource dataSource,
    IEventStore store,
    ILiveFeed feed,
    TimeProvider time,
    ProjectionOptions options,
    ILogger<ProjectionRunner<TView>> log) : IProjectionRunner
    where TView : class
{
    private readonly ProjectionResources resources = new(dataSource, store, feed, time, options, log);
    private readonly ProjectionCheckpoints checkpoints = new(dataSource);

    /// <inheritdoc/>
    public IProjection Projection => projection;

    // The version is part of the lease: during an upgrade, nodes of the old build keep the old table up to date until
    // the new build's is live.
    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellationToken) =>
        leases.RunWhileLeaderAsync($"projection:{projection.Name}:v{projection.Version}", LeadAsync, cancellationToken);

    private async Task LeadAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var runs = new Dictionary<TableId, Task>();
        try
        {
            while (true)
            {
                await StartMissingAsync(runs, ended.Token);
                await Task.WhenAny([.. runs.Values, Task.Delay(options.Poll, time, ended.Token)]);
                ended.Token.ThrowIfCancellationRequested();
                foreach (var (id, run) in runs.Where(r => r.Value.IsCompleted).ToList())
                {
                    runs.Remove(id);
                    await run;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(runs.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task StartMissingAsync(Dictionary<TableId, Task> runs, CancellationToken cancellationToken)
    {
        var tables = await checkpoints.ListAsync(projection.Name, cancellationToken);
        // Older code must not undo an upgrade; an admin who goes back to it asks it to rebuild.
        var isOutdated = tables.Any(t => t.Live && t.Id.Version > projection.Version);
        if (!isOutdated && tables.All(t => t.Id.Version != projection.Version))
        {
            await checkpoints.AddFirstAsync(projection.Name, projection.Version, cancellationToken);
            tables = await checkpoints.ListAsync(projection.Name, cancellationToken);
        }

        foreach (var mine in tables.Where(t => t.Id.Version == projection.Version && !t.Paused && !runs.ContainsKey(t.Id)))
            runs.Add(mine.Id, Task.Run(() => new ProjectionRun<TView>(projection, mine.Id, resources).RunAsync(cancellationToken), cancellationToken));
    }
}
