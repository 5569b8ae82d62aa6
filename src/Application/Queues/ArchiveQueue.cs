using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queue takes no new sessions; refused while another, or the center, sends contacts to it. Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
public sealed record ArchiveQueue(Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="ArchiveQueue"/>.</summary>
public sealed class ArchiveQueueHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration) : IRequestHandler<ArchiveQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ArchiveQueue request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var archived = QueueDecider.Archive(queue.State, await configuration.ReadAsync(cancellationToken), call.Now);
        var refusal =
            LookedAt.Refusal(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, archived)
            ?? await configuration.ReviseAsync(request.QueueId, archived.Events, cancellationToken);
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
