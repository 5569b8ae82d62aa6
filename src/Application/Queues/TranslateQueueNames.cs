using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>The menu shows the queue under these names in these languages, and under its own name in all others. Needs <c>If-Match</c>.</summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Names">All of them, each in an enabled language.</param>
public sealed record TranslateQueueNames(Guid QueueId, IReadOnlyList<LocalName> Names) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>The shape of <see cref="TranslateQueueNames"/>.</summary>
public sealed class TranslateQueueNamesValidator : AbstractValidator<TranslateQueueNames>
{
    /// <summary>Its rules.</summary>
    public TranslateQueueNamesValidator() => RuleFor(r => r.Names).NotNull().Must(names => names is null || names.Count <= 50).WithMessage("At most 50.");
}

/// <summary>Handles <see cref="TranslateQueueNames"/>.</summary>
public sealed class TranslateQueueNamesHandler(QueueWork queues, CurrentCall call) : IRequestHandler<TranslateQueueNames, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(TranslateQueueNames request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.TranslateNames(q, request.Names, call.Now), cancellationToken);
}
