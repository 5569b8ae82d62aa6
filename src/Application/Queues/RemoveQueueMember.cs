using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Queues;

/// <summary>An agent no longer takes sessions of this queue; those in hand stay.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="AgentId">Who.</param>
public sealed record RemoveQueueMember(Guid QueueId, Guid AgentId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}
