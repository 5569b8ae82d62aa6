using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Settings;

namespace ContactCenter.Application.Queues;

/// <summary>What the edits of a queue's part in the configuration have in common.</summary>
public sealed class QueueWork(UnitOfWork work, CurrentCall call, ConfigurationWork configuration)
{
    /// <summary>Edits what the caller looked at (<c>If-Match</c>), checked on the configuration as a whole.</summary>
    public async Task<Result<Receipt>> EditAsync(Guid queueId, Func<Queue, Decision<QueueEvent>> edit, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, queueId, cancellationToken);
        var edited = edit(queue.State);
        var refusal =
            LookedAt.Refusal(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, edited)
            ?? await configuration.ReviseAsync(queueId, edited.Events, cancellationToken);
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }

    /// <summary>Every queue below follows its parent's new path, in the same write. Answers what happens to them.</summary>
    public async ValueTask<IReadOnlyList<QueueEvent>> FollowAsync(Versioned<Queue> parent, CenterConfiguration center, CancellationToken cancellationToken)
    {
        List<QueueEvent> followed = [];
        foreach (var below in center.ChildrenOf(parent.Stream.Id).OrderBy(q => q.Id).ToList())
        {
            var child = await work.LoadAsync(Aggregates.Queue, below.Id, cancellationToken);
            var follows = QueueDecider.FollowParent(child.State, work.After(parent), call.Now);
            work.Append(Aggregates.Queue, child, follows);
            followed.AddRange([.. follows.Events, .. await FollowAsync(child, center, cancellationToken)]);
        }

        return followed;
    }
}
