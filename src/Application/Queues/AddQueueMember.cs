using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using FluentValidation;

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
