using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Sessions;
using FluentValidation;

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
