using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Projections;
using ContactCenter.Application.ScheduledCalls;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queue takes no new sessions; refused while another, or the center, sends contacts to it, and while calls of it are booked. Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
public sealed record ArchiveQueue(Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="ArchiveQueue"/>.</summary>
public sealed class ArchiveQueueHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration, IReadModel<TakenSlot> taken)
    : IRequestHandler<ArchiveQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ArchiveQueue request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var center = await configuration.ReadAsync(cancellationToken);
        var archived = QueueDecider.Archive(queue.State, center, await BookedAsync(request.QueueId, cancellationToken), call.Now);
        var refusal =
            LookedAt.Refusal(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, archived)
            ?? await configuration.ReviseAsync(request.QueueId, archived.Events, cancellationToken);
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }

    /// <summary>A moment old: what is booked at the same moment is missed, and its ticket says so.</summary>
    private async Task<int> BookedAsync(Guid queueId, CancellationToken cancellationToken)
    {
        var (_, slots) = await taken.SnapshotAsync(
            [new("queue_id", FilterOperator.Is, queueId), new("starts_at", FilterOperator.AtLeast, call.Now.ToUniversalTime())], cancellationToken);
        return slots.Sum(s => s.Taken);
    }
}
