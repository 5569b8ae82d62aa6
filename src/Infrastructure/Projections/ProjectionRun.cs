using System.Diagnostics.CodeAnalysis;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Projections;
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
/// one statement. While behind, the log is read ahead, many batches are written together, and folding goes on during
/// the write. While the table is not live it is being built beside the live one, and switched to when caught up.
/// </summary>
internal sealed class ProjectionRun<TView>(Projection<TView> projection, TableId id, ProjectionResources resources)
    where TView : class
{
    // Events folded between two looks at how many rows there are to write.
    private const int Slice = 1024;
    private static readonly TimeSpan ShortestBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(5);

    private readonly ProjectionTable<TView> table = new(projection, id);
    private readonly ProjectionCheckpoints checkpoints = new(resources.DataSource);
    private TimeSpan backoff = ShortestBackoff;
    private int limit = Math.Min(4096, resources.Options.MaxBatch);
    private int unwritten;
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
                    oneByOne = unwritten;
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
        var progress = new Progress(held.Position, held.Live, resources.Time.GetTimestamp());
        var log = new LogBatches(
            resources.Store, resources.Feed, resources.Options.Page, () => oneByOne > 0 ? 1 : Math.Min(limit, Slice), resources.Options.Poll,
            token => progress.Live ? PaceAsync(progress.WrittenAt, token) : Task.CompletedTask);
        try
        {
            await foreach (var batch in log.ReadAsync(held.Position, cancellationToken))
            {
                if (await HandleAsync(fold, batch, held, progress, cancellationToken) is not { } poison)
                    continue;
                await PauseAsync(held, poison, cancellationToken);
                return;
            }
        }
        finally
        {
            // Nothing of this run may be on its way when the next one begins; what ended it has been thrown already.
            await Task.WhenAny(progress.Writing);
        }
    }

    private async Task<PoisonEvent?> HandleAsync(
        Fold<TView> fold, LogBatch batch, Checkpoint held, Progress progress, CancellationToken cancellationToken)
    {
        var folded = await fold.BatchAsync(batch, progress.Folded, cancellationToken);
        progress.Add(batch.Events, folded.Position);
        var refused = (PoisonEvent?)null;
        if (IsDue(fold.Changed, folded, batch, progress))
            refused = await BeginWriteAsync(fold, held, progress, cancellationToken);

        // While behind, the next batches are folded during a write; otherwise nothing is left open.
        if (refused is null && (batch.AtEnd || folded.Poison is not null || oneByOne > 0))
            refused = await progress.Writing;
        if (refused is null && folded.Poison is null && !progress.Live && batch.AtEnd)
            progress.Live = await SwitchAsync(held, cancellationToken);
        return refused ?? folded.Poison;
    }

    // While behind, rows are collected up to what one short transaction takes; at the end of the log none waits.
    private bool IsDue(int changed, Folded folded, LogBatch batch, Progress progress)
    {
        if (folded.Poison is not null || (changed > 0 && (batch.AtEnd || changed >= limit || oneByOne > 0)))
            return true;
        // One by one each event is a write of its own: of two together, nobody could tell which is refused.
        return progress.Folded > progress.Written
            && (oneByOne > 0 || (batch.AtEnd && !progress.Live) || resources.Time.GetElapsedTime(progress.WrittenAt) >= resources.Options.Poll);
    }

    /// <summary>Begins to write what has been folded, once the write before is done; gives what that one was refused for.</summary>
    private async Task<PoisonEvent?> BeginWriteAsync(Fold<TView> fold, Checkpoint held, Progress progress, CancellationToken cancellationToken)
    {
        if (await progress.Writing is { } refused)
            return refused;
        progress.WrittenAt = resources.Time.GetTimestamp();
        progress.Writing = WriteAsync(fold.Take(), progress.Take(), progress.Folded, held, cancellationToken);
        return null;
    }

    private async Task<PoisonEvent?> WriteAsync(
        Dictionary<string, TView?> changed, (int Count, StoredEvent? Last) events, LogPosition position, Checkpoint held, CancellationToken cancellationToken)
    {
        unwritten += events.Count;
        var started = resources.Time.GetTimestamp();
        try
        {
            if (!await table.WriteAsync(resources.DataSource, changed, position, held.Fence, cancellationToken))
                throw new FencedException(id);
        }
        catch (PostgresException exception) when (events is (1, { } only) && IsRefusedContent(exception))
        {
            return new PoisonEvent(only.Id, only.Type, only.Position, $"{exception.SqlState}: {exception.MessageText}");
        }

        backoff = ShortestBackoff;
        unwritten = 0;
        oneByOne = Math.Max(0, oneByOne - events.Count);
        Tune(resources.Time.GetElapsedTime(started), changed.Count);
        return null;
    }

    private async Task PaceAsync(long since, CancellationToken cancellationToken)
    {
        var rest = resources.Options.Pace - resources.Time.GetElapsedTime(since);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, resources.Time, cancellationToken);
    }

    private void Tune(TimeSpan took, int rows)
    {
        if (took > resources.Options.WriteTarget)
            limit = Math.Max(limit / 2, Math.Min(2048, resources.Options.MaxBatch));
        else if (rows >= limit && took < resources.Options.WriteTarget / 2)
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
        private int count;
        private StoredEvent? last;

        public LogPosition Folded { get; private set; } = position;

        public LogPosition Written { get; private set; } = position;

        public bool Live { get; set; } = live;

        public long WrittenAt { get; set; } = writtenAt;

        /// <summary>The latest write: the event it was refused for, or null.</summary>
        public Task<PoisonEvent?> Writing { get; set; } = Task.FromResult<PoisonEvent?>(null);

        public void Add(IReadOnlyList<StoredEvent> events, LogPosition upTo)
        {
            count += events.Count;
            last = events.Count > 0 ? events[^1] : last;
            Folded = upTo;
        }

        /// <summary>How many events the next write stands for, and the last of them.</summary>
        public (int Count, StoredEvent? Last) Take()
        {
            var taken = (count, last);
            (count, Written) = (0, Folded);
            return taken;
        }
    }
}
