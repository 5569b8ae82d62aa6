using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>
/// The queue, and all below it, stand under another node of its channel's menu, or at the root; live sessions keep the
/// path they came by. It changes the menu of the node above as well, so that whoever moves it needs both. Needs <c>If-Match</c>.
/// </summary>
/// <param name="QueueId">The queue.</param>
/// <param name="ParentId">The node above from now on, or null for the root.</param>
public sealed record MoveQueue(Guid QueueId, Guid? ParentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AllOf(
        Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId)),
        Requirement.Permission(Permissions.SettingsWrite, ParentId is { } parentId ? Target.Queue(parentId) : Target.Everything));
}

/// <summary>Handles <see cref="MoveQueue"/>.</summary>
public sealed class MoveQueueHandler(UnitOfWork work, CurrentCall call, ConfigurationWork configuration, QueueWork queues)
    : IRequestHandler<MoveQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(MoveQueue request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var center = await configuration.ReadAsync(cancellationToken);
        var parent = request.ParentId is { } parentId ? (await work.LoadAsync(Aggregates.Queue, parentId, cancellationToken)).State : null;
        var moved = QueueDecider.Move(queue.State, parent, parent is not null && center.IsWithin(parent.Id, request.QueueId), call.Now);
        var refusal = LookedAt.Refusal(call.Context, queue) ?? work.Append(Aggregates.Queue, queue, moved)
            ?? await queues.ReviseTreeAsync(queue, moved.Events, cancellationToken);
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
