using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Abstractions;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>
/// The queue gets another name, and the paths of all queues below it follow in the same write; live sessions keep the path
/// they came by. Needs <c>If-Match</c>.
/// </summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Name">1 to 100 characters.</param>
public sealed record RenameQueue(Guid QueueId, string Name) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="RenameQueue"/>.</summary>
public sealed class RenameQueueValidator : AbstractValidator<RenameQueue>
{
    /// <summary>Its rules.</summary>
    public RenameQueueValidator()
    {
        RuleFor(r => r.Name).Text(100);
    }
}

/// <summary>Handles <see cref="RenameQueue"/>.</summary>
public sealed class RenameQueueHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<RenameQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(RenameQueue request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var refusal =
            LookedAt.Refusal(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, QueueDecider.Rename(queue.State, request.Name, call.Now))
            ?? await FollowAsync(queue, cancellationToken);
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }

    private async ValueTask<DomainError?> FollowAsync(Versioned<Queue> renamed, CancellationToken cancellationToken)
    {
        var parents = new Stack<Versioned<Queue>>([renamed]);
        while (parents.TryPop(out var parent))
        {
            foreach (var childId in parent.State.Children)
            {
                var child = await work.LoadAsync(Aggregates.Queue, childId, cancellationToken);
                if (work.Append(Aggregates.Queue, child, QueueDecider.FollowParent(child.State, work.After(parent), call.Now)) is { } refusal)
                    return refusal;
                parents.Push(child);
            }
        }

        return null;
    }
}
