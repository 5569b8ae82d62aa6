using ContactCenter.Application.Access;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>An agent takes sessions of this queue from now on.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="AgentId">Who.</param>
public sealed record AddQueueMember(Guid QueueId, Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="AddQueueMember"/>.</summary>
public sealed class AddQueueMemberValidator : AbstractValidator<AddQueueMember>
{
    /// <summary>Its rules.</summary>
    public AddQueueMemberValidator()
    {
        RuleFor(r => r.AgentId).Id();
    }
}

/// <summary>Handles <see cref="AddQueueMember"/>.</summary>
public sealed class AddQueueMemberHandler(UnitOfWork work, CurrentCall call, References references) : IRequestHandler<AddQueueMember, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AddQueueMember request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var refusal =
            LookedAt.RefusalIfGiven(call.Context, queue)
            ?? await references.WhyNotUserAsync(request.AgentId, cancellationToken)
            ?? work.Append(Aggregates.Queue, queue, QueueDecider.AddMember(queue.State, request.AgentId, call.Now));
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
