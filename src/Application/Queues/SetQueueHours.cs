using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Hours;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queue gets hours of its own, or gives them up (AHD-1). Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Hours">The hours, or null for the channel's, the language's or the center's.</param>
public sealed record SetQueueHours(Guid QueueId, HoursSchedule? Hours) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="SetQueueHours"/>.</summary>
public sealed class SetQueueHoursHandler(QueueWork queues, CurrentCall call) : IRequestHandler<SetQueueHours, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(SetQueueHours request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.SetHours(q, request.Hours, call.Now), cancellationToken);
}
