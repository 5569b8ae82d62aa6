using ContactCenter.Application.Access;
using ContactCenter.Application.Messaging;
using ContactCenter.Application.Pipeline;
using ContactCenter.Domain.Access;
using ContactCenter.Domain.Queues;
using FluentValidation;
using MediatR;

namespace ContactCenter.Application.Queues;

/// <summary>
/// Other teams are responsible for the queue: the scope <c>assigned_teams</c> reaches it, its sessions, recordings and messages
/// for those who are in one of them (MON-9). Since it says who sees what, it takes the permission for all queues. Needs <c>If-Match</c>.
/// </summary>
/// <param name="QueueId">The queue.</param>
/// <param name="TeamIds">All of them; with none only the scope <c>all</c> and its members reach it.</param>
public sealed record AssignQueueTeams(Guid QueueId, IReadOnlyList<Guid> TeamIds) : ICommand
{
    /// <inheritdoc/>
    public Requirement Requirement => Requirement.AllOf(
        Requirement.Permission(Permissions.SettingsWrite, Target.Queue(QueueId)), Requirement.Permission(Permissions.SettingsWrite, Target.Everything));
}

/// <summary>The shape of <see cref="AssignQueueTeams"/>.</summary>
public sealed class AssignQueueTeamsValidator : AbstractValidator<AssignQueueTeams>
{
    /// <summary>Its rules.</summary>
    public AssignQueueTeamsValidator()
    {
        RuleFor(r => r.TeamIds).Ids();
    }
}

/// <summary>Handles <see cref="AssignQueueTeams"/>.</summary>
public sealed class AssignQueueTeamsHandler(QueueWork queues, References references, CurrentCall call) : IRequestHandler<AssignQueueTeams, Result<Receipt>>
{
    /// <inheritdoc/>
    public async Task<Result<Receipt>> Handle(AssignQueueTeams request, CancellationToken cancellationToken) =>
        await references.WhyNotTeamsAsync(request.TeamIds, cancellationToken) is { } refusal
            ? refusal
            : await queues.EditAsync(request.QueueId, q => QueueDecider.AssignTeams(q, request.TeamIds, call.Now), cancellationToken);
}
