using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>An agent no longer takes sessions of this queue; those in hand stay.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="AgentId">Who.</param>
public sealed record RemoveQueueMember(Guid QueueId, Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="RemoveQueueMember"/>.</summary>
public sealed class RemoveQueueMemberHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<RemoveQueueMember, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RemoveQueueMember request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var refusal =
            LookedAt.RefusalIfGiven(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, QueueDecider.RemoveMember(queue.State, request.AgentId, call.Now));
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
