using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>Another whisper applies from now on (NOT-3). Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Whisper">What the agent hears first.</param>
public sealed record ConfigureQueueWhisper(Guid QueueId, WhisperRules Whisper) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="ConfigureQueueWhisper"/>.</summary>
public sealed class ConfigureQueueWhisperValidator : AbstractValidator<ConfigureQueueWhisper>
{
    /// <summary>Its rules.</summary>
    public ConfigureQueueWhisperValidator()
    {
        RuleFor(r => r.Whisper).NotNull();
    }
}

/// <summary>Handles <see cref="ConfigureQueueWhisper"/>.</summary>
public sealed class ConfigureQueueWhisperHandler(QueueWork queues, CurrentCall call) : IRequestHandler<ConfigureQueueWhisper, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(ConfigureQueueWhisper request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.ConfigureWhisper(q, request.Whisper, call.Now), cancellationToken);
}
