using ContactCenter.Application.Messaging;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>
/// The menu shows these names to those who speak these languages, and the queue's name to all others. Needs <c>If-Match</c>.
/// Sessions, monitoring and the CRM know the queue by its own name.
/// </summary>
/// <param name="QueueId">The queue.</param>
/// <param name="Names">All of them, each language once; none shows the queue's name to everybody.</param>
public sealed record TranslateQueue(Guid QueueId, IReadOnlyList<LocalName> Names) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId));
}

/// <summary>Handles <see cref="TranslateQueue"/>.</summary>
public sealed class TranslateQueueHandler(QueueWork queues, CurrentCall call) : IRequestHandler<TranslateQueue, Result<Receipt>>
{
    /// <inheritdoc/>
    public Task<Result<Receipt>> Handle(TranslateQueue request, CancellationToken cancellationToken) =>
        queues.EditAsync(request.QueueId, q => QueueDecider.Translate(q, request.Names, call.Now), cancellationToken);
}
