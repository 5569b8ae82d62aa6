using ContactCenter.Application.EventSourcing;
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
public sealed class ConfigureQueueWhisperHandler(UnitOfWork work, CurrentCall call) : IRequestHandler<ConfigureQueueWhisper, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(ConfigureQueueWhisper request, CancellationToken cancellationToken)
    {
        var queue = await work.LoadAsync(Aggregates.Queue, request.QueueId, cancellationToken);
        var refusal =
            LookedAt.Refusal(call.Context, queue)
            ?? work.Append(Aggregates.Queue, queue, QueueDecider.ConfigureWhisper(queue.State, request.Whisper, call.Now));
        return refusal is null ? await work.CommitAsync(queue, cancellationToken) : refusal;
    }
}
