using ContactCenter.Application.Access;
using ContactCenter.Application.EventSourcing;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Application.Settings;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using ContactCenter.Domain.Sessions;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>A node of one channel's menu is created, at the root or below another of the same channel.</summary>
/// <param name="QueueId">The new queue's id, or null to be given one; the same id again is the same request.</param>
/// <param name="Name">What the menu shows, 1 to 100 characters.</param>
/// <param name="Channel">Whose menu.</param>
/// <param name="ParentId">The node above, or null at the root.</param>
/// <param name="TeamIds">The teams responsible; scopes of permissions look at them.</param>
public sealed record CreateQueue(Guid? QueueId, string Name, Channel Channel, Guid? ParentId, IReadOnlyList<Guid> TeamIds) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Everything);
}

/// <summary>The shape of <see cref="CreateQueue"/>.</summary>
public sealed class CreateQueueValidator : AbstractValidator<CreateQueue>
{
    /// <summary>Its rules.</summary>
    public CreateQueueValidator()
    {
        RuleFor(r => r.QueueId).NotEqual(Guid.Empty).WithMessage("Must be a UUID that is not all zeros.");
        RuleFor(r => r.Name).Text(100);
        RuleFor(r => r.Channel).IsInEnum();
        RuleFor(r => r.TeamIds).Ids();
    }
}

/// <summary>Handles <see cref="CreateQueue"/>.</summary>
public sealed class CreateQueueHandler(
    UnitOfWork work, CurrentCall call, References references, ConfigurationWork configuration)
    : IRequestHandler<CreateQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(CreateQueue request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId ?? call.NewId(), cancellationToken);
        var parent = request.ParentId is { } parentId ? await work.LoadAsync(Aggregates.Queue, parentId, cancellationToken) : null;
        var created = QueueDecider.Create(
            queue.State, queue.Stream.Id, request.Name, request.Channel, parent?.State, request.TeamIds, call.Now);
        var refusal =
            await references.WhyNotTeamsAsync(request.TeamIds, cancellationToken)
            ?? work.Append(Aggregates.Queue, queue, created)
            ?? await configuration.ReviseAsync(queue.Stream.Id, created.Events, cancellationToken);
        if (refusal is null && parent is not null && created.Events.Count > 0)
            refusal = work.Append(Aggregates.Queue, parent, QueueDecider.AddChild(parent.State, queue.Stream.Id, call.Now));
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
