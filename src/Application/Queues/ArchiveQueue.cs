using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;

namespace ContactCenter.Application.Queues;

/// <summary>The queue takes no new sessions.</summary>
/// <param name="QueueId">The queue.</param>
public sealed record ArchiveQueue(Guid QueueId) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}
