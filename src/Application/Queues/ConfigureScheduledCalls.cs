using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>Other rules for the queue's scheduled calls apply from now on (AHD-11). Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Rules">The rules.</param>
public sealed record ConfigureScheduledCalls(Guid QueueId, ScheduledCallRules Rules) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="ConfigureScheduledCalls"/>.</summary>
public sealed class ConfigureScheduledCallsHandler(QueueWork queues, CurrentCall call) : IRequestHandler<ConfigureScheduledCalls, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureScheduledCalls request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.ConfigureScheduledCalls(q, request.Rules, call.Now), cancellationToken);
}
