using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// Lets concurrent appends share commits (ADR 0008). A caller that finds a committer idle leads: it commits what is
/// waiting, itself included, without a change of thread. While it does, others queue up to be the next batch.
/// </summary>
internal sealed class GroupCommit
{
    private readonly Lock gate = new();
    private readonly LinkedList<PendingAppend> waiting = new();
    private readonly HashSet<string> streamsInFlight = new(StringComparer.Ordinal);
    private readonly Stack<BatchCommitter> idle;
    private readonly PostgresEventStoreOptions options;

    public GroupCommit(IEnumerable<BatchCommitter> committers, PostgresEventStoreOptions options)
    {
        idle = new Stack<BatchCommitter>(committers);
        this.options = options;
    }

    public async Task<AppendResult> CommitAsync(PendingAppend append)
    {
        BatchCommitter? committer = null;
        List<PendingAppend>? batch = null;
        lock (gate)
        {
            if (waiting.Count >= options.MaxWaiting)
                throw new EventStoreUnavailableException("Too many appends are waiting on this node.");
            waiting.AddLast(append);
            if (idle.TryPop(out committer))
                batch = TakeBatch(committer);
        }
        if (committer is not null && batch is not null)
        {
            await committer.CommitAsync(batch);
            if (Next(committer, batch) is { } next)
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Self.LeadAsync(work.committer, work.next), (Self: this, committer, next), preferLocal: false);
        }
        return await append.Answer;
    }

    private async Task LeadAsync(BatchCommitter committer, List<PendingAppend>? batch)
    {
        for (; batch is not null; batch = Next(committer, batch))
            await committer.CommitAsync(batch);
    }

    private List<PendingAppend>? Next(BatchCommitter committer, List<PendingAppend> done)
    {
        lock (gate)
        {
            foreach (var append in done)
            {
                foreach (var write in append.Append.Writes)
                    streamsInFlight.Remove(write.Stream.Value);
            }
            return TakeBatch(committer);
        }
    }

    /// <summary>
    /// Takes from the front. Appends to a stream that is in flight wait for the next batch: their version depends
    /// on this one. Without anything to do the committer is idle again.
    /// </summary>
    private List<PendingAppend>? TakeBatch(BatchCommitter committer)
    {
        var batch = new List<PendingAppend>(Math.Min(waiting.Count, options.MaxBatch));
        var bytes = 0L;
        var events = 0;
        for (var node = waiting.First; node is not null && batch.Count < options.MaxBatch;)
        {
            var append = node.Value;
            var current = node;
            node = node.Next;
            if (append.CancellationToken.IsCancellationRequested)
            {
                waiting.Remove(current);
                append.Cancel();
                continue;
            }
            if (batch.Count > 0 && (bytes + append.Bytes > options.MaxBatchBytes || events + append.Events.Count > options.MaxEventsPerAppend))
                break;
            if (!Reserve(append))
                continue;
            waiting.Remove(current);
            batch.Add(append);
            bytes += append.Bytes;
            events += append.Events.Count;
        }
        if (batch.Count > 0)
            return batch;
        idle.Push(committer);
        return null;
    }

    private bool Reserve(PendingAppend append)
    {
        var writes = append.Append.Writes;
        for (var i = 0; i < writes.Count; i++)
        {
            if (streamsInFlight.Add(writes[i].Stream.Value))
                continue;
            while (--i >= 0)
                streamsInFlight.Remove(writes[i].Stream.Value);
            return false;
        }
        return true;
    }
}
