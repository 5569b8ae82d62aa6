namespace ContactCenter.Infrastructure.EventStore;

/// <summary>
/// Tells this node's readers at once that this node has committed something. Take <see cref="Next"/> before
/// reading and await it after: then no commit in between is slept through.
/// </summary>
public sealed class CommitSignal
{
    private readonly Lock gate = new();
    private TaskCompletionSource? next;

    /// <summary>Completes at the next commit.</summary>
    public Task Next
    {
        get
        {
            lock (gate)
                return (next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    internal void Raise()
    {
        TaskCompletionSource? waiting;
        lock (gate)
            (waiting, next) = (next, null);
        waiting?.SetResult();
    }
}
