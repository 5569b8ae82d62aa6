using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
using ContactCenter.Infrastructure.EventStore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ContactCenter.Infrastructure.Projections;

/// <summary>What a run needs besides its projection.</summary>
internal sealed record ProjectionResources(
    NpgsqlDataSource DataSource, IEventStore Store, ILiveFeed Feed, TimeProvider Time, ProjectionOptions Options, ILogger Log);

/// <summary>Somebody else writes this table by now: the lease is lost.</summary>
internal sealed class FencedException(TableId id) : Exception($"{id} has another writer.");

/// <summary>
/// Keeps one table up to date, from its checkpoint on: read a batch, fold it in memory, write rows and checkpoint in
/// one statement. While the table is not live it is being built beside the live one, and switched to when caught up.
/// </summary>
internal sealed class ProjectionRun<TView>(Projection<TView> projection, TableId id, ProjectionResources resources)
    where TView : class
{
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly ProjectionTable<TView> table = new(projection, id);
    private readonly ProjectionCheckpoints checkpoints = new(resources.DataSource);
    private TimeSpan backoff = ShortestBackoff;
    private int limit = 1024;
    private int oneByOne;

    /// <summary>Runs until cancelled, paused by a poison event, or the table is gone.</summary>
    /// <exception cref="FencedException">Another node took over.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, the checkpoint says where to go on; giving up would end the read model silently.")]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await table.EnsureAsync(resources.DataSource, cancellationToken);
                if (await checkpoints.ClaimAsync(id, cancellationToken) is { Paused: false } held)
                    await FollowAsync(held, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not FencedException && !cancellationToken.IsCancellationRequested)
            {
                // Which event it is that the database refuses shows when events are written one by one.
                if (IsRefusedContent(exception))
                    oneByOne = limit;
                resources.Log.LogWarning(exception, "Projection {Table} starts again from its checkpoint in {Backoff}.", id, backoff);
                await Task.Delay(backoff, resources.Time, cancellationToken);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
        }
    }

    private async Task FollowAsync(Checkpoint held, CancellationToken cancellationToken)
    {
        var skips = await checkpoints.SkipsAsync(id, cancellationToken);
        var cache = new ViewCache<TView>(resources.Options.CachedRows, complete: held.Position == LogPosition.Start);
        var fold = new Fold<TView>(projection, cache, (keys, token) => table.LoadAsync(resources.DataSource, keys, token), skips);
        var log = new LogBatches(resources.Store, resources.Feed, () => oneByOne > 0 ? 1 : limit, resources.Options.Poll);
        var progress = new Progress(held.Position, held.Live, resources.Time.GetTimestamp());
        try
        {
            await foreach (var batch in log.ReadAsync(held.Position, skips, cancellationToken))
            {
                if (await HandleAsync(fold, batch, held, progress, cancellationToken) is not { } poison)
                    continue;
                await PauseAsync(held, poison, cancellationToken);
                return;
            }
        }
        catch (UnreadableEventException unreadable)
        {
            await PauseAsync(held, new PoisonEvent(unreadable.EventId, unreadable.Type, unreadable.Position, unreadable.Message), cancellationToken);
        }
    }

    private async Task<PoisonEvent?> HandleAsync(
        Fold<TView> fold, LogBatch batch, Checkpoint held, Progress progress, CancellationToken cancellationToken)
    {
        var folded = await fold.BatchAsync(batch, progress.Folded, cancellationToken);
        progress.Folded = folded.Position;
        var due = resources.Time.GetElapsedTime(progress.WrittenAt) >= resources.Options.Poll || (batch.AtEnd && !progress.Live);
        if (folded.Changed.Count > 0 || folded.Poison is not null || (due && progress.Folded > progress.Written))
        {
            if (progress.Live && batch.AtEnd)
                await PaceAsync(progress.WrittenAt, cancellationToken);
            progress.WrittenAt = resources.Time.GetTimestamp();
            if (await WriteAsync(folded, batch, held, cancellationToken) is { } refused)
                return refused;
            progress.Written = folded.Position;
            Tune(progress.WrittenAt, batch);
        }

        if (folded.Poison is null && !progress.Live && batch.AtEnd)
            progress.Live = await SwitchAsync(held, cancellationToken);
        return folded.Poison;
    }

    private async Task<PoisonEvent?> WriteAsync(Folded<TView> folded, LogBatch batch, Checkpoint held, CancellationToken cancellationToken)
    {
        try
        {
            if (!await table.WriteAsync(resources.DataSource, folded.Changed, folded.Position, held.Fence, cancellationToken))
                throw new FencedException(id);
        }
        catch (PostgresException exception) when (batch.Events.Count == 1 && IsRefusedContent(exception))
        {
            var happened = batch.Events[0];
            return new PoisonEvent(happened.Id, happened.Type, happened.Position, $"{exception.SqlState}: {exception.MessageText}");
        }

        backoff = ShortestBackoff;
        oneByOne = Math.Max(0, oneByOne - batch.Events.Count);
        return null;
    }

    private async Task PaceAsync(long since, CancellationToken cancellationToken)
    {
        var rest = resources.Options.Pace - resources.Time.GetElapsedTime(since);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, resources.Time, cancellationToken);
    }

    private void Tune(long since, LogBatch batch)
    {
        if (resources.Time.GetElapsedTime(since) > resources.Options.WriteTarget)
            limit = Math.Max(limit / 2, Math.Min(256, resources.Options.MaxBatch));
        else if (batch.Events.Count >= limit)
            limit = Math.Min(limit * 2, resources.Options.MaxBatch);
    }

    private async Task PauseAsync(Checkpoint held, PoisonEvent poison, CancellationToken cancellationToken)
    {
        resources.Log.LogError(
            "Projection {Table} pauses at event {EventId} ({Type}) at {Position}: {Error}. Retry or skip it.", id, poison.EventId, poison.Type, poison.Position, poison.Error);
        await checkpoints.PauseAsync(held, poison, cancellationToken);
    }

    private async Task<bool> SwitchAsync(Checkpoint held, CancellationToken cancellationToken)
    {
        try
        {
            var switched = await checkpoints.TrySwitchAsync(held, cancellationToken);
            if (switched)
                resources.Log.LogInformation("Projection {Table} is live.", id);
            return switched;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody reads for long; the next batch tries again.
            return false;
        }
    }

    // Data exceptions, constraints, program limits: the same content would be refused again.
    private static bool IsRefusedContent(Exception exception) =>
        exception is PostgresException { SqlState: ['2', '1' or '2' or '3', ..] or ['5', '4', ..] };

    private sealed class Progress(LogPosition position, bool live, long writtenAt)
    {
        public LogPosition Folded { get; set; } = position;

        public LogPosition Written { get; set; } = position;

        public bool Live { get; set; } = live;

        public long WrittenAt { get; set; } = writtenAt;
    }
}
