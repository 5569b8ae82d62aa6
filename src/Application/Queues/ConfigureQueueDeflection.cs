using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.AfterHours;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The queue gets a deflection of its own, or gives it up (AHD-6). Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Deflection">The deflection, or null for the center's.</param>
public sealed record ConfigureQueueDeflection(Guid QueueId, QueueDeflection? Deflection) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="ConfigureQueueDeflection"/>.</summary>
public sealed class ConfigureQueueDeflectionHandler(QueueWork queues, CurrentCall call) : IRequestHandler<ConfigureQueueDeflection, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureQueueDeflection request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.ConfigureDeflection(q, request.Deflection, call.Now), cancellationToken);
}
