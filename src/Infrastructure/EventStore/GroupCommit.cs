using System.Diagnostics;
using ContactCenter.Application.EventSourcing;

namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// Lets concurrent appends share commits (ADR 0008). A caller that finds a committer idle leads: it commits what is
/// waiting, itself included, without a change of thread. While it does, others queue up to be the next batch. Those who
/// were answered together often come back together: the next batch is not taken under their noses.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>A tenth of what a commit takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMicroseconds(100);
    private const int MostPassedOver = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<PendingAppend> waiting = new();
    private readonly HashSet<string> streamsInFlight = new(StringComparer.Ordinal);
    private readonly Stack<BatchCommitter> idle;
    private readonly PostgresEventStoreOptions options;
    private int waitingNow;
    private int toPassOver;
    private int passedOver;

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
            Volatile.Write(ref waitingNow, waiting.Count);
            if (idle.TryPop(out committer))
                batch = TakeBatch(committer);
        }
        if (committer is not null && batch is not null)
        {
            await committer.CommitAsync(batch);
            // Who leads for others has an answer to give back first.
            if (batch.Count > 1 || !TryRest(committer, batch))
                ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Self.LeadAsync(work.committer, work.batch), (Self: this, committer, batch), preferLocal: false);
        }
        return await append.Answer;
    }

    private async Task LeadAsync(BatchCommitter committer, List<PendingAppend> done)
    {
        while (true)
        {
            await GatherAsync(done.Count);
            if (Next(committer, done) is not { } batch)
                return;
            await committer.CommitAsync(batch);
            done = batch;
        }
    }

    /// <summary>
    /// Lets as many come as were just answered, for a moment. Without it eight callers that come back at once make batches
    /// of one and of seven by turns. Where they do not come, they are waited for ever more seldom.
    /// </summary>
    private async ValueTask GatherAsync(int answered)
    {
        if (answered == 1 || passedOver++ < toPassOver)
            return;
        passedOver = 0;
        for (var began = Stopwatch.GetTimestamp(); Volatile.Read(ref waitingNow) < answered; await Task.Yield())
        {
            if (Stopwatch.GetElapsedTime(began) < Patience)
                continue;
            toPassOver = Math.Min((toPassOver * 2) + 1, MostPassedOver);
            return;
        }

        toPassOver = 0;
    }

    private List<PendingAppend>? Next(BatchCommitter committer, List<PendingAppend> done)
    {
        lock (gate)
        {
            Release(done);
            return TakeBatch(committer);
        }
    }

    /// <summary>True, and the committer is idle again, if nobody waits.</summary>
    private bool TryRest(BatchCommitter committer, List<PendingAppend> done)
    {
        lock (gate)
        {
            if (waiting.Count > 0)
                return false;
            Release(done);
            idle.Push(committer);
            return true;
        }
    }

    private void Release(List<PendingAppend> done)
    {
        foreach (var append in done)
        {
            foreach (var write in append.Append.Writes)
                streamsInFlight.Remove(write.Stream.Value);
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
        Volatile.Write(ref waitingNow, waiting.Count);
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
