using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>Other rules for offering and finishing apply from now on. Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Handling">The rules.</param>
public sealed record ConfigureQueueHandling(Guid QueueId, HandlingRules Handling) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="ConfigureQueueHandling"/>.</summary>
public sealed class ConfigureQueueHandlingValidator : AbstractValidator<ConfigureQueueHandling>
{
    /// <summary>Its rules.</summary>
    public ConfigureQueueHandlingValidator()
    {
        RuleFor(r => r.Handling).NotNull();
    }
}

/// <summary>Handles <see cref="ConfigureQueueHandling"/>.</summary>
public sealed class ConfigureQueueHandlingHandler(QueueWork queues, CurrentCall call) : IRequestHandler<ConfigureQueueHandling, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureQueueHandling request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.ConfigureHandling(q, request.Handling, call.Now), cancellationToken);
}
